import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { abortError, delay, startTimeout, unlessAborted } from '../../../src/core/abort.ts'
import { ActionError } from '../../../src/core/errors.ts'

const DAY = 86_400_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('aborts when the timeout is over', () => {
  const signal = startTimeout(90_000)
  vi.advanceTimersByTime(89_999)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ code: 'timeout', message: expect.stringContaining('`timeout` of 90 s') })
})

it('does not abort at once when the timeout exceeds the maximum of a timer', () => {
  const signal = startTimeout(30 * DAY)
  vi.advanceTimersByTime(DAY)
  expect(signal.aborted).toBe(false)
})

it.each(['SIGINT', 'SIGTERM'] as const)('aborts when the runner sends %s', (name) => {
  const signal = startTimeout(90_000)
  process.emit(name)
  expect(signal.reason).toMatchObject({ code: 'cancelled', message: `the job was cancelled (${name})` })
})

const cancelled = new ActionError('cancelled', 'the job was cancelled', { hint: 'Run it again.' })

describe('a delay', () => {
  it('ends after its time', async () => {
    let isOver = false
    const waiting = delay(5000, 'try', new AbortController().signal).then(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(4999)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(isOver).toBe(true)
  })

  it('fails when the signal aborts, and leaves no timer', async () => {
    const controller = new AbortController()
    const waiting = delay(5000, 'try', controller.signal)
    controller.abort(cancelled)
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled', message: 'Could not try: the job was cancelled' })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('work that cannot be cancelled', () => {
  it('returns its result', async () => {
    expect(await unlessAborted(Promise.resolve(7), new AbortController().signal)).toBe(7)
  })

  it.each(['before', 'meanwhile'])('is ignored when the signal aborts %s', async (when) => {
    const controller = new AbortController()
    if (when === 'before') controller.abort(cancelled)
    const { promise, reject } = Promise.withResolvers<never>()
    const waiting = unlessAborted(promise, controller.signal)
    controller.abort(cancelled)
    await expect(waiting).rejects.toBe(cancelled)
    // Not an unhandled rejection, which would fail the test.
    reject(new Error('too late'))
  })
})

it.each([
  ['an ActionError', cancelled, { code: 'cancelled', hint: 'Run it again.', cause: cancelled }],
  ['anything else', new Error('closed'), { code: 'internal-error', hint: undefined }],
])('the error of an aborted operation has the code and hint of its reason: %s', (_, why, expected) => {
  const error = abortError('try', AbortSignal.abort(why))
  expect(error).toMatchObject({ ...expected, message: `Could not try: ${why.message}` })
})
