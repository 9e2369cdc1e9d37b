import { HttpError, NetworkError } from './errors.ts'

const DEFAULT_MAX_ATTEMPTS = 4
export const FIRST_RETRY_DELAY_MS = 500
/** When a server asks for a longer wait, the request fails. */
export const MAX_RETRY_AFTER_MS = 60_000

/** Temporary by definition: https://www.rfc-editor.org/rfc/rfc9110#section-15 and, for 425 and 429, RFC 8470 and RFC 6585. */
const RETRYABLE_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504])

export interface FailedAttempt {
  /** HttpError of any status that the caller did not expect, NetworkError, or an error that no retry can fix. */
  readonly error: unknown
  /** How many attempts were made, this one included. */
  readonly attempts: number
  readonly method: string
  readonly maxAttempts: number | undefined
  readonly firstRetryDelayMs: number
}

/**
 * The milliseconds before the next attempt; undefined when the request must not be repeated. A POST is repeated only when it
 * never reached the server, because a second one may act twice: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
export function retryDelayMs({ error, attempts, method, ...policy }: FailedAttempt): number | undefined {
  if (attempts >= (policy.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) return undefined
  const isRepeatable = method !== 'POST'
  const backoffMs = policy.firstRetryDelayMs * 2 ** (attempts - 1) * (1 + Math.random() / 4)
  if (error instanceof NetworkError) {
    return !error.permanent && (isRepeatable || !error.sent) ? backoffMs : undefined
  }
  if (!(error instanceof HttpError && isRepeatable && RETRYABLE_STATUSES.has(error.status))) return undefined
  const { retryAfterMs = backoffMs } = error
  return retryAfterMs > MAX_RETRY_AFTER_MS ? undefined : retryAfterMs
}

/** `Retry-After` is a number of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function parseRetryAfterMs(value: string): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1000
  // Date.parse also takes numbers such as "1.5" for dates.
  const date = /^[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
