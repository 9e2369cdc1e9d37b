// What a run reports, for the tests of its job summary.
import type { PlaceName } from '../../../src/policy/pull-impact.ts'
import type { TargetResult } from '../../../src/report/results.ts'
import { NOTHING_DONE, type SummaryData } from '../../../src/report/summary-data.ts'

export const TOKEN = '32f65e1e-9f9c-454d-9df5-ee6e27fd782b'
export const OLD_TOKEN = '29645271-50e9-45c9-9f49-62c8bfa86a52'

export function target(index: number, result: TargetResult['result'], error?: string): TargetResult {
  const place = { cluster: 'prod', namespace: `team-${index}`, secret: 'pull' }
  return { ...place, result, serviceAccounts: [], ...(error !== undefined && { error }) }
}

export function targets(count: number, resultOf: (index: number) => TargetResult['result']): TargetResult[] {
  return Array.from({ length: count }, (_, index) => target(index, resultOf(index)))
}

export function places(count: number, cluster = 'prod'): PlaceName[] {
  return Array.from({ length: count }, (_, index) => ({ cluster, namespace: `team-${index}` }))
}

/** A run that rotated the secret `pull` in three namespaces. */
export const ROTATED: SummaryData = {
  ...NOTHING_DONE,
  secretName: 'pull',
  choice: { action: 'mint', reason: 'the stored credential is older than `max-age`' },
  credential: {
    tokenId: TOKEN,
    origin: 'minted',
    expiresAt: undefined,
    servers: ['registry.example.com'],
    username: 'token',
  },
  replaced: [{ tokenId: OLD_TOKEN, ageDays: 31 }],
  nextRotation: '2026-12-25T21:53:37Z',
  verifications: ['Registry registry.example.com lets this credential pull team/app:1 and refuses anonymous access.'],
  targets: targets(3, () => 'updated'),
  changes: [
    {
      count: 3,
      lines: [
        `- registry.example.com: token ${OLD_TOKEN}, since 2026-10-25`,
        `+ registry.example.com: token ${TOKEN}, since 2026-11-25`,
      ],
    },
  ],
  isWriting: true,
  revoked: [OLD_TOKEN],
  phases: [
    { title: 'Read the targets', durationMs: 210, requests: 3, isFailed: false },
    { title: 'Wait for in-flight pulls', durationMs: 4900, requests: 0, isFailed: false },
  ],
  total: { durationMs: 6040, requests: 27 },
}
