import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../../src/registry/glob.ts'

/** The cases of Go's own test: https://github.com/golang/go/blob/master/src/path/match_test.go */
describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*c', 'abc', true],
    ['a*', 'a', true],
    ['a*', 'abc', true],
    ['a*b*c*d*e*', 'axbxcxdxe', true],
    ['a*b*c*d*e*', 'axbxcxdxexxx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[e-g]', 'abc', false],
    ['ab[^c]', 'abc', false],
    ['ab[^b-d]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'ab', false],
    ['a?b', 'a\u263ab', true],
    ['a[^a]b', 'a\u263ab', true],
    ['a???b', 'a\u263ab', false],
    ['[a-\u03b6]*', '\u03b1', true],
    ['*[a-\u03b6]', 'A', false],
    ['[\\]a]', ']', true],
    ['[\\-]', '-', true],
    ['[x\\-]', 'x', true],
    ['[x\\-]', '-', true],
    ['[x\\-]', 'z', false],
    ['[\\-x]', 'a', false],
    ['[]a]', ']', false],
    ['[-]', '-', false],
    ['[x-]', 'x', false],
    ['[-x]', 'x', false],
    ['\\', 'a', false],
    ['[a-b-c]', 'a', false],
    ['[', 'a', false],
    ['[^', 'a', false],
    ['[^bc', 'a', false],
    ['a[', 'ab', false],
    ['*x', 'xxx', true],
    ['', '', true],
    ['*', '', true],
    ['', 'a', false],
  ])('%j matches %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected)
  })
})

it.each([
  ['stars', `${'*'.repeat(300)}b`],
  ['stars and letters', `${'*a'.repeat(100_000)}b`],
  ['stars between letters of the text', `${'a*'.repeat(100)}b`],
])('ends for a pattern of many %s', (_, pattern) => {
  expect(matchesGlob(pattern, 'a'.repeat(253))).toBe(false)
})
