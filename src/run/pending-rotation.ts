import { reason } from '../core/errors.ts'
import { isProvided } from '../policy/credential.ts'
import type { UnfinishedRotations } from '../policy/evidence.ts'
import { ownPending, type PendingRotation } from '../pull-secret/pending.ts'
import { changePending } from '../pull-secret/pending-mark.ts'
import { readSecret } from '../pull-secret/read.ts'
import { ownRecords } from '../pull-secret/record.ts'
import { isMarkable, isSamePlace, type MarkableTarget, type Target, type TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'
import { storedIn } from './observe.ts'

/** The targets, and the key of the pending rotation that one of them records. */
interface BegunRotation {
  readonly targets: readonly TargetState[]
  /** Undefined when none records it: where no target holds a secret yet, the next run mints and looks for leftovers. */
  readonly pendingKey: string | undefined
}

interface RotationStart {
  readonly key: string
  readonly description: string
  /** Targets that do not record it. */
  readonly avoided: readonly Target[]
}

/** So many targets are tried: one that cannot be written must not stop the others. */
const MAX_TRIED = 3

/**
 * Records in one target that a mint is about to follow, and what it will supersede. Whatever happens to this run, the next
 * one that ends well finds it and finishes the work.
 */
export async function beginRotation(
  { inputs }: RunContext,
  targets: readonly TargetState[],
  { key, description, avoided }: RotationStart,
): Promise<BegunRotation> {
  const { secret } = inputs
  if (secret === undefined || inputs.revoke === 'never') return { targets, pendingKey: undefined }
  const recorded = storedIn(targets).flatMap((one) =>
    one.kind === 'present' ? ownRecords(one.records, secret.owner) : [],
  )
  const ids = recorded.map(({ tokenId }) => tokenId).filter((id) => !isProvided(id))
  const rotation: PendingRotation = {
    ...secret.owner,
    key,
    descriptions: [description],
    superseded: [...new Set(ids)],
  }
  const markable = targets.filter(isMarkable).filter((target) => !avoided.some((one) => isSamePlace(one, target)))
  for (const target of markable.slice(0, MAX_TRIED)) {
    try {
      const stored = await changePending(target, secret.name, (current) => [...current.pending, rotation])
      return { targets: targets.map((one) => (one === target ? { ...target, stored } : one)), pendingKey: key }
    } catch (error) {
      log.info(`Could not record the rotation in namespace ${target.namespace}: ${reason(error)}.`)
    }
  }
  return { targets, pendingKey: undefined }
}

/** A target, and the rotations of earlier runs that it records. */
interface Unfinished {
  readonly target: MarkableTarget
  readonly rotations: readonly PendingRotation[]
}

function unfinished({ targets, plan, desired }: DistributedSecret): Unfinished[] {
  return targets.flatMap((target) => {
    if (!isMarkable(target)) return []
    const rotations = ownPending(target.stored.pending, plan.login.owner).filter(
      ({ key }) => key !== desired.pendingKey,
    )
    return rotations.length === 0 ? [] : [{ target, rotations }]
  })
}

/** Of the rotations that this run ended, as a target records them until nothing is left of them. */
export function endedKeyOf({ desired, credential }: DistributedSecret): string {
  return desired.pendingKey ?? `ended-${credential.tokenId}`
}

/** What earlier runs began, as the targets record it. */
export function unfinishedIn(distribution: DistributedSecret): UnfinishedRotations {
  const rotations = unfinished(distribution).flatMap((one) => one.rotations)
  return {
    count: rotations.length,
    descriptions: rotations.flatMap(({ descriptions }) => descriptions),
    isEnding: isEnding(distribution),
    superseded: rotations.flatMap(({ superseded }) => superseded),
  }
}

/** Every target holds the later token of a run that minted itself: it need not end the others. */
function isEnding({ minted }: DistributedSecret): boolean {
  return minted === undefined
}

/**
 * Ends the rotations of earlier runs, before what they minted is revoked. Such a run may still be alive: it writes the target
 * that records its rotation first, and that write fails from now on.
 * @returns false when an earlier run has gone on meanwhile
 */
export async function endUnfinished({ inputs }: RunContext, distribution: DistributedSecret): Promise<boolean> {
  const { credential, plan, desired } = distribution
  if (inputs.secret === undefined || !isEnding(distribution)) return true
  for (const { target, rotations } of unfinished(distribution)) {
    const keys = new Set(rotations.map(({ key }) => key))
    const key = endedKeyOf(distribution)
    const merged: PendingRotation = {
      ...plan.login.owner,
      key,
      descriptions: rotations.flatMap(({ descriptions }) => descriptions),
      superseded: rotations.flatMap(({ superseded }) => superseded),
    }
    // This run may have written it since it was observed.
    const stored = await readSecret(target.cluster, target.namespace, desired.name)
    if (stored.kind === 'absent') return false
    const after = await changePending({ ...target, stored }, desired.name, ({ pending, records }) => {
      const isSame = records.some(({ tokenId }) => tokenId === credential.tokenId)
      const isThere = [...keys].every((one) => pending.some((rotation) => rotation.key === one))
      return isSame && isThere ? [...pending.filter((one) => !keys.has(one.key)), merged] : undefined
    })
    if (!after.pending.some((one) => one.key === key)) return false
  }
  return true
}
