import type { KubeConfig } from '@kubernetes/client-node'
import { decodeBase64 } from '../core/base64.ts'
import { reason } from '../core/errors.ts'
import { isJwt } from '../core/jwt.ts'
import { parseProxyUrl } from '../http/proxy.ts'
import type { ContextProblem } from '../kubernetes/context-problems.ts'
import type { ServerUser } from '../kubernetes/kubeconfig.ts'
import type { LabelSelector } from '../pull-secret/namespaces.ts'
import type { TargetSelection } from '../pull-secret/targets.ts'
import { notice } from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { type FoundSource, findDefaultSource, readKubeconfig } from './kubeconfig.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'

/**
 * Which clusters and namespaces the run is about. The kubeconfig is loaded here, so its errors are input errors.
 * @param needsCluster whether the run writes or deploys anything; if not, no kubeconfig is looked for
 */
export async function readTargets(
  read: Reader,
  environment: NodeJS.ProcessEnv,
  needsCluster: boolean,
): Promise<Omit<TargetSelection, 'proxies'> | undefined> {
  const source = readSource(read, environment, needsCluster)
  const contexts = read.list('contexts')
  const patterns = [...new Set(read.list('namespaces'))]
  const selector = await readSelector(read)
  if (selector === undefined && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!')))
    read.addError('namespaces', 'contains only exclusions', 'Add the namespaces to include; * includes all.')
  const concurrency = read.count('concurrency')
  if (source === undefined) return undefined
  const input = source.kind === 'server' ? 'kube-server' : 'kubeconfig'
  try {
    // Loading the Kubernetes client takes a while, and an input error must not wait for it.
    const { loadKubeConfig, problemsOf } = await import('../kubernetes/load-kubeconfig.ts')
    const config = await loadKubeConfig(source)
    const kubeconfig: Kubeconfig = { config, input, foundIn: source.foundIn }
    const chosen = chooseContexts(read, kubeconfig, contexts)
    for (const context of chosen) {
      checkContext(read, kubeconfig, context)
      // The reader has checked the inputs of a server.
      const problems = source.kind === 'server' ? [] : problemsOf(config, context)
      for (const problem of problems) addProblem(read, kubeconfig, problem)
    }
    if (source.foundIn !== undefined) logDefault(config, chosen, source.foundIn)
    return {
      config,
      contexts: chosen,
      concurrency,
      patterns,
      selector,
      environment: read.childEnvironment(),
    }
  } catch (error) {
    read.addInvalid(input, (error as Error).message)
    return undefined
  }
}

async function readSelector(read: Reader): Promise<LabelSelector | undefined> {
  const text = read.text('namespace-selector')
  if (text === undefined) return undefined
  const { parseSelector } = await import('./label-selector.ts')
  try {
    return parseSelector(text)
  } catch (error) {
    read.addInvalid('namespace-selector', `is ${quote(text)}, but ${reason(error)}`)
    return { text, matches: () => false }
  }
}

function readSource(read: Reader, environment: NodeJS.ProcessEnv, needsCluster: boolean): FoundSource | undefined {
  const kubeconfig = read.text('kubeconfig')
  const url = read.endpoint('kube-server')
  const certificate = read.certificates('kube-ca')
  const login = readServerLogin(read, environment)
  if (!needsCluster) return undefined
  if (read.isSet('kube-server'))
    return url === undefined || login === undefined ? undefined : { kind: 'server', url, certificate, user: login }
  return kubeconfig === undefined ? findDefaultSource(read, environment) : readKubeconfig(read, kubeconfig, environment)
}

/** On a self-hosted runner an empty secret would otherwise silently select another cluster. */
function logDefault(config: KubeConfig, contexts: readonly string[], foundIn: string): void {
  const shown = contexts.slice(0, MAX_SHOWN_CONTEXTS).map((context) => {
    const { server = '' } = config.getCluster(config.getContextObject(context)?.cluster ?? '') ?? {}
    return `${context} (${server})`
  })
  if (shown.length === 0) return
  const more = contexts.length > shown.length ? ` and ${contexts.length - shown.length} more` : ''
  const which = `the ${contexts.length === 1 ? 'context' : 'contexts'} ${shown.join(', ')}${more}`
  notice('Kubeconfig of the runner', `\`kubeconfig\` is empty: using ${which}, found in ${foundIn}.`)
}

const MAX_SHOWN_CONTEXTS = 5

function readServerLogin(read: Reader, environment: NodeJS.ProcessEnv): ServerUser | undefined {
  const token = read.secret('kube-token')
  const audience = read.text('kube-oidc-audience')
  if (token !== undefined) return { token: decodedJwt(token) }
  return audience === undefined ? undefined : readOidcLogin(read, environment, audience)
}

/** A Secret of Kubernetes has the base64 of a token, which is often copied as it is. */
function decodedJwt(token: string): string {
  const decoded = decodeBase64(token, (text) => isJwt(text.trim()))?.trim()
  return decoded === undefined ? token : mask(decoded)
}

/**
 * The runner sets these variables in jobs with the permission `id-token: write`:
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
function readOidcLogin(read: Reader, environment: NodeJS.ProcessEnv, audience: string): ServerUser | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = environment
  if (url && requestToken) return { url, requestToken: mask(requestToken), audience }
  read.addError(
    'kube-oidc-audience',
    'is set, but this job is not allowed to request OIDC tokens from GitHub',
    'Add `permissions: id-token: write` to the job. Pull requests from forks do not get this permission.',
  )
  return undefined
}

interface Kubeconfig {
  readonly config: KubeConfig
  /** The input to blame. */
  readonly input: 'kubeconfig' | 'kube-server'
  /** Where it was found, when the input is empty. */
  readonly foundIn: string | undefined
}

function addProblem(read: Reader, { input, foundIn }: Kubeconfig, { problem, hint }: ContextProblem): void {
  read.addError(input, foundIn === undefined ? problem : `is empty, and the one in ${foundIn} ${problem}`, hint)
}

function chooseContexts(read: Reader, kubeconfig: Kubeconfig, requested: readonly string[]): string[] {
  const { config } = kubeconfig
  const all = config.getContexts().map(({ name }) => name)
  const current = config.getCurrentContext()
  const available = `Contexts in the kubeconfig: ${all.join(', ') || 'none'}.`
  if (all.length === 0) {
    addProblem(read, kubeconfig, { problem: 'has no contexts: it is empty, or something else', hint: CREATE_HINT })
    return []
  }
  if (requested.length === 0) {
    if (!current) read.addError('contexts', 'is required when the kubeconfig has no current context', available)
    else if (!all.includes(current))
      addProblem(read, kubeconfig, {
        problem: `has the current context ${quote(current)}, which it does not contain`,
        hint: available,
      })
    return all.filter((name) => name === current)
  }
  const chosen = requested.includes('*') ? all : [...new Set(requested)]
  for (const name of chosen.filter((one) => !all.includes(one)))
    read.addError('contexts', `contains ${quote(name)}, which is not in the kubeconfig`, available)
  return chosen
}

const CREATE_HINT =
  'Create it with `kubectl config view --raw --flatten --minify`, and use all of its output, or its base64.'

/** Checks that a context refers to a cluster and a user of the kubeconfig. */
function checkContext(read: Reader, kubeconfig: Kubeconfig, context: string): void {
  const { config } = kubeconfig
  const found = config.getContextObject(context)
  if (found === null) return
  const { cluster, user } = found
  const missing =
    config.getCluster(cluster) === null
      ? `cluster ${quote(cluster)}`
      : config.getUser(user ?? '') === null
        ? `user ${quote(user ?? '')}`
        : undefined
  if (missing !== undefined) {
    const problem = `has no ${missing}, which its context ${quote(context)} refers to`
    addProblem(read, kubeconfig, { problem, hint: `It may have been cut off. ${CREATE_HINT}` })
  }
  const { proxyUrl } = config.getCluster(cluster) ?? {}
  if (proxyUrl && parseProxyUrl(proxyUrl) === undefined) {
    const problem = `has a \`proxy-url\` for its cluster ${quote(cluster)} that is not the URL of a proxy`
    addProblem(read, kubeconfig, { problem })
  }
}
