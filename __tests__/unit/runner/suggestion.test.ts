import { describe, expect, it } from 'vitest'
import { mask } from '../../../src/runner/mask.ts'
import { suggestionOf, withSuggestion } from '../../../src/runner/suggestion.ts'
import '../../support/silence-runner.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `r${at}`)

describe('a suggestion', () => {
  it('names what is near, else what exists, else nothing', () => {
    const tags = { kind: 'tags of team/app', wanted: '1.1', otherwise: 'last' } as const
    expect(suggestionOf({ ...tags, names: ['1.0', 'latest'] })).toBe('Tags of team/app near "1.1": "1.0".')
    expect(suggestionOf({ ...tags, names: ['latest'] })).toBe('Existing tags of team/app: "latest".')
    expect(suggestionOf({ ...tags, names: [] })).toBeUndefined()
    expect(suggestionOf({ ...tags, names: ['latest'], otherwise: 'none' })).toBeUndefined()
  })

  it('names at most five', () => {
    const some = { kind: 'tags', wanted: 'something-else', names: numbered(6) }
    expect(suggestionOf({ ...some, otherwise: 'first' })).toBe(
      'Existing tags: "r0", "r1", "r2", "r3", "r4" and others.',
    )
    expect(suggestionOf({ ...some, otherwise: 'last' })).toContain('"r1", "r2", "r3", "r4", "r5" and others.')
    expect(
      suggestionOf({ ...some, wanted: 'rr1', names: numbered(1000), otherwise: 'none' })?.match(/"r\d+"/g),
    ).toHaveLength(5)
  })

  it('is one line without commands, secrets and long names', () => {
    const secret = mask('a-secret-of-the-registry')
    const names = ['x\n::error::planted', '##[error]', '\u202eabc', `${'y'.repeat(90)}${secret}`, 'z'.repeat(250)]
    const text = suggestionOf({ kind: 'things', wanted: 'a'.repeat(300), names, otherwise: 'first' })
    expect(text).toBe(
      `Existing things: "x\\n: :error: :planted", "## [error]", "\\u202eabc", "${'y'.repeat(90)}***", "${'z'.repeat(100)}…".`,
    )
  })

  it('follows the hint', () => {
    expect(withSuggestion('Check it.', 'Existing: a.')).toBe('Check it. Existing: a.')
    expect(withSuggestion('Check it.', undefined)).toBe('Check it.')
  })
})
