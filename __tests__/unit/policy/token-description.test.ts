import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import {
  describeMint,
  descriptionPrefix,
  leftoversAmong,
  type MintPurpose,
} from '../../../src/policy/token-description.ts'
import { daysAgo, now } from './stored-secret.ts'

function purposeOf(changes: Partial<MintPurpose> = {}, namespace = 'n'): MintPurpose {
  const targets = [{ cluster: { identity: 'c' } as Cluster, namespace }]
  return { description: 'registry-pull-secret o/r pull', secretName: 'pull', targets, ...changes }
}

const describeAt = (purpose: MintPurpose, days: number, run = '17-1') =>
  describeMint(purpose, { run, mintedAt: daysAgo(days), unique: 'ab12' })
const minted = (days: number) => ({ id: String(days), description: describeAt(purposeOf(), days) })

it('tells owner, scope, run and time, and is unique', () => {
  expect(minted(1).description).toBe('registry-pull-secret o/r pull [c n/pull] 17-1 2026-11-22T12:00:00.000Z ab12')
  const withoutSecret = purposeOf({ description: 'mine', secretName: undefined })
  expect(describeAt(withoutSecret, 0, '')).toBe('mine 2026-11-23T12:00:00.000Z ab12')
})

describe('a leftover', () => {
  const mint = { prefix: descriptionPrefix(purposeOf()), at: now }

  it('was minted earlier for the same scope', () => {
    expect(leftoversAmong([minted(3), minted(1), minted(-1)], mint)).toEqual(['3', '1'])
  })

  it('was minted by this run when its request was sent twice', () => {
    expect(leftoversAmong([minted(0)], mint)).toEqual(['0'])
  })

  it.each([
    ['of another secret', describeAt(purposeOf({ secretName: 'pull2' }), 1)],
    ['of another namespace', describeAt(purposeOf({}, 'n2'), 1)],
    ['of another owner', describeAt(purposeOf({ description: 'registry-pull-secret o/r2 pull' }), 1)],
    ['with a description written by hand', `${mint.prefix}by hand`],
    ['without a time', mint.prefix],
    ['without a description', ''],
  ])('is not a token %s', (_, description) => {
    expect(leftoversAmong([{ id: 'x', description }], mint)).toEqual([])
  })
})
