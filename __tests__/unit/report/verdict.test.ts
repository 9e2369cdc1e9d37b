// The heading of the job summary: what the run did, with counts.
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../src/core/error-codes.ts'
import { ActionError } from '../../../src/core/errors.ts'
import { NOTHING_DONE, type SummaryData } from '../../../src/report/summary-data.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import type { WorkloadReport } from '../../../src/workload/deploy.ts'
import { ROTATED, targets } from '../../support/summary/fixtures.ts'

const error = (code: ErrorCode) => new ActionError(code, 'Could not')
const reused: SummaryData = {
  ...ROTATED,
  credential: ROTATED.credential && { ...ROTATED.credential, origin: 'reused' },
  replaced: [],
  revoked: [],
}
const withoutSecret: SummaryData = { ...ROTATED, secretName: undefined, targets: [], replaced: [], revoked: [] }
const provided: SummaryData = {
  ...withoutSecret,
  credential: ROTATED.credential && { ...ROTATED.credential, origin: 'provided' },
}
const workload = (result: WorkloadReport['result']): WorkloadReport => {
  return { cluster: 'prod', namespace: 'shop', kind: 'Pod', name: 'web', result }
}

describe('a run that succeeded', () => {
  it.each<[string, SummaryData]>([
    ['Rotated `pull` in 3 namespaces, revoked 1 old token', ROTATED],
    [
      'Rotated `pull` in 3 namespaces, kept 1 old token alive',
      { ...ROTATED, revoked: [], unrevoked: [{ tokenId: 'id', reason: 'x' }] },
    ],
    ['Created `pull` in 3 namespaces', { ...reused, targets: targets(3, () => 'created') }],
    [
      'Created `pull` in 1 of 3 namespaces',
      { ...reused, targets: targets(3, (index) => (index === 0 ? 'created' : 'unchanged')) },
    ],
    ['Verified `pull` in 1 namespace: nothing to change', { ...reused, targets: targets(1, () => 'unchanged') }],
    [
      'Found `pull` in 1 namespace: nothing to change',
      { ...reused, isVerified: false, targets: targets(1, () => 'unchanged') },
    ],
    [
      'Verified `pull` in 1 namespace: updated service accounts',
      {
        ...reused,
        targets: targets(1, () => 'unchanged').map((one) => {
          return { ...one, serviceAccounts: [{ name: 'default', result: 'updated' as const }] }
        }),
      },
    ],
    [
      'Updated `pull` in 2,000 namespaces in 2 clusters',
      { ...reused, targets: targets(2000, () => 'updated').map((one, i) => ({ ...one, cluster: `c${i % 2}` })) },
    ],
    [
      'Updated `pull` in 3 namespaces, 2 workloads ready',
      { ...reused, workloads: [workload('ready'), workload('ready')] },
    ],
    [
      'Updated `pull` in 3 namespaces, 2 workloads (1 ready, 1 applied)',
      { ...reused, workloads: [workload('ready'), workload('applied')] },
    ],
    ['Minted and verified a token', withoutSecret],
    ['Minted a token', { ...withoutSecret, isVerified: false }],
    ['Verified the provided credential', provided],
    ['Used the provided credential', { ...provided, isVerified: false }],
    ['Dry run: would mint a token', { ...NOTHING_DONE, isDryRun: true }],
    [
      'Dry run: would mint a token and write `pull` in 3 namespaces',
      { ...ROTATED, isDryRun: true, credential: undefined, revoked: [], targets: targets(3, () => 'planned') },
    ],
    [
      'Dry run: would change nothing in 3 namespaces',
      { ...reused, isDryRun: true, targets: targets(3, () => 'unchanged') },
    ],
  ])('%s', (verdict, data) => {
    expect(verdictOf(data, [])).toBe(verdict)
  })
})

describe('a run that failed', () => {
  it.each<[string, Partial<SummaryData>, ErrorCode[]]>([
    ['Stopped before the first request: Invalid input', NOTHING_DONE, ['invalid-input']],
    ['Stopped before the first request: Invalid input (2 errors)', NOTHING_DONE, ['invalid-input', 'invalid-input']],
    ['Failed before any secret was written: Registry access denied', NOTHING_DONE, ['registry-access-denied']],
    ['Failed before any secret was written: Timeout and 1 other error', NOTHING_DONE, ['timeout', 'cluster-rejected']],
    ['Failed while writing the secrets: Timeout', { ...NOTHING_DONE, isWriting: true }, ['timeout']],
    [
      '4 of 1,000 namespaces failed, 996 updated: Secret not managed',
      { ...ROTATED, targets: targets(1000, (index) => (index < 4 ? 'failed' : 'updated')) },
      ['secret-not-managed'],
    ],
    [
      '1 of 1 namespace failed: Secret not managed',
      { ...ROTATED, targets: targets(1, () => 'failed') },
      ['secret-not-managed'],
    ],
    [
      '1 of 2 workloads failed: Workload timeout. The secret is in 3 namespaces',
      { ...ROTATED, workloads: [workload('ready'), workload('timeout')] },
      ['workload-timeout'],
    ],
    [
      'Rotated `pull` in 3 namespaces, then failed: Secret changed after write',
      { ...ROTATED, revoked: [] },
      ['secret-changed-after-write'],
    ],
    [
      'Dry run: 1 of 1 namespace failed: Timeout',
      { ...ROTATED, isDryRun: true, targets: targets(1, () => 'failed') },
      ['timeout'],
    ],
  ])('%s', (verdict, data, codes) => {
    expect(verdictOf({ ...NOTHING_DONE, ...data }, codes.map(error))).toBe(verdict)
  })
})
