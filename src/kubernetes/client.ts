import { KubeConfig } from '@kubernetes/client-node'
import { abortError } from '../core/abort.ts'
import { createSend, type HttpRequest, type HttpResponse, type Send } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import type { Exchange } from '../http/errors.ts'
import { NO_PROXIES, type Proxies } from '../http/proxy.ts'
import { createStream, type Stream } from '../http/stream.ts'
import { warning } from '../runner/log.ts'
import { type KubeContext, readAuthenticationHeaders } from './authentication.ts'
import { type ClusterIdentity, identityInKubeconfig } from './cluster-identity.ts'
import { openConnectionPool } from './connection-pool.ts'
import { GITHUB_OIDC, OidcTokens, sendWithOidc } from './oidc.ts'
import { Throttle } from './throttle.ts'

/** A request to an API server: with a path instead of a URL, and an object instead of a text. */
export interface ClusterRequest
  extends Pick<HttpRequest, 'operation' | 'method' | 'expectedStatuses' | 'hints' | 'isPermanent'> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of the body; default `application/json`. */
  readonly contentType?: string
  /** Of the response; default `application/json`. */
  readonly accept?: string
}

export type WatchRequest = Pick<ClusterRequest, 'operation' | 'path' | 'query'>

/** A cluster, with its own connections and queue. */
export interface Cluster extends ClusterIdentity {
  /** The name of its context. */
  readonly name: string
  readonly inKubeconfig: ClusterIdentity
  /** The namespace of its context. */
  readonly namespace: string
  /** @throws HttpError | NetworkError | UnexpectedResponse | ActionError */
  readonly request: (request: ClusterRequest) => Promise<HttpResponse>
  /**
   * The events of a watch as they arrive, until the server ends it or `signal` aborts. A watch is not queued.
   * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
   */
  readonly stream: (request: WatchRequest, signal: AbortSignal) => AsyncGenerator<Readonly<Record<string, unknown>>>
}

/** The part of a cluster that reads, applies and watches objects. */
export type ApiServer = Pick<Cluster, 'name' | 'request' | 'stream'>

export interface ClusterAccess {
  readonly config: KubeConfig
  /** How many requests may be in flight to each cluster. */
  readonly concurrency: number
  /** Of the environment; default none. */
  readonly proxies?: Proxies
  /** See SendOptions. */
  readonly firstRetryDelayMs?: number
}

/** Each watch has its own connection; the others wait. */
const MAX_WATCHES = 500

/**
 * Connects to the cluster of a context when the first request is sent. client-node authenticates (exec plugins, certificates,
 * renewed tokens), except with GitHub's OIDC tokens. It does not send requests, because it opens a connection for each one.
 */
export function connect(access: ClusterAccess, context: string, signal: AbortSignal): Cluster {
  const { concurrency, proxies = NO_PROXIES, firstRetryDelayMs } = access
  const sendOptions = firstRetryDelayMs === undefined ? {} : { firstRetryDelayMs }
  const config = selectContext(access.config, context)
  const { server = '', skipTLSVerify = false } = config.getCurrentCluster() ?? {}
  if (skipTLSVerify && server.startsWith('https:')) {
    warning(
      'certificate-not-verified',
      `The certificate of the cluster ${context} is not verified (insecure-skip-tls-verify): an attacker on the network can read its Secrets.`,
    )
  }
  const kubeContext: KubeContext = { config, name: context, signal }
  const throttle = new Throttle({ cluster: context, concurrency, signal })
  const provider = config.getCurrentUser()?.authProvider
  const tokens =
    provider?.name === GITHUB_OIDC
      ? new OidcTokens({
          service: provider.config,
          cluster: context,
          send: createSend(createDispatcher(undefined, proxies), signal, sendOptions),
        })
      : undefined
  let sender: Promise<Send> | undefined
  let watcher: Promise<Stream> | undefined

  async function openSender(): Promise<Send> {
    const pool = await openConnectionPool(kubeContext, { maxConnections: concurrency, proxies })
    const send = createSend(pool, signal, { ...sendOptions, beforeAttempt: () => throttle.waitForPause() })
    return tokens === undefined ? send : sendWithOidc(send, tokens)
  }

  function urlOf(path: string, query: ClusterRequest['query'] = {}): URL {
    const url = new URL(server + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return url
  }

  async function request({ path, query, body, contentType, accept, ...rest }: ClusterRequest): Promise<HttpResponse> {
    sender ??= openSender()
    const send = await sender
    return await throttle.run(async () => {
      if (signal.aborted) throw abortError(rest.operation, signal)
      return await send({
        ...rest,
        service: 'cluster',
        about: { cluster: context, ...objectOf(path) },
        // An API server does not redirect. Another server in its place must not choose who sees the credentials.
        maxRedirects: 0,
        hints: { 401: unauthorizedHint(context), ...rest.hints },
        // The throttle handles 429 for all requests together.
        expectedStatuses: [...(rest.expectedStatuses ?? []), 429],
        url: urlOf(path, query),
        credentials: await readAuthenticationHeaders(kubeContext),
        headers: {
          ...(accept !== undefined && { accept }),
          ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    })
  }

  async function* stream({ operation, path, query }: WatchRequest, until: AbortSignal) {
    watcher ??= openConnectionPool(kubeContext, { maxConnections: MAX_WATCHES, proxies }).then((pool) =>
      createStream(pool, signal),
    )
    const watch = await watcher
    const credentials = await (tokens?.credentials() ?? readAuthenticationHeaders(kubeContext))
    yield* watch(
      {
        service: 'cluster',
        operation,
        about: { cluster: context, ...objectOf(path) },
        url: urlOf(path, query),
        credentials,
        hints: { 401: unauthorizedHint(context) },
      },
      until,
    )
  }

  const inKubeconfig = identityInKubeconfig(config, context)
  return {
    name: context,
    ...inKubeconfig,
    inKubeconfig,
    namespace: config.getContextObject(context)?.namespace ?? 'default',
    request,
    stream,
  }
}

function selectContext(config: KubeConfig, context: string): KubeConfig {
  const selected = new KubeConfig()
  // client-node accepts http only together with skipTLSVerify. createSend checks which http addresses are allowed.
  const clusters = config.clusters.map((one) =>
    one.server.startsWith('http:') ? { ...one, skipTLSVerify: true } : one,
  )
  selected.loadFromOptions({ ...config, clusters, currentContext: context })
  return selected
}

/**
 * The namespace of an API path, and the object or kind in it: `{ namespace: 'shop', resource: 'secrets/regcred' }`.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
function objectOf(path: string): Pick<Exchange, 'namespace' | 'resource'> {
  const [, namespace, resource] = /\/namespaces\/([^/]+)(?:\/([^/]+(?:\/[^/]+)?))?/.exec(path) ?? []
  return { namespace, resource }
}

function unauthorizedHint(context: string): string {
  return `Check the user of the context ${context} in the kubeconfig: its token or certificate may have expired.`
}
