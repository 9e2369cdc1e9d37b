import { expect, it } from 'vitest'
import { cut, formatCount, formatNumber, tally } from '../../../src/core/format.ts'

it.each([0, 7, 999, 1000, 10_000, 123_456, 1_234_567, 1e15])('separates the thousands of %i', (number) => {
  expect(formatNumber(number)).toBe(number.toLocaleString('en-US'))
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

it.each([
  ['abc', 2, 'ab'],
  ['abc', 5, 'abc'],
  ['a\u{1f511}', 2, 'a'],
  ['\u{1f511}b', 2, '\u{1f511}'],
])('cuts %j to at most %i characters, each of them whole: %j', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected)
})
