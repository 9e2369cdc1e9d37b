import { isAbsolute, win32 } from 'node:path'
import type { KubeConfig, User } from '@kubernetes/client-node'
import { decodeBase64 } from '../core/base64.ts'
import { asObject, asText } from '../core/json.ts'
import { isJwt } from '../core/jwt.ts'
import { printable } from '../runner/log.ts'
import { tokenProblem, trimToken } from './bearer-token.ts'
import { authorityProblem } from './certificate-problem.ts'
import { EXEC_VERSIONS } from './exec-credential.ts'
import { isPath } from './find-program.ts'
import { GITHUB_OIDC } from './oidc.ts'
import { FLATTEN_HINT, hasOmissions, missingFiles, uselessUser } from './useless-user.ts'

/** Why a context cannot work, found without a request. */
export interface ContextProblem {
  /** As it reads after the name of an input. */
  readonly problem: string
  readonly hint?: string
}

/** What is wrong with the cluster and the user of a context. */
export function problemsOf(config: KubeConfig, context: string): ContextProblem[] {
  const found = config.getContextObject(context)
  const user = config.getUser(found?.user ?? '')
  const cluster = config.getCluster(found?.cluster ?? '')
  if (user === null || cluster === null) return []
  if (hasOmissions(cluster, user)) {
    const problem = `was printed without \`--raw\`: the secrets of its context ${quoted(context)} are left out`
    return [{ problem, hint: FLATTEN_HINT }]
  }
  const missing = missingFiles(cluster, user).map(({ field, path }) => missingFile(context, field, path))
  if (missing.length > 0) return missing
  const now = new Date()
  const useless = authorityProblem(cluster, now) ?? uselessUser(user, cluster.server, now)
  if (useless !== undefined) {
    const hint = useless.needsRenewal ? RENEW_HINT : FLATTEN_HINT
    return [{ problem: `has ${useless.problem}, for its context ${quoted(context)}`, hint }]
  }
  return [...tokenProblems(user, context), ...providerProblems(user, context), ...execProblems(user, context)]
}

const RENEW_HINT =
  'Store a kubeconfig with the token of a service account, or use `kube-oidc-audience`: neither depends on a person who signs in.'

function missingFile(context: string, field: string, path: string): ContextProblem {
  const why =
    isAbsolute(path) || win32.isAbsolute(path) || path.startsWith('~')
      ? 'does not exist on this runner'
      : 'is relative to the folder of the kubeconfig, which a text does not have'
  const file = `the file ${quoted(path)} (${field})`
  return { problem: `names ${file} for its context ${quoted(context)}, which ${why}`, hint: FLATTEN_HINT }
}

function tokenProblems({ token }: User, context: string): ContextProblem[] {
  if (!token) return []
  const trimmed = trimToken(String(token))
  const problem = trimmed === undefined ? 'is empty' : (misplacedToken(trimmed) ?? tokenProblem(trimmed))
  if (problem === undefined) return []
  return [{ problem: `has a token for its context ${quoted(context)} that ${problem}` }]
}

/** What kubectl would send as it is, and no API server accepts. */
function misplacedToken(token: string): string | undefined {
  if (/^bearer\s/i.test(token)) return 'starts with the word Bearer, which is not part of a token'
  if (/^["'].*["']$/.test(token)) return 'is in quotes'
  if (/^(<.*>|\*+|\$\{?[A-Z_].*)$/.test(token)) return 'is a placeholder'
  const isEncoded = decodeBase64(token, (text) => isJwt(text.trim())) !== undefined
  return isEncoded ? 'is the base64 of one, as a Secret has it: decode it' : undefined
}

const PROVIDERS = ['oidc', 'tokenFile', GITHUB_OIDC]

/** kubectl 1.26 removed the providers `azure` and `gcp`, which run commands or sign in on their own: https://kubernetes.io/blog/2022/05/03/kubernetes-1-24-release-announcement/ */
function providerProblems({ authProvider }: User, context: string): ContextProblem[] {
  const { name } = asObject(authProvider)
  if (!authProvider || PROVIDERS.includes(asText(name) ?? '')) return []
  return [
    {
      problem: `has the auth-provider ${quoted(String(name))} for its context ${quoted(context)}, which kubectl no longer supports`,
      hint: 'Create the kubeconfig again with a current version of the tool that wrote it: it uses an exec plugin (kubelogin, gke-gcloud-auth-plugin) instead.',
    },
  ]
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration */
function execProblems({ exec }: User, context: string): ContextProblem[] {
  if (!exec) return []
  const { command, apiVersion, interactiveMode, folder } = asObject(exec)
  const name = asText(command)
  if (name === undefined)
    return [{ problem: `has an exec plugin without \`command\`, for its context ${quoted(context)}` }]
  const plugin = `the exec plugin ${quoted(name)} of its context ${quoted(context)}`
  if (interactiveMode === 'Always')
    return [
      {
        problem: `contains ${plugin}, which needs a terminal (interactiveMode: Always)`,
        hint: 'A workflow needs a login without a person: use the non-interactive mode of the plugin, or a service account.',
      },
    ]
  if (!EXEC_VERSIONS.includes(asText(apiVersion) ?? ''))
    return [
      {
        problem: `contains ${plugin}, whose apiVersion ${quoted(asText(apiVersion) ?? '')} kubectl does not support`,
        hint: `Supported: ${EXEC_VERSIONS.join(', ')}. Create the kubeconfig again with a current version of the tool that wrote it.`,
      },
    ]
  if (isPath(name) && !isAbsolute(name) && asText(folder) === undefined)
    return [
      {
        problem: `contains ${plugin}: its path is relative to the folder of the kubeconfig, which a text does not have`,
        hint: 'Use the name of a program on the PATH or an absolute path as `command`, or set `kubeconfig` to the path of a file.',
      },
    ]
  return []
}

function quoted(text: string): string {
  return `"${printable(text).slice(0, 200)}"`
}
