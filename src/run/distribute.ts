import type { ActionError } from '../core/errors.ts'
import type { Credential } from '../policy/credential.ts'
import { type RotationPlan, refinePlan } from '../policy/rotation-plan.ts'
import { unmanagedCredentials } from '../policy/unmanaged-credential.ts'
import type { DesiredSecret } from '../pull-secret/desired.ts'
import { type KnownAccounts, NO_ACCOUNTS } from '../pull-secret/known-accounts.ts'
import { attachAll } from '../pull-secret/service-account.ts'
import { isFailed, type TargetOutcome, type TargetState } from '../pull-secret/target.ts'
import { withoutVanished } from '../pull-secret/vanished.ts'
import type { NamespaceResults } from '../workload/namespaces.ts'
import type { RunContext } from './context.ts'
import { createNamespaces } from './create-namespaces.ts'
import { type AcquiredCredential, revokeUnused } from './credential.ts'
import { declaredAccounts } from './declared-accounts.ts'
import { writeSecrets } from './write-secrets.ts'

/** Which targets hold the credential. */
export type Distribution =
  /** No secret was asked for. */
  | {
      readonly status: 'not-requested'
      readonly targets: readonly TargetState[]
      readonly namespaces: NamespaceResults
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
  /** What was written. */
  readonly desired: DesiredSecret
  /** The targets before they were written. */
  readonly targets: readonly TargetState[]
  readonly outcomes: readonly TargetOutcome[]
  /** Of the Namespaces in the manifests that were applied before the secrets were written. */
  readonly namespaces: NamespaceResults
  /** When the last target was written, by the run's clock. */
  readonly writtenAtMs: number
  readonly errors: readonly ActionError[]
}

/**
 * Writes the credential to every target that lacks it: first the missing namespaces, then the secrets, then the service accounts.
 * @param known the service accounts that need not be read again
 */
export async function distribute(
  context: RunContext,
  acquired: AcquiredCredential,
  known: KnownAccounts = NO_ACCOUNTS,
): Promise<Distribution> {
  const { inputs, signal, clock, report } = context
  const { secret, dryRun } = inputs
  const { targets, namespaces } = await createNamespaces(context, acquired.targets)
  if (secret === undefined) {
    return { status: 'not-requested', targets, namespaces, errors: targets.filter(isFailed).map(({ error }) => error) }
  }
  const acquiredCredential = acquired.verified.credential
  const written = await writeSecrets(context, targets, {
    secret,
    own: acquiredCredential,
    credential: acquiredCredential,
    unusable: new Set(),
    pendingKey: acquired.pendingKey,
    number: 1,
    isOwnWritten: false,
    avoided: [],
  })
  const { own } = written
  const writtenAtMs = clock.elapsedMs()
  const declared = declaredAccounts(context, secret)
  const options = { secretName: secret.name, declared, dryRun, signal, known }
  const attach = () => attachAll(written.outcomes, secret.serviceAccounts, options)
  const isAsked = secret.serviceAccounts.length > 0
  const attached = isAsked ? await report.timeline.phase('Update the service accounts', attach) : await attach()
  const outcomes = withoutVanished(attached, inputs.targets)
  if (written.credential !== own) report.credential(written.credential, inputs)
  report.targets(secret.name, outcomes)
  report.changes(outcomes, written.desired.record)
  report.replaced(written.plan, clock.now())
  report.unmanaged(unmanagedCredentials(outcomes, written.credential, context.login))
  const errors = outcomes.filter(isFailed).map(({ error }) => error)
  // One that was written and then replaced is superseded, as any other.
  if (own.origin === 'minted' && !written.isOwnWritten) await revokeUnused(context, own)
  if (outcomes.every(isFailed)) return { status: 'failed', errors }
  const minted = own.origin === 'minted' ? own : undefined
  const replaced = outcomes.flatMap((outcome) => (isFailed(outcome) ? (outcome.stored ?? []) : [outcome.replaced]))
  const plan = refinePlan(written.plan, replaced)
  return { ...written, status: 'distributed', plan, minted, outcomes, namespaces, writtenAtMs, errors }
}
