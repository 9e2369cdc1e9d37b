import errors from 'undici/lib/core/errors.js'
import packageJson from '../../package.json' with { type: 'json' }
import { abortError, delay } from '../core/abort.ts'
import type { Service } from '../core/error-codes.ts'
import { ActionError } from '../core/errors.ts'
import * as log from '../runner/log.ts'
import { sendAttempt } from './attempt.ts'
import { BodyTooLarge, MAX_RESPONSE_BYTES } from './body.ts'
import { type Connections, connectionsTo } from './connections.ts'
import { type Exchange, HttpError, NetworkError, ResponseTooLarge } from './errors.ts'
import { acceptNamedServer, requireSafe } from './named-server.ts'
import { createResponse, type HttpResponse, header } from './response.ts'
import { FIRST_RETRY_DELAY_MS, retryDelayMs } from './retry.ts'

export interface HttpRequest {
  /** What the request is for, as it reads after "Could not …". */
  readonly operation: string
  /** The first half of the codes of its errors. */
  readonly service: Service
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  /** Headers for the origin of `url` only: a redirect to another origin drops them. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly body?: string
  /** Statuses outside 2xx that are returned as a response, not thrown as an error. */
  readonly expectedStatuses?: readonly number[]
  /** Default 5. */
  readonly maxRedirects?: number
  /** The Kubernetes object of the request, for its errors. */
  readonly about?: Pick<Exchange, 'cluster' | 'namespace' | 'resource'>
  /** Default 4. */
  readonly maxAttempts?: number
  /** Aborts this request, in addition to the signal of the run. */
  readonly signal?: AbortSignal
  /** Whether the request is not repeated after this error, whatever its status is. */
  readonly isPermanent?: (error: HttpError) => boolean
  /** What the user can do, by status, where the default hint is not specific enough. Only an error asks. */
  readonly hints?: () => Readonly<Record<number, string>>
}

/** Sends one request. @throws HttpError | NetworkError | UnexpectedResponse | ActionError when the run is aborted */
export type Send = (request: HttpRequest) => Promise<HttpResponse>

export interface SendOptions {
  /** Every attempt waits for it. */
  readonly beforeAttempt?: () => Promise<void>
  /** The delay doubles with each retry; default 500. */
  readonly firstRetryDelayMs?: number
  /** Is called for every request that is sent. */
  readonly onRequest?: () => void
}

export const USER_AGENT = `${packageJson.name}/${packageJson.version}`

const ATTEMPT_TIMEOUT_MS = 30_000
const DEFAULT_MAX_REDIRECTS = 5
/** https://www.rfc-editor.org/rfc/rfc9110#section-15.4 */
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]

/**
 * The HTTP client for all services. It follows redirects, retries (see retryDelayMs) and turns statuses into errors. `run`
 * aborts requests and delays.
 */
export function createSend(connections: Connections, run: AbortSignal, options: SendOptions = {}): Send {
  const { beforeAttempt = async () => {}, firstRetryDelayMs = FIRST_RETRY_DELAY_MS, onRequest = () => {} } = options
  return async (request) => {
    const { operation, method = 'GET', maxAttempts } = request
    const url = typeof request.url === 'string' ? new URL(request.url) : request.url
    requireSafe(url, operation)
    requireHeaderValues(request, url)
    for (let attempts = 1; ; attempts++) {
      await beforeAttempt()
      try {
        return await sendWithRedirects({ connections, run, onRequest }, request, url)
      } catch (error) {
        if (run.aborted) throw abortError(operation, run)
        if (request.signal?.aborted) throw error
        if (error instanceof HttpError && request.isPermanent?.(error)) throw error
        const delayMs = retryDelayMs({ error, attempts, method, maxAttempts, firstRetryDelayMs })
        if (delayMs === undefined) throw error
        log.info(`${(error as Error).message}; trying again in ${(delayMs / 1000).toFixed(1)} s`)
        await delay(delayMs, operation, run)
      }
    }
  }
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** @throws ActionError that does not quote the value, and says what to check: undici's error would be one of the network */
function requireHeaderValues({ headers, credentials, operation, service }: HttpRequest, url: URL): void {
  for (const [name, value] of Object.entries({ ...headers, ...credentials })) {
    if (HEADER_VALUE.test(value)) continue
    throw new ActionError(
      `${service}-login-failed`,
      `Could not ${operation}: the header ${name} would contain a line break or another character that HTTP does not allow`,
      { details: { host: url.host }, hint: 'Check the credential: it may have been copied with a line break.' },
    )
  }
}

export function exchangeOf(
  { service, operation, method = 'GET', about }: Pick<HttpRequest, 'service' | 'operation' | 'method' | 'about'>,
  url: URL,
): Exchange {
  return {
    ...about,
    service,
    operation,
    // Without the query, which can hold secrets. Only an error needs it.
    get from() {
      return `${method} ${log.printable(url.origin + url.pathname)}`
    },
    host: url.host,
  }
}

interface Sender {
  readonly connections: Connections
  readonly run: AbortSignal
  readonly onRequest: () => void
}

/** Follows the redirects of a GET or HEAD. @throws HttpError for a status that the request does not expect */
async function sendWithRedirects(sender: Sender, first: HttpRequest, start: URL): Promise<HttpResponse> {
  const { method = 'GET', maxRedirects = DEFAULT_MAX_REDIRECTS, expectedStatuses = [], operation, hints } = first
  let [request, url] = [first, start]
  for (let redirects = 0; ; redirects++) {
    const response = await sendOnce(sender, request, url)
    const target = redirectTarget(response, url)
    if (target === undefined || (method !== 'GET' && method !== 'HEAD') || redirects === maxRedirects) {
      const { status } = response
      if ((status >= 200 && status < 300) || expectedStatuses.includes(status))
        return request === first || !first.credentials ? response : { ...response, credentialsDropped: true }
      throw response.error(hints?.()[status])
    }
    acceptNamedServer({ operation, from: url, to: target, role: 'redirect' })
    // They are not sent again when another origin redirects back: it chose the address.
    if (target.origin !== start.origin) request = { ...first, credentials: {} }
    url = target
  }
}

function redirectTarget(response: HttpResponse, url: URL): URL | undefined {
  const location = header(response, 'location')
  if (!REDIRECT_STATUSES.includes(response.status) || location === undefined) return undefined
  return URL.parse(location, url.href) ?? undefined
}

async function sendOnce(
  { connections, run, onRequest }: Sender,
  request: HttpRequest,
  url: URL,
): Promise<HttpResponse> {
  const exchange = exchangeOf(request, url)
  const signals = request.signal ? [run, request.signal] : [run]
  for (const signal of signals) signal.throwIfAborted()
  onRequest()
  try {
    const received = await sendAttempt(await connectionsTo(connections, url), {
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: { 'user-agent': USER_AGENT, accept: 'application/json', ...request.headers, ...request.credentials },
      body: request.body ?? null,
      timeoutMs: ATTEMPT_TIMEOUT_MS,
      signals,
    })
    log.debug(() => `${exchange.from} returned ${received.status}`)
    return createResponse(exchange, received)
  } catch (error) {
    if (error instanceof errors.ResponseExceededMaxSizeError || error instanceof BodyTooLarge)
      throw new ResponseTooLarge(exchange, MAX_RESPONSE_BYTES)
    throw new NetworkError(exchange, error)
  }
}
