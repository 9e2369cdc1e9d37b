import { type Dispatcher, request as undiciRequest } from 'undici'
import packageJson from '../../package.json' with { type: 'json' }
import { stopped, pause as waitFor } from '../core/abort.ts'
import { Failure } from '../core/errors.ts'
import * as log from '../runner/log.ts'
import { isSafe } from './address.ts'
import { HttpError, NetworkError, UnexpectedAnswer } from './errors.ts'

export interface HttpRequest {
  /** What the request is for, as it reads after "Could not …". */
  readonly doing: string
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  /** Headers that only the origin of `url` may see: a redirect to another origin drops them. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly body?: string
  /** Statuses beside 2xx that the caller wants as an answer and not as an error. */
  readonly expect?: readonly number[]
  /** How many redirects are followed at most; default 5. */
  readonly redirects?: number
  /** How often at most; default 4. */
  readonly attempts?: number
  /** What a person can do about a status, where the caller knows better than the usual advice. */
  readonly cures?: Readonly<Record<number, string>>
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as a JSON object. @throws UnexpectedAnswer */
  json(): Record<string, unknown>
  /** An error out of this answer, in the words of the request. */
  error(cure?: string): HttpError
}

/** Sends one request. @throws HttpError | NetworkError | UnexpectedAnswer */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>

export const USER_AGENT = `${packageJson.name}/${packageJson.version}`

/** Bytes; no answer that we ask for is larger, and a hostile one must not fill the memory. */
export const LARGEST_ANSWER = 64 * 1024 * 1024

const ATTEMPTS = 4
const FIRST_PAUSE = 500
/** Nobody waits longer, whatever a server asks for. */
export const LONGEST_PAUSE = 60_000
const ATTEMPT_TIMEOUT = 30_000
const REDIRECTS = 5
/** Answers that mean "not now", as sigstore, ky and the Kubernetes client count them. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * The one HTTP client. What is safe to repeat (everything but POST) is repeated a few times, after `Retry-After` or a
 * growing pause; a POST only when it surely never reached the server. `signal` ends everything, pauses included.
 * @param ready what each attempt waits for
 */
export function createSend(dispatcher: Dispatcher, signal: AbortSignal, ready = async () => {}): Send {
  return async (request) => {
    const url = new URL(request.url)
    requireSafe(url, request.doing)
    for (let attempt = 1; ; attempt++) {
      await ready()
      const outcome = await follow(dispatcher, signal, request, url).catch((error: unknown) => error)
      if (signal.aborted) throw stopped(request.doing, signal)
      const pause = pauseBefore(attempt + 1, request, outcome)
      if (pause === undefined) {
        if (outcome instanceof Error) throw outcome
        const answer = outcome as HttpAnswer
        if (isWanted(answer.status, request)) return answer
        throw answer.error(request.cures?.[answer.status])
      }
      const why =
        outcome instanceof Error
          ? outcome.message
          : `${describeRequest(request, url)} answered ${(outcome as HttpAnswer).status}`
      log.info(`${why}; trying again in ${(pause / 1000).toFixed(1)} s`)
      await waitFor(pause, request.doing, signal)
    }
  }
}

/** What a header of an answer says, several lines of the same name joined. */
export function header(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

export function requireSafe(url: URL, doing: string): void {
  if (isSafe(url)) return
  throw new Failure(`Could not ${doing}: ${url.origin} is not https`, {
    cure: 'Only https addresses are used, and http on this machine itself.',
  })
}

function isWanted(status: number, request: HttpRequest): boolean {
  return (status >= 200 && status < 300) || (request.expect?.includes(status) ?? false)
}

function pauseBefore(attempt: number, request: HttpRequest, outcome: unknown): number | undefined {
  if (attempt > (request.attempts ?? ATTEMPTS)) return undefined
  const repeatable = (request.method ?? 'GET') !== 'POST'
  const usual = FIRST_PAUSE * 2 ** (attempt - 2) * (1 + Math.random() / 4)
  if (outcome instanceof NetworkError) return !outcome.lasting && (repeatable || !outcome.sent) ? usual : undefined
  if (outcome instanceof Error || !repeatable) return undefined
  const answer = outcome as HttpAnswer
  if (isWanted(answer.status, request) || !PASSING.has(answer.status)) return undefined
  const asked = retryAfter(answer.headers)
  return asked !== undefined && asked > LONGEST_PAUSE ? undefined : (asked ?? usual)
}

/** One attempt, with the redirects of a GET or HEAD. */
async function follow(
  dispatcher: Dispatcher,
  signal: AbortSignal,
  request: HttpRequest,
  start: URL,
): Promise<HttpAnswer> {
  const method = request.method ?? 'GET'
  let url = start
  for (let redirects = 0; ; redirects++) {
    const credentials = url.origin === start.origin ? request.credentials : undefined
    const answer = await once(dispatcher, signal, request, url, credentials)
    const target = header(answer, 'location')
    const redirected = [301, 302, 303, 307, 308].includes(answer.status) && target !== undefined
    if (!redirected || (method !== 'GET' && method !== 'HEAD') || redirects === (request.redirects ?? REDIRECTS))
      return answer
    if (!URL.canParse(target, url.href)) return answer
    url = new URL(target, url)
    requireSafe(url, request.doing)
  }
}

async function once(
  dispatcher: Dispatcher,
  signal: AbortSignal,
  request: HttpRequest,
  url: URL,
  credentials: HttpRequest['credentials'],
): Promise<HttpAnswer> {
  const from = describeRequest(request, url)
  signal.throwIfAborted()
  // AbortSignal.any and its garbage would take a fifth of our time.
  const attempt = new AbortController()
  const stop = () => attempt.abort()
  const timer = setTimeout(stop, ATTEMPT_TIMEOUT)
  signal.addEventListener('abort', stop)
  try {
    const response = await undiciRequest(url, {
      dispatcher,
      signal: attempt.signal,
      method: request.method ?? 'GET',
      headers: { 'user-agent': USER_AGENT, accept: 'application/json', ...request.headers, ...credentials },
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    const text = await response.body.text()
    log.debug(`${from} answered ${response.statusCode}`)
    return createAnswer(request, from, response.statusCode, response.headers, text)
  } catch (error) {
    throw new NetworkError(
      request.doing,
      from,
      attempt.signal.aborted ? new Error(`silent for ${ATTEMPT_TIMEOUT / 1000} s`) : error,
    )
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function createAnswer(
  request: HttpRequest,
  from: string,
  status: number,
  headers: HttpAnswer['headers'],
  text: string,
): HttpAnswer {
  let parsed: unknown
  return {
    status,
    headers,
    text,
    json() {
      try {
        parsed ??= JSON.parse(text)
        if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
          return parsed as Record<string, unknown>
      } catch {
        // The parser's own message quotes the body, which may hold a token.
      }
      throw new UnexpectedAnswer(request.doing, from, `its body of ${text.length} characters is not a JSON object`)
    },
    error: (cure) => new HttpError(request.doing, { from, status, body: text, retryAfter: retryAfter(headers), cure }),
  }
}

/** How a request is named to a person: no query, since a query can hold what nobody wants in a log. */
export function describeRequest(request: Pick<HttpRequest, 'method'>, url: URL): string {
  return `${request.method ?? 'GET'} ${log.printable(url.origin + url.pathname)}`
}

function retryAfter(headers: HttpAnswer['headers']): number | undefined {
  const value = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
