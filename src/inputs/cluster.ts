import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import type { ClusterSource, ServerLogin } from '../kubernetes/kubeconfig.ts'
import type { Place } from '../pull-secret/targets.ts'
import { mask } from '../runner/mask.ts'
import { quote, type Reader } from './reader.ts'
import { LABEL } from './secret.ts'

/** @param needed whether the run has anything to do in a cluster */
export async function readCluster(
  read: Reader,
  environment: NodeJS.ProcessEnv,
  needed: boolean,
): Promise<Place | undefined> {
  const source = readSource(read, environment, needed)
  const contexts = read.list('contexts')
  const patterns = readPatterns(read)
  const selector = read.matching(
    'namespace-selector',
    /^[\w./,=!()\s-]+$/,
    'Allowed: a label selector as kubectl takes it, as in team=a,tier!=test.',
  )
  if (selector === undefined && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!'))) {
    read.refuse('namespaces', 'only excludes', 'Name what to take, too: * is all.')
  }
  if (source === undefined) return undefined
  const input = source.kind === 'server' ? 'kube-server' : 'kubeconfig'
  try {
    // It takes a while to load what reads one: not for a run that has none.
    const { loadKubeConfig } = await import('../kubernetes/kubeconfig.ts')
    const config = loadKubeConfig(source)
    return { config, contexts: chooseContexts(read, config, contexts, input), patterns, selector }
  } catch (error) {
    read.refuse(input, (error as Error).message, 'Allowed: a kubeconfig as text, or the path of one.')
    return undefined
  }
}

function readPatterns(read: Reader): string[] {
  const patterns = [...new Set(read.list('namespaces'))]
  for (const pattern of patterns) {
    // A star may stand for anything, so that what is left must be a name once it stands for a letter.
    if (!LABEL.test(pattern.replace(/^!/, '').replaceAll('*', 'x'))) {
      read.refuse(
        'namespaces',
        `holds ${quote(pattern)}`,
        'Allowed: names as in team-a, globs as in team-*, exclusions as in !team-x.',
      )
    }
  }
  return patterns
}

function readSource(read: Reader, environment: NodeJS.ProcessEnv, needed: boolean): ClusterSource | undefined {
  const kubeconfig = read.text('kubeconfig')
  const url = read.endpoint('kube-server')
  const certificate = read.certificates('kube-ca')
  const login = readServerLogin(read, environment)
  const isServer = read.text('kube-server') !== undefined
  if (isServer && kubeconfig !== undefined)
    read.refuse('kube-server', 'is given beside `kubeconfig`', 'Give one of the two.')
  for (const name of SERVER_INPUTS) {
    if (read.text(name) !== undefined && !isServer)
      read.refuse(name, 'is given without `kube-server`', 'Give the address of the API server, too.')
  }
  if (!needed) return undefined
  if (isServer)
    return url === undefined || login === undefined ? undefined : { kind: 'server', url, certificate, login }
  if (kubeconfig !== undefined) return given(read, kubeconfig)
  return usual(read, environment)
}

const SERVER_INPUTS = ['kube-ca', 'kube-token', 'kube-oidc-audience']

function readServerLogin(read: Reader, environment: NodeJS.ProcessEnv): ServerLogin | undefined {
  const token = read.secret('kube-token')
  const audience = read.text('kube-oidc-audience')
  if (token !== undefined && audience !== undefined)
    read.refuse('kube-oidc-audience', 'is given beside `kube-token`', 'Give one of the two.')
  if (token !== undefined) return { token }
  if (audience !== undefined) return readTokenService(read, environment, audience)
  if (read.text('kube-server') !== undefined)
    read.refuse(
      'kube-token',
      'is missing beside `kube-server`',
      'Give the token of a ServiceAccount, or `kube-oidc-audience`.',
    )
  return undefined
}

/** The runner names it to jobs that may have tokens. */
function readTokenService(read: Reader, environment: NodeJS.ProcessEnv, audience: string): ServerLogin | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = environment
  if (url && requestToken) return { url, requestToken: mask(requestToken), audience }
  read.refuse(
    'kube-oidc-audience',
    'is given, but this job may not ask GitHub for OIDC tokens',
    'Give the job `permissions: id-token: write`. Pull requests from forks never get it.',
  )
  return undefined
}

function given(read: Reader, kubeconfig: string): ClusterSource | undefined {
  // A text has several lines, or is JSON; a path has one.
  if (/\n|^\{/.test(kubeconfig)) return { kind: 'text', text: kubeconfig }
  if (existsSync(kubeconfig) && statSync(kubeconfig).isFile()) return { kind: 'files', paths: [kubeconfig] }
  read.refuse(
    'kubeconfig',
    `is ${quote(kubeconfig)}, and there is no such file`,
    'Allowed: a kubeconfig as text, or the path of one.',
  )
  return undefined
}

/** As kubectl looks for it. */
function usual(read: Reader, environment: NodeJS.ProcessEnv): ClusterSource | undefined {
  const listed = environment.KUBECONFIG
  if (listed) {
    const paths = listed.split(delimiter).filter((path) => existsSync(path))
    if (paths.length > 0) return { kind: 'files', paths }
    // Whoever names a file does not mean another cluster.
    read.refuse('kubeconfig', `is missing, and KUBECONFIG names ${quote(listed)}, which is not there`)
    return undefined
  }
  const home = join(environment.HOME ?? environment.USERPROFILE ?? '', '.kube', 'config')
  if (existsSync(home)) return { kind: 'files', paths: [home] }
  if (environment.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN)) return { kind: 'in-cluster' }
  read.refuse(
    'kubeconfig',
    'is missing',
    'Give a kubeconfig as text or path, set KUBECONFIG, or run inside the cluster.',
  )
  return undefined
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

function chooseContexts(read: Reader, config: KubeConfig, asked: readonly string[], input: string): string[] {
  const all = config.getContexts().map(({ name }) => name)
  const current = config.getCurrentContext()
  const chosen = asked.includes('*') ? all : asked.length > 0 ? [...new Set(asked)] : current ? [current] : []
  if (chosen.length === 0)
    read.refuse(
      'contexts',
      'is missing',
      `The kubeconfig has no current context. Choose from: ${all.join(', ') || 'none'}.`,
    )
  for (const name of chosen) {
    const context = config.getContextObject(name)
    if (context === null)
      read.refuse('contexts', `names ${quote(name)}`, `The kubeconfig has: ${all.join(', ') || 'none'}.`)
    else if (config.getCluster(context.cluster) === null)
      read.refuse(input, `has no cluster ${quote(context.cluster)}, which its context ${quote(name)} names`)
    else if (config.getUser(context.user) === null)
      read.refuse(input, `has no user ${quote(context.user)}, which its context ${quote(name)} names`)
  }
  return chosen
}
