import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import { type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici'
import { stopped, unlessEnded } from '../core/abort.ts'
import { Failure, reason } from '../core/errors.ts'
import { createSend, type HttpAnswer, type HttpRequest, LARGEST_ANSWER, type Send } from '../http/client.ts'
import { createStream, type Stream } from '../http/stream.ts'
import { printable, warning } from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { GITHUB_OIDC, OidcTokens, sendWithOidc } from './oidc.ts'
import { Throttle } from './throttle.ts'

/** A request to an API server: a path instead of a URL, and an object instead of a text. */
export interface ClusterRequest extends Pick<HttpRequest, 'doing' | 'method' | 'expect' | 'cures'> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of the body; default `application/json`. */
  readonly contentType?: string
  /** The form of the answer; default `application/json`. */
  readonly accept?: string
}

export interface ApiRequest {
  readonly doing: string
  readonly method?: 'GET' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly body?: unknown
  readonly expect?: readonly number[]
  readonly cures?: Readonly<Record<number, string>>
}

/** What reading, applying and following objects needs of a cluster. */
export interface ApiServer {
  readonly name: string
  readonly request: (request: ApiRequest) => Promise<HttpAnswer>
  /** An answer that comes object by object, until the server or the signal ends it. */
  readonly stream: (
    request: Pick<ApiRequest, 'doing' | 'path' | 'query'>,
    signal: AbortSignal,
  ) => AsyncGenerator<Readonly<Record<string, unknown>>>
}

/** One cluster, behind one pool of connections. */
export interface Cluster {
  /** The name of its context. */
  readonly name: string
  /**
   * The address of its API server and the beginning of its certificate authority's digest: the same in every kubeconfig
   * of a team, whatever the context is called there, and another one for each cluster that calls itself 10.96.0.1.
   */
  readonly identity: string
  /** The namespace of its context. */
  readonly namespace: string
  readonly request: (request: ClusterRequest) => Promise<HttpAnswer>
  /** The objects of a watch, as they come. It counts for no request in flight. */
  readonly stream: (
    request: Pick<ClusterRequest, 'doing' | 'path' | 'query'>,
    signal: AbortSignal,
  ) => AsyncGenerator<Readonly<Record<string, unknown>>>
}

/**
 * Connects to the cluster of a context. Authentication is client-node's (exec plugins, certificates, tokens that are
 * renewed, `proxy-url`) except for GitHub's; the connections are ours, since client-node opens a new one for each request.
 */
export function connect(config: KubeConfig, context: string, concurrency: number, signal: AbortSignal): Cluster {
  const own = new KubeConfig()
  // client-node takes http only together with skipTLSVerify; which http addresses are safe is checked with each request.
  const clusters = config.clusters.map((one) =>
    one.server.startsWith('http:') ? { ...one, skipTLSVerify: true } : one,
  )
  own.loadFromOptions({ ...config, clusters, currentContext: context })
  const { server = '', skipTLSVerify = false } = own.getCurrentCluster() ?? {}
  if (skipTLSVerify && server.startsWith('https:')) {
    warning(
      `The certificate of the cluster ${context} is not checked (insecure-skip-tls-verify): anybody in between can read its secrets.`,
    )
  }
  const throttle = new Throttle(context, concurrency, signal)
  const provider = own.getCurrentUser()?.authProvider
  const tokens = provider?.name === GITHUB_OIDC ? new OidcTokens(provider.config, context, signal) : undefined
  let sending: Promise<Send> | undefined
  let watching: Promise<Stream> | undefined

  function locate(path: string, query: ClusterRequest['query'] = {}): URL {
    const url = new URL(server + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }

  async function request({ path, query, body, contentType, accept, ...rest }: ClusterRequest): Promise<HttpAnswer> {
    sending ??= openPool(own, context, concurrency, signal).then((pool) => {
      const send = createSend(pool, signal, () => throttle.ready())
      return tokens === undefined ? send : sendWithOidc(send, tokens)
    })
    const send = await sending
    return await throttle.turn(async () => {
      if (signal.aborted) throw stopped(rest.doing, signal)
      return await send({
        ...rest,
        // An API server has no reason to send us elsewhere; whoever answers in its place is not to be believed.
        redirects: 0,
        cures: { 401: cureOf(context), ...rest.cures },
        // Not a failure of this request, but a matter of all.
        expect: [...(rest.expect ?? []), 429],
        url: locate(path, query),
        credentials: await authorize(own, context, signal),
        headers: {
          ...(accept !== undefined && { accept }),
          ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    })
  }

  async function* stream({ doing, path, query }: Pick<ClusterRequest, 'doing' | 'path' | 'query'>, until: AbortSignal) {
    // Each watch keeps a connection for itself, and none from the requests.
    watching ??= openPool(own, context, MOST_WATCHES, signal).then((pool) => createStream(pool, signal))
    const watch = await watching
    const credentials = await (tokens?.credentials() ?? authorize(own, context, signal))
    yield* watch({ doing, url: locate(path, query), credentials, cures: { 401: cureOf(context) } }, until)
  }

  return {
    name: context,
    identity: identityOf(own),
    namespace: own.getContextObject(context)?.namespace ?? 'default',
    request,
    stream,
  }
}

function cureOf(context: string): string {
  return `Check the login of the cluster ${context} in the kubeconfig: its token or certificate may have ended.`
}

function identityOf(config: KubeConfig): string {
  const { server = '', caData, caFile } = config.getCurrentCluster() ?? {}
  const authority = caData
    ? Buffer.from(caData, 'base64')
    : caFile && existsSync(caFile)
      ? readFileSync(caFile)
      : undefined
  const digest = authority && createHash('sha256').update(authority).digest('hex').slice(0, 8)
  const { host, pathname } = new URL(server)
  return [host + pathname.replace(/\/+$/, ''), digest].filter(Boolean).join('~')
}

/**
 * Milliseconds that a connection may be idle: a run pauses between reading and writing, to mint and to prove. Load
 * balancers give a minute and more.
 */
const KEEP_ALIVE = 50_000

/** At a time; more of them take turns. */
const MOST_WATCHES = 500

async function openPool(
  config: KubeConfig,
  context: string,
  connections: number,
  signal: AbortSignal,
): Promise<Dispatcher> {
  const { ca, cert, key, servername, rejectUnauthorized } = await tlsOptions(config, context, signal)
  const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
    ([, value]) => value !== undefined,
  )
  const tls = Object.fromEntries(given)
  const options = {
    connections,
    keepAliveTimeout: KEEP_ALIVE,
    maxResponseSize: LARGEST_ANSWER,
    connect: tls,
    requestTls: tls,
  }
  const { proxyUrl } = config.getCurrentCluster() ?? {}
  if (!proxyUrl) return new EnvHttpProxyAgent(options)
  return proxyUrl.startsWith('socks') ? await throughSocks(config) : new ProxyAgent({ ...options, uri: proxyUrl })
}

/** client-node's own: it speaks versions of SOCKS that undici does not. */
async function throughSocks(config: KubeConfig): Promise<Dispatcher> {
  return await new Promise((resolve, reject) => {
    const context = { setHeaderParam: () => {}, setDispatcher: (dispatcher: Dispatcher) => resolve(dispatcher) }
    config.applySecurityAuthentication(context as never).catch(reject)
  })
}

async function authorize(config: KubeConfig, context: string, signal: AbortSignal): Promise<Record<string, string>> {
  const { headers, auth } = await tlsOptions(config, context, signal)
  const credentials: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) credentials[name.toLowerCase()] = String(value)
  if (auth) credentials.authorization = `Basic ${mask(Buffer.from(auth).toString('base64'))}`
  const token = /^Bearer (.+)$/.exec(credentials.authorization ?? '')?.[1]
  if (token !== undefined) mask(token)
  return credentials
}

async function tlsOptions(config: KubeConfig, context: string, signal: AbortSignal): Promise<RequestOptions> {
  const options: RequestOptions = {}
  try {
    await unlessEnded(config.applyToHTTPSOptions(options), signal)
    return options
  } catch (error) {
    const command = config.getCurrentUser()?.exec?.command
    if (signal.aborted) {
      const means = command === undefined ? '' : ` by \`${printable(command)}\``
      throw stopped(`authenticate to the cluster ${context}${means}`, signal)
    }
    // The parser's own message quotes what the login command wrote, which may hold a token.
    const problem = error instanceof SyntaxError ? 'its login command did not write JSON' : reason(error)
    throw new Failure(`Could not authenticate to the cluster ${context}: ${printable(problem).slice(0, 500)}`, {
      cause: error,
      cure: command
        ? `The kubeconfig runs \`${printable(command)}\` for its login: install it, and log in, in an earlier step.`
        : 'Check the user of that context in the kubeconfig: its files must be there and readable.',
    })
  }
}
