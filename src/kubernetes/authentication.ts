import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { abortError, unlessAborted } from '../core/abort.ts'
import { ActionError, reason } from '../core/errors.ts'
import { printable } from '../runner/log.ts'
import { mask } from '../runner/mask.ts'

const MAX_PROBLEM_LENGTH = 500

/** The current context of a kubeconfig, as one run uses it. */
export interface KubeContext {
  /** Its current context is `name`. */
  readonly config: KubeConfig
  readonly name: string
  readonly signal: AbortSignal
}

/**
 * The TLS options, headers and basic authentication of the kubeconfig user. client-node reads files, runs exec plugins and
 * renews tokens: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/,
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @throws ActionError `cluster-login-failed`, or when the run is aborted
 */
export async function readHttpsOptions({ config, name, signal }: KubeContext): Promise<RequestOptions> {
  const options: RequestOptions = {}
  try {
    await unlessAborted(config.applyToHTTPSOptions(options), signal)
    return options
  } catch (error) {
    const command = config.getCurrentUser()?.exec?.command
    const operation = `authenticate to the cluster ${name}`
    if (signal.aborted) {
      throw abortError(command === undefined ? operation : `${operation} with \`${printable(command)}\``, signal)
    }
    // The parser's message quotes the output of the exec plugin, which may contain a token.
    const problem = error instanceof SyntaxError ? 'its exec plugin did not write JSON' : reason(error)
    throw new ActionError(
      'cluster-login-failed',
      `Could not ${operation}: ${printable(problem).slice(0, MAX_PROBLEM_LENGTH)}`,
      {
        cause: error,
        details: { cluster: name, host: hostOf(config) },
        hint:
          command === undefined
            ? 'Check the user of that context in the kubeconfig: its files must exist and be readable.'
            : `The kubeconfig user authenticates with the exec plugin \`${printable(command)}\`: install it and log in in an earlier step.`,
      },
    )
  }
}

/** The headers that authenticate a request. */
export async function readAuthenticationHeaders(context: KubeContext): Promise<Record<string, string>> {
  const { headers, auth } = await readHttpsOptions(context)
  const credentials: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) credentials[name.toLowerCase()] = String(value)
  if (auth) credentials.authorization = `Basic ${mask(Buffer.from(auth).toString('base64'))}`
  const token = /^Bearer (.+)$/.exec(credentials.authorization ?? '')?.[1]
  if (token !== undefined) mask(token)
  return credentials
}

function hostOf(config: KubeConfig): string | undefined {
  return URL.parse(config.getCurrentCluster()?.server ?? '')?.host
}
