import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { isJwt } from '../core/jwt.ts'
import { parseProxyUrl } from '../http/proxy.ts'
import type { ClusterSource, ServerUser } from '../kubernetes/kubeconfig.ts'
import type { TargetSelection } from '../pull-secret/targets.ts'
import { info } from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { decodeBase64 } from './base64.ts'
import { problemOfSelector } from './label-selector.ts'
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
  const selector = readSelector(read)
  if (selector === undefined && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!')))
    read.addError('namespaces', 'contains only exclusions', 'Add the namespaces to include; * includes all.')
  const concurrency = read.count('concurrency')
  if (source === undefined) return undefined
  const input = source.kind === 'server' ? 'kube-server' : 'kubeconfig'
  try {
    // Loading the Kubernetes client takes a while, and an input error must not wait for it.
    const { loadKubeConfig, problemsOf } = await import('../kubernetes/load-kubeconfig.ts')
    const config = await loadKubeConfig(source)
    const chosen = chooseContexts(read, config, contexts)
    for (const context of chosen) {
      checkContext(read, { config, input, context })
      // The reader has checked the inputs of a server.
      const problems = source.kind === 'server' ? [] : problemsOf(config, context)
      for (const { problem, hint } of problems) read.addError(input, problem, hint)
      if (source.foundIn !== undefined) logDefault(config, context, source.foundIn)
    }
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

function readSelector(read: Reader): string | undefined {
  const selector = read.text('namespace-selector')
  const problem = selector && problemOfSelector(selector)
  if (problem) read.addInvalid('namespace-selector', `is ${quote(selector)}, but ${problem}`)
  return selector
}

/** `foundIn`: where, when it is not in an input. */
type FoundSource = ClusterSource & { readonly foundIn?: string }

function readSource(read: Reader, environment: NodeJS.ProcessEnv, needsCluster: boolean): FoundSource | undefined {
  const kubeconfig = read.text('kubeconfig')
  const url = read.endpoint('kube-server')
  const certificate = read.certificates('kube-ca')
  const login = readServerLogin(read, environment)
  if (!needsCluster) return undefined
  if (read.isSet('kube-server'))
    return url === undefined || login === undefined ? undefined : { kind: 'server', url, certificate, user: login }
  return kubeconfig === undefined ? findDefaultSource(read, environment) : readKubeconfig(read, kubeconfig)
}

/** On a runner of one's own an empty secret would otherwise silently select another cluster. */
function logDefault(config: KubeConfig, context: string, foundIn: string): void {
  const server = config.getCluster(config.getContextObject(context)?.cluster ?? '')?.server ?? ''
  info(`\`kubeconfig\` is empty: using the context ${context} (${server}), found in ${foundIn}.`)
}

function readServerLogin(read: Reader, environment: NodeJS.ProcessEnv): ServerUser | undefined {
  const token = read.secret('kube-token')
  const audience = read.text('kube-oidc-audience')
  if (token !== undefined) return { token: decodedJwt(token) }
  return audience === undefined ? undefined : readOidcLogin(read, environment, audience)
}

/** A Secret of Kubernetes has the base64 of a token, which is often copied as it is. */
function decodedJwt(token: string): string {
  const decoded = decodeBase64(token)?.trim()
  return isJwt(decoded) ? mask(decoded) : token
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

function readKubeconfig(read: Reader, kubeconfig: string): ClusterSource | undefined {
  const decoded = decodeBase64(kubeconfig)
  if (decoded !== undefined && /\b(clusters|contexts|users)\b/.test(decoded)) {
    mask(kubeconfig)
    mask(kubeconfig.replaceAll(/\s/g, ''))
    return { kind: 'text', text: decoded }
  }
  // The text of a kubeconfig has several lines or is JSON. A path is one line.
  if (/\n|^\{/.test(kubeconfig)) return { kind: 'text', text: kubeconfig }
  if (existsSync(kubeconfig) && !statSync(kubeconfig).isDirectory()) return { kind: 'files', paths: [kubeconfig] }
  read.addInvalid('kubeconfig', `is ${quote(kubeconfig)}, but no such file exists`)
  return undefined
}

/**
 * In the order of kubectl, and then of client-go:
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
function findDefaultSource(read: Reader, environment: NodeJS.ProcessEnv): FoundSource | undefined {
  const { KUBECONFIG } = environment
  if (KUBECONFIG) {
    const paths = KUBECONFIG.split(delimiter).filter((path) => existsSync(path))
    if (paths.length > 0) return { kind: 'files', paths, foundIn: `KUBECONFIG (${paths.join(', ')})` }
    // Another cluster than the named one would be a surprise, so the action does not go on to the next place.
    read.addError('kubeconfig', `is not set, and KUBECONFIG names ${quote(KUBECONFIG)}, which does not exist`)
    return undefined
  }
  const path = join(environment.HOME ?? environment.USERPROFILE ?? '', '.kube', 'config')
  if (existsSync(path)) return { kind: 'files', paths: [path], foundIn: path }
  if (environment.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN))
    return { kind: 'in-cluster', foundIn: 'the Pod of this runner' }
  read.addError(
    'kubeconfig',
    'is not set, and no other kubeconfig was found',
    'Set it to the text or the path of a kubeconfig, set the variable KUBECONFIG, or run inside the cluster.',
  )
  return undefined
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

function chooseContexts(read: Reader, config: KubeConfig, requested: readonly string[]): string[] {
  const all = config.getContexts().map(({ name }) => name)
  const current = config.getCurrentContext()
  const chosen = requested.includes('*') ? all : requested.length > 0 ? [...new Set(requested)] : [current]
  const available = `Contexts in the kubeconfig: ${all.join(', ') || 'none'}.`
  if (chosen.every((name) => !name)) {
    read.addError('contexts', 'is required when the kubeconfig has no current context', available)
    return []
  }
  for (const name of chosen.filter((one) => !all.includes(one)))
    read.addError('contexts', `contains ${quote(name)}, which is not in the kubeconfig`, available)
  return chosen
}

interface ContextLookup {
  readonly config: KubeConfig
  /** The name of a context. */
  readonly context: string
  /** The input to blame. */
  readonly input: 'kubeconfig' | 'kube-server'
}

/** Checks that a context refers to a cluster and a user of the kubeconfig. */
function checkContext(read: Reader, { config, context, input }: ContextLookup): void {
  const found = config.getContextObject(context)
  if (found === null) return
  const { cluster, user } = found
  const missing =
    config.getCluster(cluster) === null
      ? `cluster ${quote(cluster)}`
      : config.getUser(user ?? '') === null
        ? `user ${quote(user ?? '')}`
        : undefined
  if (missing !== undefined) read.addError(input, `has no ${missing}, which its context ${quote(context)} refers to`)
  const { proxyUrl } = config.getCluster(cluster) ?? {}
  if (proxyUrl && parseProxyUrl(proxyUrl) === undefined)
    read.addError(input, `has a \`proxy-url\` for its cluster ${quote(cluster)} that is not the URL of a proxy`)
}
