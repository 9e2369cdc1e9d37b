import type { ActionError } from '../core/errors.ts'
import type { Revocation } from '../policy/revocation.ts'
import type { WorkloadReport } from '../workload/deploy.ts'
import { errorText, manifestsOf } from './error-text.ts'
import { alerts, codeBlocks, list, table, text } from './markdown.ts'
import { inOrder, type TargetResult, totalOf, whole, withReason } from './results.ts'

/** What the job summary shows of a run, besides its errors. */
export interface SummaryData extends Revocation {
  readonly isDryRun: boolean
  readonly decision: string
  /** Its id, origin, expiry, registry hosts and user. */
  readonly credential: readonly string[] | undefined
  /** The id of a token that this run minted and revoked again, because nothing used it. */
  readonly unused: string | undefined
  /** From when on a run would rotate, RFC 3339; empty when it is unknown. */
  readonly nextRotation: string
  readonly verifications: readonly string[]
  readonly targets: readonly TargetResult[]
  /** What the user should do about them. */
  readonly notes: readonly string[]
  readonly workloads: readonly WorkloadReport[]
}

/** The job summary, in GitHub's Markdown. */
export function jobSummary(data: SummaryData, errors: readonly ActionError[]): string {
  const { decision, verifications, targets, notes, workloads } = data
  return [
    `## ${errors.length > 0 ? '❌' : '✅'} Registry Pull Secret${data.isDryRun ? ' (dry run)' : ''}`,
    alerts(errors.map(errorText)),
    codeBlocks('Missing in the cluster, to be applied:', 'yaml', manifestsOf(errors)),
    text(decision),
    credentialTable(data),
    data.nextRotation && `Next rotation: from ${data.nextRotation} on.`,
    list(verifications),
    totalOf(targets, 'target'),
    table(['Secret', 'Namespace', 'Cluster', 'Result'], inOrder(targets), {
      cellsOf: (one) => [one.secret, one.namespace, one.cluster, withReason(whole(one), one.error)],
      source: 'the output `targets`',
    }),
    list(notes),
    totalOf(workloads, 'workload'),
    table(['Workload', 'Namespace', 'Cluster', 'Result'], inOrder(workloads), {
      cellsOf: (one) => [`${one.kind} ${one.name}`, one.namespace, one.cluster, withReason(one.result, one.reason)],
      source: 'the output `workloads`',
    }),
    unusedTable(data),
    oldTable(data),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function credentialTable({ credential }: SummaryData): string {
  const tokens = credential === undefined ? [] : [{ credential, result: 'in use' }]
  return table(['Token', 'Origin', 'Expires', 'Registry', 'User'], tokens, {
    cellsOf: (one) => one.credential,
    source: 'the outputs',
  })
}

function unusedTable({ unused }: SummaryData): string {
  const tokens = unused === undefined ? [] : [{ tokenId: unused, result: 'revoked' }]
  return table(['Unused token', 'Result'], tokens, {
    cellsOf: ({ tokenId, result }) => [tokenId, `${result}: this run minted it and did not use it`],
    source: 'the log',
  })
}

function oldTable({ revoked, unrevoked }: SummaryData): string {
  const tokens = [
    ...unrevoked.map((one) => ({ ...one, result: 'still alive' })),
    ...revoked.map((tokenId) => ({ tokenId, result: 'revoked', reason: undefined })),
  ]
  return table(['Old token', 'Result'], tokens, {
    cellsOf: ({ tokenId, result, reason }) => [tokenId, withReason(result, reason)],
    source: 'the outputs `unrevoked` and `revoked`',
  })
}
