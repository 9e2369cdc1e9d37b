import { describe, expect, it } from 'vitest'
import { decideCleanup, type Holding, holdingOf } from '../../../src/policy/cleanup.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import { failedTarget, type TargetState } from '../../../src/pull-secret/target.ts'
import type { JournalRecord } from '../../../src/runner/state.ts'
import { absent, holding, otherStep, recordOf } from './stored-secret.ts'

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
  const withOther = ready(holding({}, { records: [otherStep, recordOf({ tokenId: 'new' })] }))
  const onlyOther = ready(holding({}, { records: [otherStep] }))
  const unreadable = failedTarget({ cluster, namespace: 'm' }, new Error('down'))

  it.each<[string, TargetState[], boolean, Holding]>([
    ['the token everywhere', [current, current], false, 'all'],
    ['the token everywhere, next to that of another step', [withOther, current], false, 'all'],
    ['the token everywhere, with workloads to deploy', [current, current], true, 'some'],
    ['the token somewhere', [current, previous, unreadable], false, 'some'],
    ['the token somewhere, and elsewhere that of another step', [withOther, onlyOther], false, 'some'],
    ['the token nowhere', [previous, ready(absent)], false, 'none'],
    ['the token of another step', [onlyOther], false, 'none'],
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
