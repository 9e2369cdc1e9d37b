import { reason } from '../core/errors.ts'
import type { SecretInputs } from '../inputs/secret.ts'
import type { Credential } from '../policy/credential.ts'
import { candidateOf } from '../policy/reuse.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import type { Target, TargetState } from '../pull-secret/target.ts'
import type { ConflictingTarget } from '../pull-secret/write-all.ts'
import * as log from '../runner/log.ts'
import { useNewerCredential } from './concurrent-run.ts'
import type { RunContext } from './context.ts'
import { type AcquiredCredential, acquireMinted, revokeUnused } from './credential.ts'
import { verifyStored } from './verify.ts'

/** One attempt to write all targets. */
export interface Round {
  readonly secret: SecretInputs
  /** What this run acquired. */
  readonly own: Credential
  /** What it writes: its own, or a newer one of a concurrent run. */
  readonly credential: Credential
  /** Secrets of concurrent runs whose credential cannot be used, by `keyOf`: they are overwritten. */
  readonly unusable: ReadonlySet<string>
  readonly pendingKey: string | undefined
  readonly number: number
  readonly isOwnWritten: boolean
  /** Targets where another client ended a rotation of this run. */
  readonly avoided: readonly Target[]
}

/** A client that changes what a target records all the time must not keep the others waiting. */
export const MAX_ROUNDS = 5

/** The very content of a secret. */
export function keyOf({ records, data }: StoredSecret): string {
  return JSON.stringify([records.map(({ tokenId }) => tokenId), data])
}

interface NextRound {
  readonly targets: readonly TargetState[]
  readonly round: Round
}

export async function nextRound(
  context: RunContext,
  conflict: ConflictingTarget,
  { targets, round }: NextRound,
): Promise<NextRound> {
  const number = round.number + 1
  if (conflict.isEnded) return await afterEnd(context, conflict, { targets, round: { ...round, number } })
  // One for other hosts or another user is of no use here.
  const candidate = candidateOf(conflict.newer, context.login)
  const verified = candidate && (await useNewerCredential(context, candidate, { own: round.own, targets }))
  if (verified !== undefined) return { targets, round: { ...round, credential: verified.credential, number } }
  const unusable = new Set([...round.unusable, keyOf(conflict.newer)])
  return { targets, round: { ...round, credential: round.own, unusable, number } }
}

/** A token that a target may hold is not revoked here: it is written to the others as well, unless it no longer works. */
async function afterEnd(context: RunContext, conflict: ConflictingTarget, next: NextRound): Promise<NextRound> {
  const { targets, round } = next
  const isUsed = round.isOwnWritten && (await stillWorks(context, round.own, targets))
  return isUsed ? { targets, round: { ...round, pendingKey: undefined } } : await startAgain(context, conflict, next)
}

async function stillWorks(context: RunContext, own: Credential, targets: readonly TargetState[]): Promise<boolean> {
  const { inputs, ownership } = context
  if (inputs.verify) return (await verifyStored(context, { ...own, isEverywhere: false })) !== undefined
  ownership.refresh()
  return own.origin !== 'minted' || (await ownership.live(targets)).has(own.tokenId)
}

/**
 * The client that ended the rotation may have revoked its token, which no target holds yet: it is revoked, and another one minted.
 * Another target records that rotation, so one namespace cannot stop the others.
 */
async function startAgain(
  context: RunContext,
  { cluster, namespace }: ConflictingTarget,
  { targets, round }: NextRound,
): Promise<NextRound> {
  log.info(`Minting again: another client ended this rotation in namespace ${namespace} of cluster ${cluster.name}.`)
  await revokeUnused(context, round.own)
  const avoided = [...round.avoided, { cluster, namespace }]
  const acquired = await acquireMinted(context, targets, avoided)
  return { targets: acquired.targets, round: { ...nextWith(acquired, round), avoided } }
}

/**
 * A target that holds the stored token cannot record where else it goes: the other targets get a new token, so one namespace
 * cannot stop them.
 * @returns undefined when this run cannot mint
 */
export async function mintInstead(
  context: RunContext,
  targets: readonly TargetState[],
  round: Round,
): Promise<NextRound | undefined> {
  const { inputs, report } = context
  if (inputs.dryRun || round.own.origin !== 'reused' || round.number === MAX_ROUNDS) return undefined
  report.choice({ action: 'mint', reason: 'a target that holds the stored one cannot record the new targets' })
  try {
    const acquired = await acquireMinted(context, targets, round.avoided)
    return { targets: acquired.targets, round: { ...nextWith(acquired, round), number: round.number + 1 } }
  } catch (error) {
    log.info(`Could not mint a new token instead: ${reason(error)}`)
    return undefined
  }
}

/** The round that writes a new token. */
function nextWith({ verified, pendingKey }: AcquiredCredential, round: Round): Round {
  const own = verified.credential
  return { ...round, own, credential: own, pendingKey, isOwnWritten: false }
}
