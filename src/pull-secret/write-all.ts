import { formatCount } from '../core/format.ts'
import { HttpError, NetworkError } from '../http/errors.ts'
import { withAdmissionHint } from '../kubernetes/admission.ts'
import { warning } from '../runner/log.ts'
import { withProgress } from '../runner/progress.ts'
import { hasLastApplied, removeLastApplied } from './annotations.ts'
import { type DesiredRecord, type DesiredSecret, isCurrent, isEndedIn, isMarked } from './desired.ts'
import { readSecret, type Stored, type StoredSecret } from './read.ts'
import { type CredentialRecord, type HostOwner, ownRecords, RECORDS } from './record.ts'
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
import { type WriteResult, writeSecret } from './write.ts'

/** A target that holds a newer credential of a concurrent run: it is written again, or its credential is used. */
export interface ConflictingTarget extends Target {
  readonly status: 'conflict'
  readonly newer: StoredSecret
  /** Whether another run ended this rotation: the credential may be revoked. */
  readonly isEnded: boolean
}

/** The result of one round of writes. */
export type WriteOutcome = WrittenTarget | ConflictingTarget | FailedTarget

/**
 * Writes the pull secret to every target that lacks it or holds another; one that fails does not stop the others. Two
 * groups of targets come before the others:
 * - the one that records the pending rotation: a run that ended this rotation has changed it, and the credential may be
 *   revoked;
 * - those that hold the credential already: they must record where else it goes before it goes there, or a later run
 *   could take their records for complete, and revoke it.
 * @param dryRun the API servers check everything and store nothing
 */
export async function writeAll(
  targets: readonly TargetState[],
  desired: DesiredSecret,
  dryRun: boolean,
): Promise<WriteOutcome[]> {
  const withoutRecord: ReadyTarget[] = []
  const options = { dryRun, onRecordLost: (target: ReadyTarget) => withoutRecord.push(target) }
  const write = async (target: ReadyTarget): Promise<WriteOutcome> => {
    const { cluster, namespace, stored: replaced, namespaceToCreate } = target
    if (namespaceToCreate === undefined) return await writeOne(target, desired, options)
    // A dry run has not created the namespace, so the API server cannot check the secret.
    if (dryRun) return { cluster, namespace, status: 'planned', replaced, namespaceToCreate }
    const outcome = await writeOne(target, desired, options)
    return isFailed(outcome) || outcome.status === 'conflict' ? outcome : { ...outcome, namespaceToCreate }
  }
  const sentence = (count: string) => `${dryRun ? 'Checked' : 'Wrote'} ${count} secrets`
  const ready = targets.filter(isReady)
  const all = new Map<Target, WriteOutcome>()
  const writeNext = async (some: readonly ReadyTarget[]) => {
    const rest = some.filter((one) => !all.has(one))
    for (const [target, outcome] of await withProgress(rest, sentence, write)) all.set(target, outcome)
  }
  const isEnded = () => [...all.values()].some((one) => one.status === 'conflict' && one.isEnded)
  const outcomes = () => {
    warnOfLostRecords(withoutRecord, desired.name)
    return targets.map((target) => all.get(target) ?? notWritten(target))
  }

  await writeNext(ready.filter(({ stored }) => isMarked(stored, desired)))
  if (isEnded()) return outcomes()

  const holders = ready.filter(({ stored }) => isHolder(stored, desired.record))
  await writeNext(holders)
  const isWider = desired.isRevocable && holders.some(({ stored }) => lacksScopes(stored, desired.record))
  const isRecorded = !targets.some((target) => isFailed(target) && mayHold(target, desired.record))
  if (isWider && !(isRecorded && ![...all.values()].some(isFailed))) {
    const others = ready.filter((target) => !all.has(target))
    for (const target of others) all.set(target, scopeNotRecorded(target, desired.name))
  } else await writeNext(ready)
  return outcomes()
}

/** Of a target that failed before, or that another round of writes comes to. */
function notWritten(target: TargetState): WriteOutcome {
  if (isFailed(target)) return target
  const { cluster, namespace, stored } = target
  return { cluster, namespace, status: 'unchanged', replaced: stored }
}

/** Whether a target that cannot be written may hold the credential already. */
function mayHold({ stored }: FailedTarget, record: DesiredRecord): boolean {
  return stored === undefined || isHolder(stored, record)
}

/** Whether a target was not written because one that holds the credential could not record that. */
export function isUnrecorded(outcome: WriteOutcome): boolean {
  return isFailed(outcome) && outcome.error.code === 'scope-not-recorded'
}

function isHolder(stored: Stored, record: DesiredRecord): boolean {
  return recordOf(stored, record) !== undefined
}

function lacksScopes(stored: Stored, record: DesiredRecord): boolean {
  const recorded = recordOf(stored, record)?.scopes
  return record.scopes.some((scope) => !recorded?.includes(scope))
}

function recordOf(stored: Stored, record: DesiredRecord): CredentialRecord | undefined {
  const records = stored.kind === 'present' ? ownRecords(stored.records, record) : []
  return records.find(({ tokenId }) => tokenId === record.tokenId)
}

function scopeNotRecorded({ cluster, namespace, stored }: ReadyTarget, name: string): FailedTarget {
  const what = `Secret ${namespace}/${name} in cluster ${cluster.name} was not written`
  const error = new Refusal(
    'scope-not-recorded',
    `${what}: a target that may hold the token could not record that it is used here as well`,
    {
      hint: 'Fix the target that failed, and run again: otherwise a later run could revoke a token that is in use here.',
      details: { cluster: cluster.name, namespace, resource: `secrets/${name}` },
    },
  )
  return failedTarget({ cluster, namespace, stored }, error)
}

/** One warning for all of them: the credential is there, and the next run does not find out which one it is. */
function warnOfLostRecords([first, ...others]: readonly ReadyTarget[], name: string): void {
  if (first === undefined) return
  const more = others.length === 0 ? '' : `, and in ${formatCount(others.length, 'more namespace')}`
  warning(
    'record-lost',
    `The API server did not store the annotation ${RECORDS} of Secret ${first.namespace}/${name} in cluster ${first.cluster.name}${more} as it was written: each run will mint a new token. A mutating webhook or policy changes annotations there: exclude this Secret.`,
  )
}

interface WriteOptions {
  readonly dryRun: boolean
  readonly onRecordLost: (target: ReadyTarget) => void
}

async function writeOne(
  target: ReadyTarget,
  desired: DesiredSecret,
  { dryRun, onRecordLost }: WriteOptions,
): Promise<WriteOutcome> {
  const { cluster, namespace, stored } = target
  let isWritten = false
  try {
    const result: WriteResult =
      stored.kind === 'present' && isCurrent(stored, desired)
        ? { status: 'unchanged', replaced: stored, written: stored, isRecordLost: false }
        : await writeSecret(target, desired, dryRun)
    if (result.status === 'conflict') return { cluster, namespace, ...result }
    isWritten = true
    const { status, replaced, written, isRecordLost } = result
    if (isRecordLost) onRecordLost(target)
    if (!hasLastApplied(written)) return { cluster, namespace, status, replaced }
    if (!dryRun) await removeLastApplied({ cluster, namespace, stored: written }, desired.name)
    const isChanged = status === 'unchanged'
    return { cluster, namespace, status: isChanged ? (dryRun ? 'planned' : 'updated') : status, replaced }
  } catch (error) {
    return (await endedSince(target, desired)) ?? failed(target, error, isWritten)
  }
}

/**
 * A write that failed does not show whether another run has ended this rotation. If so, no other target may get the
 * credential.
 */
async function endedSince(
  { cluster, namespace, stored }: ReadyTarget,
  desired: DesiredSecret,
): Promise<ConflictingTarget | undefined> {
  if (!isMarked(stored, desired)) return undefined
  const newer = await readSecret(cluster, namespace, desired.name).catch(() => undefined)
  if (newer?.kind !== 'present' || !isEndedIn(newer, desired)) return undefined
  return { cluster, namespace, status: 'conflict', newer, isEnded: true }
}

/** @param isWritten whether a write before the error succeeded */
function failed(target: ReadyTarget, error: unknown, isWritten: boolean): FailedTarget {
  return failedTarget(target, withAdmissionHint(error), isWritten || !isNotWritten(error))
}

/** Refused by us or by the API server, or never sent. After any other error the server may have acted. */
function isNotWritten(error: unknown): boolean {
  if (error instanceof HttpError) return error.status < 500
  return error instanceof Refusal || (error instanceof NetworkError && !error.sent)
}

/** Where this run met a conflict: the target that ended its rotation, or that holds the newest credential. */
export function newestConflict(outcomes: readonly WriteOutcome[], owner: HostOwner): ConflictingTarget | undefined {
  const timeOf = ({ newer: { records } }: ConflictingTarget) =>
    Math.max(0, ...ownRecords(records, owner).map(({ mintedAt }) => mintedAt?.getTime() ?? 0))
  return outcomes
    .filter((outcome): outcome is ConflictingTarget => outcome.status === 'conflict')
    .sort((a, b) => Number(b.isEnded) - Number(a.isEnded) || timeOf(b) - timeOf(a))[0]
}
