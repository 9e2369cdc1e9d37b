import { ActionError } from '../core/errors.ts'
import { type Credential, isProvided } from '../policy/credential.ts'
import { type Evidence, NO_EVIDENCE } from '../policy/evidence.ts'
import { decideRevocation } from '../policy/revocation.ts'
import { planRotation, type RotationPlan } from '../policy/rotation-plan.ts'
import type { DesiredSecret } from '../pull-secret/desired.ts'
import { scopeOf } from '../pull-secret/scope.ts'
import { failedTarget, isFailed, type TargetOutcome, type TargetState } from '../pull-secret/target.ts'
import { isUnrecorded, newestConflict, type WriteOutcome, writeAll } from '../pull-secret/write-all.ts'
import type { RunContext } from './context.ts'
import { storedIn } from './observe.ts'
import { keyOf, MAX_ROUNDS, mintInstead, nextRound, type Round } from './write-round.ts'

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

/** One round of writes, and another one when a concurrent run wrote a newer credential. */
export async function writeSecrets(
  context: RunContext,
  targets: readonly TargetState[],
  round: Round,
): Promise<WrittenSecrets> {
  const { inputs, journal, login, report } = context
  const { secret, own, credential, unusable, pendingKey } = round
  const { tokenId, mintedAt, expiresAt } = credential
  const rotation = { tokenId, scope: scopeOf(targets, secret.name), login }
  const plan = planRotation(rotation, storedIn(targets))
  if (!inputs.dryRun) journal.writeStarts(tokenId, await revocableNow(context, plan, { targets, own }))
  const { scopes, retained } = plan
  const desired: DesiredSecret = {
    ...secret,
    record: { ...secret.owner, tokenId, mintedAt, expiresAt, run: inputs.run.url, scopes, retained },
    logins: credential.logins,
    email: inputs.registry.email,
    isUnusable: (stored) => unusable.has(keyOf(stored)),
    isRevocable: !isProvided(tokenId),
    pendingKey,
  }
  if (!inputs.dryRun) report.writeStarts()
  const title = inputs.dryRun ? 'Check the secrets' : 'Write the secrets'
  const outcomes = await report.timeline.phase(title, () => writeAll(targets, desired, inputs.dryRun))
  const isOwnWritten = round.isOwnWritten || (credential === own && outcomes.some(mayHold))
  const written = { credential, own, isOwnWritten, targets, plan, desired }
  const conflict = newestConflict(outcomes, secret.owner)
  if (conflict === undefined) {
    const instead = outcomes.some(isUnrecorded) ? await mintInstead(context, targets, round) : undefined
    if (instead !== undefined) return await writeSecrets(context, instead.targets, instead.round)
    return { ...written, outcomes: outcomes.filter(isSettled) }
  }
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

/**
 * What the post step may revoke once every target holds the credential. A run that reuses does not wait for a login, and
 * an issuer that cannot be asked is reported when it comes to revoking.
 */
async function revocableNow(
  { inputs, ownership }: RunContext,
  plan: RotationPlan,
  { targets, own }: { readonly targets: readonly TargetState[]; readonly own: Credential },
): Promise<readonly string[]> {
  if (own.origin !== 'minted' || inputs.revoke === 'never' || !inputs.verify || plan.superseded.length === 0) return []
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
