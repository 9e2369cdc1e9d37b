import { randomBytes } from 'node:crypto'
import { reason } from '../core/errors.ts'
import type { KeptToken } from '../policy/revocation.ts'
import { mintOf } from '../policy/token-description.ts'
import type { DesiredSecret } from '../pull-secret/desired.ts'
import { ownPending, type PendingRotation } from '../pull-secret/pending.ts'
import { changePending } from '../pull-secret/pending-mark.ts'
import { isOwn, MAX_CLOCK_SKEW_MS } from '../pull-secret/record.ts'
import { isFailed, isMarkable, isSamePlace, type Target, type TargetState } from '../pull-secret/target.ts'
import { observeTargets } from '../pull-secret/targets.ts'
import { writeAll } from '../pull-secret/write-all.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'
import { endedKeyOf } from './pending-rotation.ts'
import type { RevocationResult } from './revoke.ts'

interface Settled extends RevocationResult {
  /** Whether the issuer listed what is alive. */
  readonly isAsked: boolean
}

/**
 * Records what is left to do. A pending rotation is removed when nothing is; what could not be revoked is recorded in one
 * target for the next run. Failing to is no error: then the next run does it.
 */
export async function settleRecords(
  context: RunContext,
  distribution: DistributedSecret,
  settled: Settled,
): Promise<void> {
  try {
    const remaining = remainingOf(distribution, settled)
    const marked = distribution.targets.filter((target) => pendingIn(target, distribution).length > 0)
    const { desired, outcomes } = distribution
    const read = async (targets: readonly Target[]) => settled.current ?? (await readAgain(targets, desired))
    const current = marked.length === 0 ? [] : await read(marked)
    if (settled.isAsked && remaining.length === 0 && marked.length > 0)
      await endRotations(context, distribution, current)
    // Another client may have removed the record of the rotation, which the next run needs.
    const isRecorded = current.some((target) => pendingIn(target, distribution).length > 0)
    if (remaining.length > 0 && !isRecorded) {
      const descriptions = marked
        .flatMap((target) => pendingIn(target, distribution))
        .flatMap((one) => one.descriptions)
      const others = (await read(outcomes)).filter((target) => !marked.some((one) => isSamePlace(one, target)))
      const places = others.some(isMarkable) ? others : current
      await recordRemaining(desired, places, { descriptions, superseded: remaining })
    }
    const retained = retainedOf(distribution, settled)
    if (retained.join() === desired.record.retained.join()) return
    const written = outcomes.filter((outcome) => !isFailed(outcome))
    await writeAll(await readAgain(written, desired), { ...desired, record: { ...desired.record, retained } }, false)
  } catch (error) {
    log.info(`Could not record that this rotation is finished: ${reason(error)}. The next run does it.`)
  }
}

/** Ids of tokens that a next run has to try again, and that the records of the targets do not name. */
function remainingOf({ plan }: DistributedSecret, { unrevoked }: Settled): string[] {
  const isOpen = ({ state }: KeptToken) => state === undefined || state === 'reported'
  const open = unrevoked.filter((token) => isOpen(token) && !plan.retained.includes(token.tokenId))
  return open.map(({ tokenId }) => tokenId)
}

/** Of the retained tokens those that are still alive, and tokens that other secrets turn out to hold. */
function retainedOf({ desired }: DistributedSecret, { unrevoked, isAsked, errors }: Settled): readonly string[] {
  const { retained } = desired.record
  if (!isAsked || errors.length > 0) return retained
  const alive = unrevoked.filter(({ tokenId, state }) => state === 'held' || retained.includes(tokenId))
  return alive.map(({ tokenId }) => tokenId).sort()
}

async function readAgain(targets: readonly Target[], desired: DesiredSecret): Promise<TargetState[]> {
  const places = targets.map(({ cluster, namespace }) => ({ cluster, namespace }))
  return await observeTargets(places, { name: desired.name, adopt: true, owner: desired.record })
}

/** A run takes at most so long, unless its `timeout` says otherwise. */
const MAX_RUN_MS = 15 * 60_000

/** Removes the rotation of this run, and those of others that are over: a run that is still alive goes on with its own. */
async function endRotations(
  { ownership, clock }: RunContext,
  distribution: DistributedSecret,
  targets: readonly TargetState[],
): Promise<void> {
  const { desired, credential, outcomes } = distribution
  const scope = ownership.scopeOf(outcomes)
  const nowMs = clock.now().getTime()
  const isOverBeforeMs = Math.max(credential.mintedAt.getTime(), nowMs - MAX_RUN_MS)
  const isOver = ({ key, descriptions }: PendingRotation) =>
    key === endedKeyOf(distribution) ||
    descriptions.every((one) => {
      const mintedAtMs = mintOf(one, scope)?.mintedAt.getTime() ?? 0
      // No run has begun a rotation in the future: another client wrote that, and it would never be removed.
      return mintedAtMs <= isOverBeforeMs || mintedAtMs > nowMs + MAX_CLOCK_SKEW_MS
    })
  for (const target of targets.filter(isMarkable)) {
    await changePending(target, desired.name, ({ pending }) => {
      const rest = pending.filter((one) => !(isOwn(one, desired.record) && isOver(one)))
      return rest.length === pending.length ? undefined : rest
    })
  }
}

async function recordRemaining(
  { name, record }: DesiredSecret,
  targets: readonly TargetState[],
  remaining: Pick<PendingRotation, 'descriptions' | 'superseded'>,
): Promise<void> {
  const target = targets.find(isMarkable)
  if (target === undefined) return
  const { repository, provider, hosts } = record
  const key = randomBytes(4).toString('hex')
  const rotation = { repository, provider, hosts, key, ...remaining }
  await changePending(target, name, ({ pending }) => [...pending, rotation])
}

function pendingIn(target: TargetState, { desired }: DistributedSecret): PendingRotation[] {
  return isMarkable(target) ? ownPending(target.stored.pending, desired.record) : []
}
