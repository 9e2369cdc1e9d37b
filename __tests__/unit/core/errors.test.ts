import { describe, expect, it } from 'vitest'
import { ActionError, ActionErrors, InputError, reason } from '../../../src/core/errors.ts'
import { explain } from '../../../src/report/error-text.ts'

describe('the text of an error', () => {
  it.each([
    [new ActionError('internal-error', 'It broke'), ['It broke.']],
    [new ActionError('internal-error', 'It broke.'), ['It broke.']],
    [new ActionError('internal-error', 'Did it break?'), ['Did it break?']],
    [new ActionError('internal-error', 'It broke', { hint: 'Fix it' }), ['It broke. Fix it.']],
    [new ActionError('internal-error', 'It broke "here"', { hint: 'Fix it.' }), ['It broke "here". Fix it.']],
    [new ActionError('internal-error', 'It broke', { cause: new Error('inside') }), ['It broke.']],
    [
      new InputError('max-age', 'is not a duration', 'Allowed: 90s.'),
      ['Input `max-age` is not a duration. Allowed: 90s.'],
    ],
  ])('%s', (error, sentences) => {
    expect(explain(error)).toEqual(sentences)
  })

  it('has a sentence for each nested error', () => {
    const failures = new ActionErrors(
      [
        new ActionError('internal-error', 'a'),
        new ActionErrors([new ActionError('internal-error', 'b'), new Error('c')]),
      ],
      'Several',
    )
    expect(explain(failures)).toEqual([
      'a.',
      'b.',
      expect.stringMatching(/bug in registry-pull-secret: c\. Please report/),
    ])
  })

  it.each([new TypeError('x is not a function'), 'thrown text', undefined])(
    'reports a bug of this action: %s',
    (error) => {
      const [sentence, ...more] = explain(error)
      expect(more).toEqual([])
      expect(sentence).toMatch(
        /^This is a bug in registry-pull-secret: .+\. Please report it with the log of this step\.$/,
      )
      expect(sentence).not.toContain('at ')
    },
  )
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

it('keeps its cause', () => {
  const cause = new Error('inside')
  expect(new ActionError('internal-error', 'It broke', { cause }).cause).toBe(cause)
  expect('cause' in new ActionError('internal-error', 'It broke')).toBe(false)
})
