// Whether Pods keep pulling after a run that failed, by what the run knows.
import { describe, expect, it } from 'vitest'
import { type PullKnowledge, pullImpacts } from '../../../src/policy/pull-impact.ts'
import type { Stored } from '../../../src/pull-secret/read.ts'
import { failedTarget, type TargetOutcome, type TargetState } from '../../../src/pull-secret/target.ts'
import { absent, holding, loginRequest, unmanaged } from './stored-secret.ts'

const cluster = { name: 'lab' } as never
const place = { cluster, namespace: 'shop' }

const known: PullKnowledge = {
  owner: loginRequest.owner,
  now: new Date('2026-11-26T00:00:00Z'),
  isDryRun: false,
  current: { tokenId: 'new', isVerified: true },
  refused: new Set(),
  revoked: [],
  changed: [],
}

const written = (status: 'updated' | 'unchanged' | 'planned', replaced: Stored = absent): TargetOutcome => {
  return { ...place, status, replaced }
}
const failed = (stored?: Stored, mayHold = false): TargetOutcome => {
  return failedTarget({ ...place, stored }, new Error('no'), mayHold)
}
const old = holding({ tokenId: 'old', expiresAt: undefined })
const expiring = (date: string) => holding({ tokenId: 'old', expiresAt: new Date(date) })

function answer(target: TargetState | TargetOutcome, more: Partial<PullKnowledge> = {}): string {
  const [impact] = pullImpacts([target], { ...known, ...more })
  return `${impact?.answer}: ${impact?.reason}`
}

describe('Pods of a target', () => {
  it.each<[string, TargetState | TargetOutcome, Partial<PullKnowledge>, RegExp]>([
    ['that was written', written('updated'), {}, /^yes: the secret holds token `new`, which the registry accepted/],
    [
      'that was written with a token that was not verified',
      written('updated'),
      { current: { tokenId: 'new', isVerified: false } },
      /^unknown: .*`new`, which this run did not verify$/,
    ],
    ['that failed, and holds the same token', failed(holding({ tokenId: 'new' })), {}, /^yes: /],
    ['that failed, and holds the old token', failed(old), {}, /^as-before: .*still holds token `old`.*not revoke it$/],
    ['that failed, and holds a token until tomorrow', failed(expiring('2026-11-27T00:00:00Z')), {}, /^as-before: /],
    ['that failed, and holds an expired token', failed(expiring('2026-11-25T00:00:00Z')), {}, /^no: .*has expired$/],
    ['that failed, and holds a refused token', failed(old), { refused: new Set(['old']) }, /^no: .*registry refuses$/],
    ['that failed, and holds a revoked token', failed(old), { revoked: ['old'] }, /^no: .*was revoked$/],
    ['that failed, and has no secret', failed(absent), {}, /^no: the secret does not exist$/],
    ['that failed, and may have been created', failed(absent, true), {}, /^unknown: .*not certain/],
    [
      'that failed, and may have been written',
      failed(old, true),
      {},
      /^as-before: .*`new` or still token `old`\. Neither/,
    ],
    [
      'that may have been written over a refused token',
      failed(old, true),
      { refused: new Set(['old']) },
      /^unknown: .*`old`, which does not work any more$/,
    ],
    ['that could not be read', failed(), {}, /^unknown: the action could not read the secret/],
    ['whose secret is not ours', failed(unmanaged), {}, /^as-before: .*did not write$/],
    [
      'that was changed after the write',
      written('updated'),
      { changed: [{ cluster: 'lab', namespace: 'shop' }] },
      /^unknown: another client/,
    ],
    ['before any write', { ...place, status: 'ready', stored: old }, { current: undefined }, /^as-before: /],
    ['before any write, without a secret', { ...place, status: 'ready', stored: absent }, {}, /^no: /],
    [
      'of a dry run',
      written('planned', old),
      { isDryRun: true, current: undefined },
      /^as-before: .*dry run changed nothing$/,
    ],
  ])('%s', (_, target, more, expected) => {
    expect(answer(target, more)).toMatch(expected)
  })

  it('with a provided credential are told about it without its random id', () => {
    expect(answer(written('updated'), { current: { tokenId: 'provided-1', isVerified: true } })).toBe(
      'yes: the secret holds a credential that the workflow provided, which the registry accepted in this run',
    )
  })
})

it('groups targets by answer and reason, the worst first', () => {
  const impacts = pullImpacts([written('updated'), failed(old), failed(absent), failed(), failed(old)], known)
  expect(impacts.map(({ answer, targets }) => [answer, targets.length])).toEqual([
    ['no', 1],
    ['unknown', 1],
    ['as-before', 2],
    ['yes', 1],
  ])
  expect(impacts[0]?.targets).toEqual([{ cluster: 'lab', namespace: 'shop' }])
})
