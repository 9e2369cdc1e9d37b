import { expect, it, vi } from 'vitest'
import { lastResult } from '../../../src/core/last-result.ts'

it('computes again when an argument is another one', () => {
  const compute = vi.fn((text: string, object: object) => ({ text, object }))
  const compute2 = lastResult(compute)
  const [one, other] = [{}, {}]
  const first = compute2('a', one)
  expect(compute2('a', one)).toBe(first)
  expect(compute2('a', other)).toEqual({ text: 'a', object: other })
  expect(compute2('b', other)).toEqual({ text: 'b', object: other })
  expect(compute2('a', one)).not.toBe(first)
  expect(compute).toHaveBeenCalledTimes(4)
})

it('computes again after an error', () => {
  const compute = vi.fn(() => {
    throw new Error('broken')
  })
  const again = lastResult(compute)
  expect(again).toThrow('broken')
  expect(again).toThrow('broken')
  expect(compute).toHaveBeenCalledTimes(2)
})
