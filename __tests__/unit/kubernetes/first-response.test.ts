import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exchangeOf, type HttpRequest, type Send } from '../../../src/http/client.ts'
import { HttpError, NetworkError } from '../../../src/http/errors.ts'
import type { HttpResponse } from '../../../src/http/response.ts'
import { FirstResponse } from '../../../src/kubernetes/first-response.ts'
import { errorOf } from '../../support/error-of.ts'

const URL_OF_CLUSTER = 'https://kube.example.com:6443/api'
const requestTo = (operation: string): HttpRequest => ({ operation, service: 'cluster', url: URL_OF_CLUSTER })
const exchange = exchangeOf(requestTo('read'), new URL(URL_OF_CLUSTER))
const failAfter = (durationMs: number) => async () => {
  vi.advanceTimersByTime(durationMs)
  throw new NetworkError(exchange, new Error('no response within 30 s'))
}
const response = async () => ({ status: 200 }) as HttpResponse
const hang: Send = async ({ signal }) =>
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a cluster that has never responded', () => {
  it('is not asked again, and each request has an error of its own', async () => {
    const send = vi.fn<Send>(failAfter(30_000))
    const guarded = new FirstResponse(undefined).guard(send)
    await errorOf(guarded(requestTo('read the secret')))
    const error = await errorOf(guarded(requestTo('read the uid')))
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringMatching(/^Could not read the uid: .* did not respond: no response within 30 s$/),
    })
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('is asked again after a request that failed soon', async () => {
    const send = vi.fn<Send>(failAfter(29_000))
    const guarded = new FirstResponse(undefined).guard(send)
    await errorOf(guarded(requestTo('list the secrets')))
    await errorOf(guarded(requestTo('read the secret')))
    expect(send).toHaveBeenCalledTimes(2)
  })

  it('fails all requests when the limit is over, with all connections that it opens', async () => {
    const first = new FirstResponse(75_000)
    const failures = Promise.all(
      ['one', 'two'].map((operation) => errorOf(first.guard(hang)(requestTo(`read ${operation}`)))),
    )
    await vi.advanceTimersByTimeAsync(75_000)
    for (const [index, error] of (await failures).entries()) {
      expect(error).toBeInstanceOf(NetworkError)
      expect(error.message).toContain(`Could not read ${['one', 'two'][index]}: `)
      expect(error.message).toContain('no response within 75 s, a part of the `timeout` of the run')
    }
    const send = vi.fn<Send>(response)
    await errorOf(first.guard(send)(requestTo('read three')))
    expect(send).not.toHaveBeenCalled()
  })
})

describe('a cluster that has responded', () => {
  it.each<[string, Send]>([
    ['with success', response],
    [
      'with an error',
      async () => {
        throw new HttpError(exchange, { status: 403, body: '' })
      },
    ],
  ])('%s is asked again after a failure, without the limit', async (_, sendFirst) => {
    const first = new FirstResponse(1000)
    await first
      .guard(sendFirst)(requestTo('read'))
      .catch(() => undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    await errorOf(first.guard(failAfter(30_000))(requestTo('read')))
    const send = vi.fn<Send>(response)
    await first.guard(send)(requestTo('read'))
    expect(send).toHaveBeenCalledWith(requestTo('read'))
  })
})
