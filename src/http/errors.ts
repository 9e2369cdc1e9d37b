import { DAY_MS } from '../core/days.ts'
import type { Service } from '../core/error-codes.ts'
import { ActionError } from '../core/errors.ts'
import { parseErrorBody } from './error-body.ts'
import { networkProblemOf, PROXY_LOGIN_HINT } from './network-problem.ts'

/** A request, as its errors describe it. */
export interface Exchange {
  readonly service: Service
  /** As it reads after "Could not …". */
  readonly operation: string
  /** Method and address, without the query. */
  readonly from: string
  /** `host:port`. */
  readonly host: string
  /** The object of the request; absent outside Kubernetes. */
  readonly cluster?: string | undefined
  readonly namespace?: string | undefined
  readonly resource?: string | undefined
}

/** A server returned a status that the request does not expect. */
export class HttpError extends ActionError {
  override readonly name = 'HttpError'
  readonly status: number
  /** The server's own message, safe to print. */
  readonly serverMessage: string
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    exchange: Exchange,
    response: { readonly status: number; readonly body: string; readonly retryAfterMs?: number | undefined },
    hint?: string,
  ) {
    const { status, retryAfterMs } = response
    const { code, message } = parseErrorBody(response.body)
    const text = [code, message].filter(Boolean).join(': ')
    super(
      `${exchange.service}-${problemOfStatus(status)}`,
      `Could not ${exchange.operation}: ${exchange.from} returned ${status}${text ? ` ${text}` : ''}`,
      {
        hint: hint ?? defaultHint(status, retryAfterMs),
        details: { ...detailsOf(exchange), status, serverCode: code },
      },
    )
    this.status = status
    this.serverMessage = message ?? ''
    this.retryAfterMs = retryAfterMs
  }
}

/** No response arrived, or only a part of one. */
export class NetworkError extends ActionError {
  override readonly name = 'NetworkError'
  /** Whether the server may have acted: `false` only when the request never reached it. */
  readonly sent: boolean
  /** Whether a retry fails in the same way: the port does not speak https, or the certificate is not trusted. */
  readonly permanent: boolean

  constructor(exchange: Exchange, cause: unknown) {
    const { text, hint, isUntrusted, isPermanent, mayBeSent } = networkProblemOf(cause, exchange.host)
    super(
      `${exchange.service}-${isUntrusted ? 'untrusted-certificate' : 'unreachable'}`,
      `Could not ${exchange.operation}: ${exchange.from} did not respond: ${text}`,
      { cause, hint, details: detailsOf(exchange) },
    )
    this.permanent = isPermanent
    this.sent = mayBeSent
  }
}

const ENDPOINT_HINT = 'Check the endpoint, and that no proxy or login page responds in its place.'

/** A complete response that its API does not define: not JSON, or without a required field. */
export class UnexpectedResponse extends ActionError {
  override readonly name: string = 'UnexpectedResponse'

  constructor(exchange: Exchange, problem: string, hint = ENDPOINT_HINT) {
    super(
      `${exchange.service}-unexpected-response`,
      `Could not ${exchange.operation}: ${exchange.from} responded, but ${problem}`,
      { hint, details: detailsOf(exchange) },
    )
  }
}

/** A response that is larger than this action reads. */
export class ResponseTooLarge extends UnexpectedResponse {
  override readonly name = 'ResponseTooLarge'

  constructor(exchange: Exchange, maxBytes: number) {
    const size = `${maxBytes / 1024 ** 2} MiB`
    super(exchange, `its body is larger than ${size}`, `This action reads no response over ${size}: ${ENDPOINT_HINT}`)
  }
}

function detailsOf({ host, cluster, namespace, resource }: Exchange) {
  return { host, cluster, namespace, resource }
}

function problemOfStatus(status: number) {
  if (status >= 500) return 'server-error'
  switch (status) {
    case 401:
      return 'login-failed'
    case 403:
      return 'access-denied'
    case 404:
    case 410:
      return 'not-found'
    case 429:
      return 'rate-limited'
    default:
      return 'rejected'
  }
}

/** Whether the server may have acted although the request failed. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof NetworkError) return error.sent
  if (error instanceof HttpError) return error.status >= 500 || error.status === 408
  return error instanceof UnexpectedResponse
}

/** 403: the server authenticated the caller, who lacks a permission. */
export function isForbidden(error: unknown): boolean {
  return error instanceof HttpError && error.status === 403
}

function defaultHint(status: number, retryAfterMs: number | undefined): string | undefined {
  if (status === 429) {
    const when = !retryAfterMs || retryAfterMs > DAY_MS ? 'later' : `in ${Math.ceil(retryAfterMs / 1000)} s`
    return `The server limits the rate of requests: run the job again ${when}.`
  }
  if (status >= 500) return 'The server failed: run the job again later, or ask its operators.'
  if (status >= 300 && status < 400)
    return 'The server redirects to another address: if you trust that address, use it as the endpoint.'
  if (status === 407) return PROXY_LOGIN_HINT
  return undefined
}
