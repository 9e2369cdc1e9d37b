import { expect, it } from 'vitest'
import { formatCount, formatNumber, tally } from '../../../src/core/format.ts'

it('separates thousands', () => {
  expect(formatNumber(1_234_567)).toBe('1,234,567')
})

it.each([
  [0, '0 targets'],
  [1, '1 target'],
  [1000, '1,000 targets'],
])('counts %i: %s', (number, text) => {
  expect(formatCount(number, 'target')).toBe(text)
})

it('counts equal results in the order of their first occurrence', () => {
  expect(tally(['failed', 'created', 'failed'])).toBe('2 failed, 1 created')
  expect(tally([])).toBe('')
})
