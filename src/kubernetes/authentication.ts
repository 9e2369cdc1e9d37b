import type { KubeConfig, User } from '@kubernetes/client-node'
import { reason } from '../core/errors.ts'
import { asText } from '../core/json.ts'
import { once } from '../core/once.ts'
import { createSend, type SendOptions } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import type { Proxies } from '../http/proxy.ts'
import { printable } from '../runner/log.ts'
import { maskBasic } from '../runner/mask.ts'
import { tokenProblem, trimToken } from './bearer-token.ts'
import { clusterInfoOf } from './cluster-info.ts'
import {
  type Credential,
  type CredentialSource,
  type IssuedCredential,
  RenewedCredential,
} from './credential-source.ts'
import { contentOf, readNamedFile } from './file-or-data.ts'
import { impersonationHeaders } from './impersonation.ts'
import { loginError } from './login-error.ts'
import { GITHUB_OIDC, githubOidc } from './oidc.ts'
import type { OidcSession } from './oidc-refresh.ts'

/** The current context of a kubeconfig, as one run uses it. */
export interface KubeContext {
  /** Its current context is `name`. */
  readonly config: KubeConfig
  readonly name: string
  /** Of exec plugins. */
  readonly environment: NodeJS.ProcessEnv
  /** Of the environment. */
  readonly proxies: Proxies
  readonly signal: AbortSignal
}

/** Of an id-token. */
const MIN_TOKEN_LIFE_MS = 60_000

/** A plugin that asks a person, or a refresh token that works once, is not tried for each request. */
const FAILURE_LIFE_MS = 60_000

function pluginHint(command: string): string {
  return `The API server rejected the credential of the exec plugin \`${printable(command)}\`, and a new one: check which account the plugin is logged in to, and that this account may use the cluster.`
}

/** The token in a file may be renewed; client-go reads it again as often. */
const TOKEN_FILE_LIFE_MS = 60_000

/**
 * What authenticates the kubeconfig user. The action runs exec plugins itself, because client-node runs them in the workspace, with
 * the inputs in their environment (docs/decisions/0013-own-exec-plugin-runner.md).
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
 */
export function credentialSourceOf(context: KubeContext, sendOptions: SendOptions = {}): CredentialSource {
  const { config, name, proxies, signal } = context
  const user = config.getCurrentUser() ?? { name: '' }
  const { authProvider, exec } = user
  const tokenFile = asText(authProvider?.config?.tokenFile)
  if (authProvider?.name === GITHUB_OIDC) {
    const send = createSend(createDispatcher(undefined, proxies), signal, sendOptions)
    return githubOidc({ service: authProvider.config, cluster: name, send })
  }
  if (user.username) return fixed(context, () => withBasic(user))
  if (tokenFile !== undefined) return new RenewedCredential(async () => readTokenFile(context, user, tokenFile))
  if (user.token) return fixed(context, () => withToken(user, String(user.token)))
  if (authProvider?.name === 'oidc') return oidcSource(context, user, sendOptions)
  if (exec) {
    const rejectionHint = () => pluginHint(asText(exec.command) ?? '')
    return new RenewedCredential(() => runPlugin(context, user), { rejectionHint, failureLifeMs: FAILURE_LIFE_MS })
  }
  return fixed(context, () => withHeaders(user, {}))
}

/** A file of the user is read with the first request. */
function fixed(context: KubeContext, read: () => Credential): CredentialSource {
  const credential = once(() => explained(context, read))
  return { current: async () => credential(), discard: () => false }
}

function withBasic(user: User): Credential {
  return withHeaders(user, { authorization: `Basic ${maskBasic(user.username ?? '', user.password ?? '')}` })
}

function withToken(user: User, text: string): Credential {
  const token = trimToken(text)
  if (token === undefined) throw new Error('its token is empty')
  const problem = tokenProblem(token)
  if (problem !== undefined) throw new Error(`its token ${problem}`)
  return withHeaders(user, { authorization: `Bearer ${token}` })
}

function readTokenFile(context: KubeContext, user: User, path: string): IssuedCredential {
  const credential = explained(context, () => withToken(user, readNamedFile(path).toString()))
  return { credential, renewAtMs: Date.now() + TOKEN_FILE_LIFE_MS }
}

async function runPlugin(context: KubeContext, user: User): Promise<IssuedCredential> {
  const { config, name, signal, environment } = context
  const { exec } = user
  const clusterInfo = explained(context, () => clusterInfoOf(config.getCurrentCluster()))
  const { runExecPlugin } = await import('./exec-plugin.ts')
  const issued = await runExecPlugin({
    cluster: name,
    exec,
    folder: asText(exec.folder),
    clusterInfo,
    environment,
    signal,
  })
  const { headers, certificate } = issued.credential
  const own = explained(context, () => withHeaders(user, headers))
  return { ...issued, credential: { ...own, ...(certificate !== undefined && { certificate }) } }
}

/** One for all contexts of a user: a refresh token may work only once. */
const OIDC_SOURCES = new WeakMap<User, CredentialSource>()

function oidcSource(context: KubeContext, user: User, sendOptions: SendOptions): CredentialSource {
  const { name, proxies, signal } = context
  const { config = {} } = user.authProvider
  const open = async () => {
    const { OidcSession } = await import('./oidc-refresh.ts')
    const authority = explained(context, () =>
      contentOf(asText(config['idp-certificate-authority-data']), asText(config['idp-certificate-authority'])),
    )
    return new OidcSession(
      config,
      name,
      createSend(createDispatcher(authority?.toString(), proxies), signal, sendOptions),
    )
  }
  let session: OidcSession | undefined
  const source =
    OIDC_SOURCES.get(user) ??
    new RenewedCredential(
      async () => {
        session ??= await open()
        const { value, expiresAtMs } = await session.next()
        // A new token that seems to have expired shows that the clock of this runner is wrong.
        return { credential: withToken(user, value), renewAtMs: Math.max(expiresAtMs, Date.now() + MIN_TOKEN_LIFE_MS) }
      },
      { failureLifeMs: FAILURE_LIFE_MS },
    )
  OIDC_SOURCES.set(user, source)
  return source
}

/** With the client certificate of the user, and as the user that it impersonates. */
function withHeaders(user: User, headers: Credential['headers']): Credential {
  const cert = contentOf(user.certData, user.certFile)
  const key = contentOf(user.keyData, user.keyFile)
  return {
    headers: { ...headers, ...impersonationHeaders(user) },
    ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
  }
}

function explained<T>({ name }: KubeContext, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw loginError(name, reason(error), { cause: error })
  }
}
