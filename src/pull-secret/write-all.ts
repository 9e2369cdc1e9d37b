import { HttpError, NetworkError } from '../http/errors.ts'
import { withProgress } from '../runner/progress.ts'
import type { Provenance } from './provenance.ts'
import type { Stored, StoredSecret } from './read.ts'
import { Refusal } from './refusal.ts'
import {
  type FailedTarget,
  failedTarget,
  isFailed,
  isReady,
  type ReadyTarget,
  type Target,
  type TargetState,
  type WrittenTarget,
} from './target.ts'
import { type DesiredSecret, isCurrent, writeSecret } from './write.ts'

/** A target that holds a newer credential of a concurrent run: it is written again, or its credential is used. */
interface ConflictingTarget extends Target {
  readonly status: 'conflict'
  readonly newer: StoredSecret
}

/** The result of one round of writes. */
export type WriteOutcome = WrittenTarget | ConflictingTarget | FailedTarget

/**
 * Writes the pull secret to every target that lacks it or holds another; one that fails does not stop the others. The
 * targets that hold its credential already come first: they must record where else it goes before it goes there, or a
 * later run could take their records for complete, and revoke it.
 * @param dryRun the API servers check everything and store nothing
 */
export async function writeAll(
  targets: readonly TargetState[],
  desired: DesiredSecret,
  dryRun: boolean,
): Promise<WriteOutcome[]> {
  const done = dryRun ? 'Checked' : 'Wrote'
  const write = (some: readonly ReadyTarget[]) =>
    withProgress(
      some,
      (count) => `${done} ${count} secrets`,
      (target) => writeOne(target, desired, dryRun),
    )
  const ready = targets.filter(isReady)
  const holders = ready.filter(({ stored }) => isHolder(stored, desired.provenance))
  const first = new Map<Target, WriteOutcome>(await write(holders))

  const isWider = holders.some(({ stored }) => lacksScopes(stored, desired.provenance))
  const isRecorded = ready.length === targets.length && ![...first.values()].some(isFailed)
  const others = ready.filter((target) => !first.has(target))
  const second =
    isWider && !isRecorded
      ? new Map(others.map((target) => [target, scopeNotRecorded(target, desired.name)]))
      : await write(others)
  const all = new Map<Target, WriteOutcome>([...first, ...second])
  return targets.map((target) => all.get(target) ?? (target as FailedTarget))
}

function isHolder(stored: Stored, { tokenId }: Provenance): boolean {
  return stored.kind === 'present' && stored.provenance?.tokenId === tokenId
}

function lacksScopes(stored: Stored, { scopes }: Provenance): boolean {
  const recorded = stored.kind === 'present' ? stored.provenance?.scopes : undefined
  return scopes.some((scope) => !recorded?.includes(scope))
}

function scopeNotRecorded({ cluster, namespace }: ReadyTarget, name: string): FailedTarget {
  const what = `Secret ${namespace}/${name} in cluster ${cluster.name} was not written`
  const error = new Refusal(
    'scope-not-recorded',
    `${what}: a target that may hold the token could not record that it is used here as well`,
    {
      hint: 'Fix the target that failed, and run again: otherwise a later run could revoke a token that is in use here.',
      details: { cluster: cluster.name, namespace, resource: `secrets/${name}` },
    },
  )
  return failedTarget({ cluster, namespace }, error)
}

async function writeOne(target: ReadyTarget, desired: DesiredSecret, dryRun: boolean): Promise<WriteOutcome> {
  const { cluster, namespace, stored } = target
  try {
    if (isCurrent(stored, desired)) return { cluster, namespace, status: 'unchanged', replaced: stored }
    return { cluster, namespace, ...(await writeSecret(target, desired, dryRun)) }
  } catch (error) {
    return failedTarget(target, error, !isNotWritten(error))
  }
}

/** Refused by us or by the API server, or never sent. After any other error the server may have acted. */
function isNotWritten(error: unknown): boolean {
  if (error instanceof HttpError) return error.status < 500
  return error instanceof Refusal || (error instanceof NetworkError && !error.sent)
}

/** The newest credential that concurrent runs wrote. */
export function newestConflict(outcomes: readonly WriteOutcome[]): StoredSecret | undefined {
  const time = ({ provenance }: StoredSecret) => provenance?.mintedAt.getTime() ?? 0
  return outcomes
    .flatMap((outcome) => (outcome.status === 'conflict' ? [outcome.newer] : []))
    .sort((a, b) => time(b) - time(a))[0]
}
