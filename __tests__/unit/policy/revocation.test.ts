import { describe, expect, it } from 'vitest'
import type { Ownership } from '../../../src/issuer/issuer.ts'
import {
  canFindLeftovers,
  decideCleanup,
  decideRevocation,
  type Holding,
  holdingOf,
  needsUsage,
  UNKNOWN_USAGE,
} from '../../../src/policy/revocation.ts'
import { planRotation, type RotationPlan } from '../../../src/policy/rotation-plan.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import { failedTarget, type TargetState } from '../../../src/pull-secret/target.ts'
import type { JournalRecord } from '../../../src/runner/state.ts'
import { absent, holding } from './stored-secret.ts'

const here = 'c n/pull'
const elsewhere = 'c,d 3 pull sha256:ab'

function planOf(...stored: Stored[]): RotationPlan {
  return planRotation({ tokenId: 'new', scope: here, username: 'token' }, stored)
}
const old = (...scopes: string[]) => planOf(holding({ tokenId: 'old', scopes }))
const usage = (clusters: string[], holders: Record<string, string[]> = {}) => ({
  clusters: new Set(clusters),
  holders: new Map(Object.entries(holders)),
})
const owned = (ownership: Ownership) => new Map([['old', ownership]])

describe('a superseded token', () => {
  it.each([
    ['that was written to the targets of this run alone', old(here), usage([])],
    ['whose other targets no longer hold it', old(here, elsewhere), usage(['c', 'd'], { new: ['c: n/pull'] })],
  ])('%s is revoked when it is ours, or gone', (_, plan, seen) => {
    for (const ownership of ['ours', 'gone'] as const) {
      const decision = decideRevocation(plan, { ownership: owned(ownership), usage: seen, leftovers: [] })
      expect(decision).toEqual({ revoke: ['old'], keep: [], leftovers: [] })
    }
  })

  it.each([
    ['that another secret holds', old(elsewhere), usage(['c', 'd'], { old: ['d: x/pull'] }), 'Secret d: x/pull still'],
    ['whose other targets are not all seen', old(here, elsewhere), usage(['c']), 'in cluster d'],
    ['whose other targets were not read', old(elsewhere), UNKNOWN_USAGE, 'in cluster c'],
    ['whose targets are not recorded', old(''), usage(['c']), 'cannot see'],
  ])('%s is kept', (_, plan, seen, reason) => {
    const decision = decideRevocation(plan, { ownership: owned('ours'), usage: seen, leftovers: [] })
    expect(decision).toMatchObject({ revoke: [], keep: [{ tokenId: 'old', reason: expect.stringContaining(reason) }] })
  })

  it.each<[string, ReadonlyMap<string, Ownership>]>([
    ['that the issuer does not confirm', owned('foreign')],
    ['that the issuer was not asked about', new Map()],
    ['of which another id is ours', new Map([['other', 'ours']])],
  ])('%s is kept', (_, ownership) => {
    const { revoke, keep } = decideRevocation(old(here), { ownership, usage: usage(['c']), leftovers: [] })
    expect(revoke).toEqual([])
    expect(keep).toMatchObject([{ reason: expect.stringContaining('nothing shows that this action minted it') }])
  })

  it('is kept with all others for one reason', () => {
    const plan = planOf(holding({ tokenId: 'old' }), holding({ tokenId: 'older' }))
    expect(decideRevocation(plan, { blocker: 'why' })).toEqual({
      revoke: [],
      leftovers: [],
      keep: ['old', 'older'].map((tokenId) => ({ tokenId, reason: 'why' })),
    })
  })
})

describe('the secrets of whole clusters are read', () => {
  it.each([
    ['when a token was also written elsewhere', old(here, elsewhere), false, true],
    ['when nothing is recorded and a token was minted', planOf(absent), true, true],
    ['not when nothing is recorded and nothing was minted', planOf(absent), false, false],
    ['not for a token that was only written here', old(here), true, false],
  ])('%s', (_, plan, isMinted, expected) => {
    expect(needsUsage(plan, isMinted)).toBe(expected)
  })
})

describe('leftovers', () => {
  it.each([
    ['by the records of the targets', old(here), UNKNOWN_USAGE, true],
    ['by the secrets of all clusters', planOf(absent), usage(['c', 'd']), true],
    ['by nothing', planOf(absent), usage(['c']), false],
  ])('are known to be unused %s', (_, plan, seen, expected) => {
    expect(canFindLeftovers(plan, seen, ['c', 'd'])).toBe(expected)
  })

  it('are never what is in use, retained, held by a secret, kept or revoked anyway', () => {
    const plan = planOf(
      holding({ tokenId: 'old', retained: ['retained'] }),
      holding({ tokenId: 'kept', scopes: [elsewhere] }),
    )
    const ownership = new Map<string, Ownership>([
      ['old', 'ours'],
      ['kept', 'foreign'],
    ])
    const seen = usage(['c'], { held: ['c: x/pull'] })
    const leftovers = ['new', 'old', 'retained', 'kept', 'held', 'unused']
    expect(decideRevocation(plan, { ownership, usage: seen, leftovers }).leftovers).toEqual(['unused'])
  })
})

const record: JournalRecord = {
  phase: 'writing',
  description: 'd',
  mintedId: 'new',
  currentId: 'new',
  superseded: ['old'],
}

describe('what the targets of an interrupted run hold', () => {
  const cluster = {} as never
  const ready = (stored: Stored): TargetState => ({ status: 'ready', cluster, namespace: 'n', stored })
  const [current, previous] = [ready(holding({ tokenId: 'new' })), ready(holding({ tokenId: 'old' }))]
  const unreadable = failedTarget({ cluster, namespace: 'm' }, new Error('down'))

  it.each<[string, TargetState[], boolean, Holding]>([
    ['the token everywhere', [current, current], false, 'all'],
    ['the token everywhere, with workloads to deploy', [current, current], true, 'some'],
    ['the token somewhere', [current, previous, unreadable], false, 'some'],
    ['the token nowhere', [previous, ready(absent)], false, 'none'],
    ['what cannot be read', [previous, unreadable], false, 'unknown'],
  ])('is %s', (_, targets, isDeploying, expected) => {
    expect(holdingOf(targets, record, isDeploying)).toBe(expected)
  })

  it('is the token everywhere when the workloads were ready before the revocation began', () => {
    expect(holdingOf([current], { ...record, phase: 'revoking' }, true)).toBe('all')
  })

  it('may also be the mint of this run while it continued with the token of a concurrent run', () => {
    expect(holdingOf([current, previous], { ...record, currentId: 'newer' }, false)).toBe('some')
  })
})

describe('the post step', () => {
  const nothing = { action: 'none', reason: 'Nothing to clean up.' }

  it.each<[string, Partial<JournalRecord>, Exclude<Holding, 'unknown'> | undefined, object]>([
    ['does nothing after a settled run', { phase: 'settled' }, undefined, nothing],
    ['does nothing before the first mint', { phase: 'minting', description: undefined }, undefined, nothing],
    [
      'revokes a token that was minted and not written',
      { phase: 'minting' },
      undefined,
      { action: 'revoke-minted', id: 'new', description: 'd' },
    ],
    [
      'looks for a mint without a response by its description',
      { phase: 'minting', mintedId: undefined },
      undefined,
      { action: 'revoke-minted', id: undefined, description: 'd' },
    ],
    [
      'revokes a token that no target holds',
      { phase: 'writing' },
      'none',
      { action: 'revoke-minted', id: 'new', description: 'd' },
    ],
    [
      'does nothing when no target holds a token that was not minted',
      { phase: 'writing', description: undefined, mintedId: undefined },
      'none',
      nothing,
    ],
    [
      'leaves a token that some targets hold',
      { phase: 'writing' },
      'some',
      { action: 'none', reason: 'Some targets hold token new: the next run continues with it.' },
    ],
    [
      'revokes superseded tokens when every target holds the new one',
      { phase: 'writing' },
      'all',
      { action: 'revoke-superseded', ids: ['old'] },
    ],
    [
      'also revokes its own mint when every target holds the token of a concurrent run',
      { phase: 'writing', currentId: 'newer' },
      'all',
      { action: 'revoke-superseded', ids: ['old', 'new'] },
    ],
    [
      'revokes nothing when a target was changed during the revocation',
      { phase: 'revoking' },
      'some',
      { action: 'none', reason: 'Some targets hold token new: the next run continues with it.' },
    ],
    ['does nothing when nothing was superseded', { phase: 'writing', superseded: [] }, 'all', nothing],
    [
      'finishes a revocation',
      { phase: 'revoking', superseded: ['old', 'older'] },
      'all',
      { action: 'revoke-superseded', ids: ['old', 'older'] },
    ],
  ])('%s', (_, changes, holdingNow, expected) => {
    expect(decideCleanup({ ...record, ...changes }, holdingNow)).toEqual(expected)
  })
})
