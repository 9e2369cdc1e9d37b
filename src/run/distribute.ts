import type { ActionError } from '../core/errors.ts'
import type { SecretInputs } from '../inputs/secret.ts'
import type { Credential } from '../policy/credential.ts'
import { candidateOf } from '../policy/reuse.ts'
import { decideRevocation, UNKNOWN_USAGE } from '../policy/revocation.ts'
import { planRotation, type RotationPlan, refinePlan } from '../policy/rotation-plan.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import { scopeOf } from '../pull-secret/scope.ts'
import { attachAll } from '../pull-secret/service-account.ts'
import { isFailed, type TargetOutcome, type TargetState } from '../pull-secret/target.ts'
import type { DesiredSecret } from '../pull-secret/write.ts'
import { newestConflict, type WriteOutcome, writeAll } from '../pull-secret/write-all.ts'
import { dockerConfig } from '../registry/docker-config.ts'
import { useNewerCredential } from './concurrent-run.ts'
import type { RunContext } from './context.ts'
import { type AcquiredCredential, revokeUnused } from './credential.ts'
import { storedIn } from './observe.ts'

/** Which targets hold the credential. */
export type Distribution =
  /** No secret was asked for. */
  | {
      readonly status: 'not-requested'
      readonly targets: readonly TargetState[]
      readonly errors: readonly ActionError[]
    }
  | DistributedSecret
  /** Every target failed. */
  | { readonly status: 'failed'; readonly errors: readonly ActionError[] }

export interface DistributedSecret {
  readonly status: 'distributed'
  /** What the targets hold: the run's own credential, or a newer one of a concurrent run. */
  readonly credential: Credential
  /** The token that this run minted itself. */
  readonly minted: Credential | undefined
  /** What the writes replaced. */
  readonly plan: RotationPlan
  readonly outcomes: readonly TargetOutcome[]
  /** When the last target was written, by the run's clock. */
  readonly writtenAtMs: number
  readonly errors: readonly ActionError[]
}

/** Writes the credential to every target that lacks it: first the secrets, then the service accounts. */
export async function distribute(context: RunContext, acquired: AcquiredCredential): Promise<Distribution> {
  const { inputs, signal, clock, report } = context
  const { secret, dryRun } = inputs
  const { targets } = acquired
  if (secret === undefined) {
    return { status: 'not-requested', targets, errors: targets.filter(isFailed).map(({ error }) => error) }
  }
  const own = acquired.verified.credential
  const written = await writeSecrets(context, targets, { secret, own, credential: own, unusableIds: new Set() })
  const writtenAtMs = clock.elapsedMs()
  const options = { secretName: secret.name, dryRun, signal }
  const outcomes = await attachAll(written.outcomes, secret.serviceAccounts, options)
  if (written.credential !== own) report.credential(written.credential, inputs.registry)
  report.targets(secret.name, outcomes)
  const errors = outcomes.filter(isFailed).map(({ error }) => error)
  const isReplaced = written.credential !== own && errors.length === 0
  const isHeldNowhere = outcomes.every((outcome) => isFailed(outcome) && !outcome.mayHold)
  if (own.origin === 'minted' && (isReplaced || isHeldNowhere)) await revokeUnused(context, own)
  if (outcomes.every(isFailed)) return { status: 'failed', errors }
  const minted = own.origin === 'minted' ? own : undefined
  const replaced = outcomes.flatMap((outcome) => (isFailed(outcome) ? [] : [outcome.replaced]))
  const plan = refinePlan(written.plan, replaced)
  return { status: 'distributed', credential: written.credential, plan, minted, outcomes, writtenAtMs, errors }
}

interface WrittenSecrets {
  readonly credential: Credential
  readonly plan: RotationPlan
  readonly outcomes: readonly TargetOutcome[]
}

interface SecretToWrite {
  readonly secret: SecretInputs
  /** What this run acquired. */
  readonly own: Credential
  /** What it writes: its own, or a newer one of a concurrent run. */
  readonly credential: Credential
  /** Ids of newer credentials of concurrent runs that do not work: they are overwritten. */
  readonly unusableIds: ReadonlySet<string>
}

/** One round of writes, and another one with a newer credential when a concurrent run wrote one. */
async function writeSecrets(
  context: RunContext,
  targets: readonly TargetState[],
  toWrite: SecretToWrite,
): Promise<WrittenSecrets> {
  const { inputs, journal } = context
  const { secret, own, credential, unusableIds } = toWrite
  const { tokenId } = credential
  const rotation = { tokenId, scope: scopeOf(targets, secret.name), username: inputs.registry.username }
  const plan = planRotation(rotation, storedIn(targets))
  if (!inputs.dryRun) journal.writeStarts(tokenId, await revocableNow(context, plan, own))
  const desired: DesiredSecret = {
    ...secret,
    provenance: { ...credential, run: inputs.run.url, scopes: plan.scopes, retained: plan.retained },
    dockerConfig: (stored) => dockerConfig({ ...inputs.registry, password: credential.password }, stored),
    isUnusable: ({ provenance }) => unusableIds.has(provenance?.tokenId ?? ''),
  }
  const outcomes = await writeAll(targets, desired, inputs.dryRun)
  const newer = newestConflict(outcomes)
  if (newer === undefined) return { credential, plan, outcomes: outcomes.filter(isSettled) }
  return await writeSecrets(context, targets, await afterConflict(context, newer, toWrite))
}

/** Conflicts end by another round: none is left in the last one. */
function isSettled(outcome: WriteOutcome): outcome is Exclude<WriteOutcome, { status: 'conflict' }> {
  return outcome.status !== 'conflict'
}

async function afterConflict(context: RunContext, newer: StoredSecret, toWrite: SecretToWrite): Promise<SecretToWrite> {
  // One for other hosts or another user is of no use here.
  const candidate = candidateOf(newer, context.inputs.registry)
  const verified = candidate && (await useNewerCredential(context, candidate))
  if (verified !== undefined) return { ...toWrite, credential: verified.credential }
  const unusableIds = new Set([...toWrite.unusableIds, newer.provenance?.tokenId ?? ''])
  return { ...toWrite, credential: toWrite.own, unusableIds }
}

/**
 * What the post step may revoke once every target holds the credential. A run that reuses does not wait for a login, and
 * an issuer that cannot be asked is reported when it comes to revoking.
 */
async function revocableNow(
  { inputs, ownership }: RunContext,
  plan: RotationPlan,
  { origin }: Credential,
): Promise<readonly string[]> {
  if (origin !== 'minted' || inputs.revoke === 'never') return []
  const references = plan.superseded.flatMap((token) => token.references)
  const owned = await ownership.of(references).catch(() => new Map())
  return decideRevocation(plan, { ownership: owned, usage: UNKNOWN_USAGE, leftovers: [] }).revoke
}
