import { describe, expect, it } from 'vitest'
import { describeMint, descriptionPrefix, leftoversAmong } from '../../../src/policy/token-description.ts'
import { daysAgo, now } from './stored-secret.ts'

const prefix = descriptionPrefix('registry-pull-secret o/r pull', 'c n/pull')
const describeAt = (begin: string, days: number, run = '17-1') =>
  describeMint(begin, { run, mintedAt: daysAgo(days), unique: 'ab12' })
const minted = (days: number) => ({ id: String(days), description: describeAt(prefix, days) })

it('tells owner, scope, run and time, and is unique', () => {
  expect(minted(1).description).toBe('registry-pull-secret o/r pull [c n/pull] 17-1 2026-11-22T12:00:00.000Z ab12')
  expect(describeAt(descriptionPrefix('mine', ''), 0, '')).toBe('mine 2026-11-23T12:00:00.000Z ab12')
})

describe('a leftover', () => {
  const mint = { prefix, at: now }

  it('was minted earlier for the same scope', () => {
    expect(leftoversAmong([minted(3), minted(1), minted(-1)], mint)).toEqual(['3', '1'])
  })

  it('was minted by this run when its request was sent twice', () => {
    expect(leftoversAmong([minted(0)], mint)).toEqual(['0'])
  })

  it.each([
    ['of another scope', describeAt(descriptionPrefix('registry-pull-secret o/r pull', 'c n/pull2'), 1)],
    ['of another owner', describeAt(descriptionPrefix('registry-pull-secret o/r2 pull', 'c n/pull'), 1)],
    ['with a description written by hand', `${prefix}by hand`],
    ['without a time', prefix],
    ['without a description', ''],
  ])('is not a token %s', (_, description) => {
    expect(leftoversAmong([{ id: 'x', description }], mint)).toEqual([])
  })
})
