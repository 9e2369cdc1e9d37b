import { expect, it, vi } from 'vitest'
import { type IssuedCredential, RenewedCredential } from '../../../src/kubernetes/credential-source.ts'

const issued = (name: string, renewAtMs = Number.POSITIVE_INFINITY): IssuedCredential => ({
  credential: { headers: { authorization: name } },
  renewAtMs,
})
const nameOf = async (source: RenewedCredential) => (await source.current()).headers.authorization

/** Counts: `1`, `2`, … */
function counting(renewAtMs?: number) {
  let count = 0
  return new RenewedCredential(async () => issued(String(++count), renewAtMs))
}

it('is requested once for concurrent and later callers', async () => {
  const source = counting()
  expect(await Promise.all([nameOf(source), nameOf(source)])).toEqual(['1', '1'])
  expect(await nameOf(source)).toBe('1')
})

it('is requested again when it has expired', async () => {
  const source = counting(Date.now() - 1)
  expect([await nameOf(source), await nameOf(source)]).toEqual(['1', '2'])
})

it('is requested again after a failure', async () => {
  const request = vi.fn<() => Promise<IssuedCredential>>().mockRejectedValueOnce(new Error('down'))
  request.mockResolvedValueOnce(issued('up'))
  const source = new RenewedCredential(request)
  await expect(source.current()).rejects.toThrow('down')
  expect(await nameOf(source)).toBe('up')
})

it('is not requested again for a minute after a failure that counts for all requests', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const request = vi.fn<() => Promise<IssuedCredential>>().mockRejectedValueOnce(new Error('asks a person'))
    request.mockResolvedValueOnce(issued('up'))
    const source = new RenewedCredential(request, { failureLifeMs: 60_000 })
    for (const _ of [1, 2]) await expect(source.current()).rejects.toThrow('asks a person')
    expect(request).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(60_001)
    expect(await nameOf(source)).toBe('up')
  } finally {
    vi.useRealTimers()
  }
})

it('is discarded once for all requests that were rejected with it, and not again within a minute', async () => {
  const source = counting()
  const rejected = await source.current()
  expect([source.discard(rejected), source.discard(rejected)]).toEqual([true, true])
  expect(await nameOf(source)).toBe('2')
  // A late rejection of the first one.
  expect(source.discard(rejected)).toBe(true)
  expect(source.discard(await source.current())).toBe(false)
  expect(await nameOf(source)).toBe('2')
})
