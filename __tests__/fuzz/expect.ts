import { expect } from 'vitest'

/** One line that no terminal, browser or runner takes for anything but text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|::[a-z]|##\[/iu

export function expectSafe(text: string): void {
  if (UNSAFE.test(text)) expect(text).not.toMatch(UNSAFE)
}

/** Equal as JSON. In most cases this saves the assertion, which takes longer than the parser. */
export function expectSame(found: unknown, expected: unknown): void {
  if (found === expected || JSON.stringify(found) === JSON.stringify(expected)) return
  expect(found).toEqual(expected)
  throw new Error('not the same as JSON')
}

/** Only a wrong result takes the time of an assertion. */
export function expectThat(condition: boolean, expected: string, found: unknown): void {
  if (!condition) expect(found).toBe(expected)
}

/** An error of the parser itself, with a text for the user: never a TypeError or a RangeError. */
export function isPlainError(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error
}
