import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startDeadline } from '../../../src/core/abort.ts'

const DAY = 86_400_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('ends a run after its time', () => {
  const signal = startDeadline(90_000)
  vi.advanceTimersByTime(89_999)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ message: expect.stringContaining('`timeout` of 90 s') })
})

it('does not end a run at once whose time is longer than a timer can count', () => {
  const signal = startDeadline(30 * DAY)
  vi.advanceTimersByTime(DAY)
  expect(signal.aborted).toBe(false)
})
