import { describe, expect, it } from 'vitest'
import { explain, Failure, Failures, InputError, reason } from '../../../src/core/errors.ts'

describe('what a person reads of an error', () => {
  it.each([
    [new Failure('It broke'), ['It broke.']],
    [new Failure('It broke.'), ['It broke.']],
    [new Failure('Did it break?'), ['Did it break?']],
    [new Failure('It broke', { cure: 'Mend it' }), ['It broke. Mend it.']],
    [new Failure('It broke "here"', { cure: 'Mend it.' }), ['It broke "here". Mend it.']],
    [new Failure('It broke', { cause: new Error('inside') }), ['It broke.']],
    [new InputError('max-age', 'is no duration', 'Allowed: 90s.'), ['Input `max-age` is no duration. Allowed: 90s.']],
  ])('%s', (error, sentences) => {
    expect(explain(error)).toEqual(sentences)
  })

  it('has a sentence for each cause, however deep', () => {
    const failures = new Failures([new Failure('a'), new Failures([new Failure('b'), new Error('c')])], 'Several')
    expect(explain(failures)).toEqual([
      'a.',
      'b.',
      expect.stringMatching(/fault of registry-pull-secret: c\. Please report/),
    ])
  })

  it.each([new TypeError('x is not a function'), 'thrown text', undefined])('names a fault of ours: %s', (error) => {
    const [sentence, ...more] = explain(error)
    expect(more).toEqual([])
    expect(sentence).toMatch(
      /^This is a fault of registry-pull-secret: .+\. Please report it with the log of this step\.$/,
    )
    expect(sentence).not.toContain('at ')
  })
})

describe('the reason of an error', () => {
  it.each([
    [new Error('connect ECONNREFUSED'), 'connect ECONNREFUSED'],
    [Object.assign(new Error('failed'), { code: 'EPIPE' }), 'failed (EPIPE)'],
    [Object.assign(new Error('read EPIPE'), { code: 'EPIPE' }), 'read EPIPE'],
    [Object.assign(new Error('failed'), { code: 7 }), 'failed'],
    [new RangeError(), 'RangeError'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('%s', (error, expected) => {
    expect(reason(error)).toBe(expected)
  })
})

it('keeps its cause for whoever debugs', () => {
  const cause = new Error('inside')
  expect(new Failure('It broke', { cause }).cause).toBe(cause)
  expect('cause' in new Failure('It broke')).toBe(false)
})
