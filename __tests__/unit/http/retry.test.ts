import { describe, expect, it } from 'vitest'
import { HttpError, NetworkError } from '../../../src/http/errors.ts'
import { parseRetryAfterMs, retryDelayMs } from '../../../src/http/retry.ts'

const exchange = { service: 'issuer', operation: 'try', from: 'GET https://a', host: 'a' } as const
const policy = { attempts: 1, method: 'GET', maxAttempts: undefined, firstRetryDelayMs: 100 }
const httpError = (status: number, retryAfterMs?: number) => new HttpError(exchange, { status, body: '', retryAfterMs })
const networkError = (code: string) => new NetworkError(exchange, Object.assign(new Error('failed'), { code }))

describe('the delay before a retry', () => {
  it.each([
    [1, 100, 125],
    [2, 200, 250],
    [3, 400, 500],
  ])('doubles: after attempt %i it is %i to %i ms', (attempts, min, max) => {
    const delayMs = retryDelayMs({ ...policy, attempts, error: httpError(503) })
    expect(delayMs).toBeGreaterThanOrEqual(min)
    expect(delayMs).toBeLessThanOrEqual(max)
  })

  it.each([0, 60_000])('is the %i ms that the server asks for', (retryAfterMs) => {
    expect(retryDelayMs({ ...policy, error: httpError(429, retryAfterMs) })).toBe(retryAfterMs)
  })

  it.each([
    ['the server asks for more than a minute', { error: httpError(429, 60_001) }],
    ['all attempts are made', { error: httpError(503), attempts: 4 }],
    ['the caller allows one attempt', { error: httpError(503), maxAttempts: 1 }],
    ['the status is not retryable', { error: httpError(404) }],
    ['the certificate is not trusted', { error: networkError('CERT_HAS_EXPIRED') }],
    ['a POST may have arrived', { error: networkError('ECONNRESET'), method: 'POST' }],
    ['a POST got a response', { error: httpError(503), method: 'POST' }],
    ['the error is a bug', { error: new TypeError('failed') }],
  ])('does not exist when %s', (_, attempt) => {
    expect(retryDelayMs({ ...policy, ...attempt })).toBeUndefined()
  })

  it('exists for a POST that never arrived', () => {
    expect(retryDelayMs({ ...policy, error: networkError('ECONNREFUSED'), method: 'POST' })).toBeGreaterThan(0)
  })
})

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
])('reads the Retry-After %j: %s', (value, expected) => {
  expect(parseRetryAfterMs(value)).toBe(expected)
})
