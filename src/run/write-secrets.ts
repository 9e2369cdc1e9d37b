import { ActionError } from '../core/errors.ts'
import type { SecretInputs } from '../inputs/secret.ts'
import type { Credential } from '../policy/credential.ts'
import { type Evidence, NO_EVIDENCE } from '../policy/evidence.ts'
import { candidateOf } from '../policy/reuse.ts'
import { decideRevocation } from '../policy/revocation.ts'
import { planRotation, type RotationPlan } from '../policy/rotation-plan.ts'
import type { DesiredSecret } from '../pull-secret/desired.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import { scopeOf } from '../pull-secret/scope.ts'
import { failedTarget, isFailed, type Target, type TargetOutcome, type TargetState } from '../pull-secret/target.ts'
import { type ConflictingTarget, newestConflict, type WriteOutcome, writeAll } from '../pull-secret/write-all.ts'
import { dockerConfig } from '../registry/docker-config.ts'
import * as log from '../runner/log.ts'
import { useNewerCredential } from './concurrent-run.ts'
import type { RunContext } from './context.ts'
import { acquireMinted, revokeUnused } from './credential.ts'
import { storedIn } from './observe.ts'
import { verifyStored } from './verify.ts'

/** What all targets were written with. */
export interface WrittenSecrets {
  readonly credential: Credential
  /** What this run acquired in the end. */
  readonly own: Credential
  /** Whether a target holds or held it. */
  readonly isOwnWritten: boolean
  /** The targets before they were written. */
  readonly targets: readonly TargetState[]
  readonly plan: RotationPlan
  readonly desired: DesiredSecret
  readonly outcomes: readonly TargetOutcome[]
}

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
const MAX_ROUNDS = 5

/** One round of writes, and another one when a concurrent run wrote a newer credential. */
export async function writeSecrets(
  context: RunContext,
  targets: readonly TargetState[],
  round: Round,
): Promise<WrittenSecrets> {
  const { inputs, journal, login } = context
  const { secret, own, credential, unusable, pendingKey } = round
  const { tokenId, mintedAt, expiresAt } = credential
  const rotation = { tokenId, scope: scopeOf(targets, secret.name), login }
  const plan = planRotation(rotation, storedIn(targets))
  if (!inputs.dryRun) journal.writeStarts(tokenId, await revocableNow(context, plan, { targets, own }))
  const { scopes, retained } = plan
  const desired: DesiredSecret = {
    ...secret,
    record: { ...secret.owner, tokenId, mintedAt, expiresAt, run: inputs.run.url, scopes, retained },
    dockerConfig: (stored, removed) =>
      dockerConfig({ ...inputs.registry, password: credential.password }, stored, removed),
    isUnusable: (stored) => unusable.has(keyOf(stored)),
    pendingKey,
  }
  const outcomes = await writeAll(targets, desired, inputs.dryRun)
  const isOwnWritten = round.isOwnWritten || (credential === own && outcomes.some(mayHold))
  const written = { credential, own, isOwnWritten, targets, plan, desired }
  const conflict = newestConflict(outcomes, secret.owner)
  if (conflict === undefined) return { ...written, outcomes: outcomes.filter(isSettled) }
  if (round.number === MAX_ROUNDS) {
    return { ...written, outcomes: outcomes.map((one) => (isSettled(one) ? one : keepsChanging(one))) }
  }
  const current = targets.map((target, index) => afterRound(target, outcomes[index]))
  const next = await nextRound(context, conflict, { targets: current, round: { ...round, isOwnWritten } })
  return await writeSecrets(context, next.targets, next.round)
}

function mayHold(outcome: WriteOutcome): boolean {
  return outcome.status === 'created' || outcome.status === 'updated' || (isFailed(outcome) && outcome.mayHold)
}

/** Conflicts end by another round: none is left in the last one. */
function isSettled(outcome: WriteOutcome): outcome is Exclude<WriteOutcome, { status: 'conflict' }> {
  return outcome.status !== 'conflict'
}

/** A target in conflict as it is now; the others are written again as they were read, so that what they held is known. */
function afterRound(target: TargetState, outcome: WriteOutcome | undefined): TargetState {
  return outcome?.status === 'conflict' && !isFailed(target) ? { ...target, stored: outcome.newer } : target
}

function keepsChanging({ cluster, namespace, newer }: Extract<WriteOutcome, { status: 'conflict' }>): TargetOutcome {
  const error = new ActionError(
    'secret-keeps-changing',
    `Secret ${namespace}/${newer.name} in cluster ${cluster.name} was changed by another client each time that this run wrote it`,
    {
      hint: 'Find out what writes this Secret, and stop it, or choose another `secret-name`.',
      details: { cluster: cluster.name, namespace, resource: `secrets/${newer.name}` },
    },
  )
  return failedTarget({ cluster, namespace, stored: newer }, error)
}

/** The very content of a secret. */
function keyOf({ records, data }: StoredSecret): string {
  return JSON.stringify([records.map(({ tokenId }) => tokenId), data])
}

interface NextRound {
  readonly targets: readonly TargetState[]
  readonly round: Round
}

async function nextRound(
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
  const isUsed =
    round.isOwnWritten && (await verifyStored(context, { ...round.own, isEverywhere: false })) !== undefined
  return isUsed ? { targets, round: { ...round, pendingKey: undefined } } : await startAgain(context, conflict, next)
}

/**
 * Whoever ended the rotation may have revoked its token, which no target holds yet: it is revoked, and another one minted.
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
  const own = acquired.verified.credential
  return {
    targets: acquired.targets,
    round: { ...round, own, credential: own, pendingKey: acquired.pendingKey, avoided, isOwnWritten: false },
  }
}

/**
 * What the post step may revoke once every target holds the credential. A run that reuses does not wait for a login, and
 * an issuer that cannot be asked is reported when it comes to revoking.
 */
async function revocableNow(
  { inputs, ownership }: RunContext,
  plan: RotationPlan,
  { targets, own }: { readonly targets: readonly TargetState[]; readonly own: Credential },
): Promise<readonly string[]> {
  if (own.origin !== 'minted' || inputs.revoke === 'never' || plan.superseded.length === 0) return []
  try {
    const references = plan.superseded.flatMap((token) => token.references)
    const evidence: Evidence = {
      ...NO_EVIDENCE,
      ownership: await ownership.of(references, targets),
      live: await ownership.live(targets),
    }
    const { revoke } = decideRevocation(plan, evidence, own)
    return revoke.filter((id) => plan.superseded.some(({ tokenId }) => tokenId === id))
  } catch {
    return []
  }
}
