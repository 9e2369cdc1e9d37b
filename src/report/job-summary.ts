import type { Revocation } from '../policy/revocation.ts'
import type { WorkloadReport } from '../workload/deploy.ts'
import { alerts, codeBlocks, list, table, text } from './markdown.ts'
import { inOrder, type TargetResult, totalOf, whole, withReason } from './results.ts'

/** All that the job summary tells of a run. */
export interface Told extends Pick<Revocation, 'revoked' | 'unrevoked'> {
  readonly failures: readonly string[]
  /** Kubernetes objects, as YAML, that would mend some of them. */
  readonly manifests: readonly string[]
  readonly decision: string
  /** Its id, origin, end, registry hosts and user. */
  readonly credential: readonly string[] | undefined
  readonly proofs: readonly string[]
  readonly targets: readonly TargetResult[]
  readonly workloads: readonly WorkloadReport[]
}

/** The job summary, in GitHub's Markdown. */
export function jobSummary(told: Told): string {
  const { failures, manifests, decision, proofs, targets, workloads } = told
  return [
    `## ${failures.length > 0 ? '❌' : '✅'} Registry Pull Secret`,
    alerts(failures),
    codeBlocks('Missing in the cluster, to be applied:', 'yaml', manifests),
    text(decision),
    credentialTable(told),
    list(proofs),
    totalOf(targets, 'target'),
    table(
      ['Secret', 'Namespace', 'Cluster', 'Result'],
      inOrder(targets),
      (one) => [one.secret, one.namespace, one.cluster, withReason(whole(one), one.error)],
      'the output `targets`',
    ),
    totalOf(workloads, 'workload'),
    table(
      ['Workload', 'Namespace', 'Cluster', 'Result'],
      inOrder(workloads),
      (one) => [`${one.kind} ${one.name}`, one.namespace, one.cluster, withReason(one.result, one.reason)],
      'the output `workloads`',
    ),
    tokenTable(told),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function credentialTable({ credential }: Told): string {
  const tokens = credential === undefined ? [] : [{ credential, result: 'in use' }]
  return table(['Token', 'Origin', 'Ends', 'Registry', 'User'], tokens, (one) => one.credential, 'the outputs')
}

function tokenTable({ revoked, unrevoked }: Told): string {
  const tokens = [
    ...unrevoked.map((one) => ({ ...one, result: 'still alive' })),
    ...revoked.map((tokenId) => ({ tokenId, result: 'revoked', reason: undefined })),
  ]
  return table(
    ['Replaced token', 'What became of it'],
    tokens,
    ({ tokenId, result, reason }) => [tokenId, withReason(result, reason)],
    'the outputs `unrevoked` and `revoked`',
  )
}
