import { KubeConfig } from '@kubernetes/client-node'
import { abortError } from '../core/abort.ts'
import { createSend, type HttpRequest, type Send } from '../http/client.ts'
import type { EarlyConnections } from '../http/early-connections.ts'
import { HttpError } from '../http/errors.ts'
import { NO_PROXIES, type Proxies } from '../http/proxy.ts'
import type { HttpResponse } from '../http/response.ts'
import type { Stream } from '../http/stream.ts'
import { warning } from '../runner/log.ts'
import { apiUrls, objectOf } from './api-url.ts'
import { credentialSourceOf, type KubeContext } from './authentication.ts'
import { type ClusterIdentity, identityInKubeconfig } from './cluster-identity.ts'
import { openConnectionPool } from './connection-pool.ts'
import type { Credential } from './credential-source.ts'
import { FirstResponse } from './first-response.ts'
import { Throttle } from './throttle.ts'

/** A request to an API server: with a path instead of a URL, and an object instead of a text. */
export interface ClusterRequest
  extends Pick<
    HttpRequest,
    'operation' | 'method' | 'expectedStatuses' | 'hints' | 'isPermanent' | 'signal' | 'maxAttempts'
  > {
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
  /** Of exec plugins; by default empty. */
  readonly environment?: NodeJS.ProcessEnv
  /** With TCP alone, for the first connection to each API server. */
  readonly early?: EarlyConnections | undefined
  /** How long a cluster may take for its first response; default: as long as the attempts of a request. */
  readonly firstResponseLimitMs?: number | undefined
  /** See SendOptions. */
  readonly firstRetryDelayMs?: number
  /** See SendOptions. */
  readonly onRequest?: () => void
}

/** Each watch has its own connection; the others wait. */
const MAX_WATCHES = 500

/**
 * Connects to the cluster of a context when the first request is sent. client-node reads the kubeconfig. It does not send
 * requests, because it opens a connection for each one.
 */
export function connect(access: ClusterAccess, context: string, signal: AbortSignal): Cluster {
  const { concurrency, proxies = NO_PROXIES, firstRetryDelayMs, onRequest } = access
  const sendOptions = {
    ...(firstRetryDelayMs !== undefined && { firstRetryDelayMs }),
    ...(onRequest !== undefined && { onRequest }),
  }
  const config = selectContext(access.config, context)
  const { server = '', skipTLSVerify = false } = config.getCurrentCluster() ?? {}
  if (skipTLSVerify && server.startsWith('https:')) {
    warning(
      'certificate-not-verified',
      `The certificate of the cluster ${context} is not verified (insecure-skip-tls-verify): an attacker on the network can read its Secrets.`,
    )
  }
  const environment = access.environment ?? {}
  const kubeContext: KubeContext = { config, name: context, environment, proxies, signal }
  const throttle = new Throttle({ cluster: context, concurrency, signal })
  const source = credentialSourceOf(kubeContext, sendOptions)
  const poolContext = { config, name: context, proxies, early: access.early }
  const beforeAttempt = () => throttle.waitForPause()
  const firstResponse = new FirstResponse(access.firstResponseLimitMs)
  const sender = perCertificate(async (credential): Promise<Send> => {
    const pool = await openConnectionPool(poolContext, credential, concurrency)
    return firstResponse.guard(createSend(pool, signal, { ...sendOptions, beforeAttempt }))
  })
  const watcher = perCertificate(async (credential): Promise<Stream> => {
    const { createStream } = await import('../http/stream.ts')
    return createStream(await openConnectionPool(poolContext, credential, MAX_WATCHES), signal, onRequest)
  })

  function hintsFor(credential: Credential): Readonly<Record<number, string>> {
    return { 401: source.rejectionHint?.(credential) ?? unauthorizedHint(context) }
  }

  const urlOf = apiUrls(server, context)

  async function request({ path, query, body, contentType, accept, ...rest }: ClusterRequest): Promise<HttpResponse> {
    return await throttle.run(async () => {
      if (signal.aborted) throw abortError(rest.operation, signal)
      return await sendAuthenticated({
        ...rest,
        service: 'cluster',
        about: { cluster: context, ...objectOf(path) },
        // An API server does not redirect. Another server in its place must not choose who sees the credentials.
        maxRedirects: 0,
        // The throttle handles 429 for all requests together.
        expectedStatuses: [...(rest.expectedStatuses ?? []), 429],
        url: urlOf(path, query),
        headers: {
          ...(accept !== undefined && { accept }),
          ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    })
  }

  /** When the API server rejects the credential, the request is sent again with a new one, if there can be one. */
  async function sendAuthenticated(authenticated: HttpRequest): Promise<HttpResponse> {
    const sendWith = async (credential: Credential) => {
      const send = await sender(credential)
      const hints = () => ({ ...hintsFor(credential), ...authenticated.hints?.() })
      return await send({ ...authenticated, credentials: credential.headers, hints })
    }
    const credential = await source.current()
    try {
      return await sendWith(credential)
    } catch (error) {
      const isRejected = error instanceof HttpError && error.status === 401
      if (!isRejected || !source.discard(credential)) throw error
      return await sendWith(await source.current())
    }
  }

  async function* stream({ operation, path, query }: WatchRequest, until: AbortSignal) {
    const credential = await source.current()
    const watch = await watcher(credential)
    yield* watch(
      {
        service: 'cluster',
        operation,
        about: { cluster: context, ...objectOf(path) },
        url: urlOf(path, query),
        credentials: credential.headers,
        hints: () => hintsFor(credential),
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

/** Connections belong to the client certificate of the user, which an exec plugin may renew. */
function perCertificate<T>(open: (credential: Credential) => Promise<T>): (credential: Credential) => Promise<T> {
  let last: { readonly certificate: Credential['certificate']; readonly opened: Promise<T> } | undefined
  return async (credential) => {
    const { certificate } = credential
    if (last === undefined || last.certificate !== certificate) last = { certificate, opened: open(credential) }
    return await last.opened
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

function unauthorizedHint(context: string): string {
  return `Check \`kube-token\`, or the user of the context ${context} in the kubeconfig: the token or certificate may have expired, or be for another cluster.`
}
