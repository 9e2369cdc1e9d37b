import { reason } from '../core/errors.ts'
import type { Credential, VerifiedCredential } from '../policy/credential.ts'
import { newerThan } from '../policy/reuse.ts'
import type { Target, TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import { useNewerCredential } from './concurrent-run.ts'
import type { RunContext } from './context.ts'
import { mint, plannedToken, useProvided } from './new-credential.ts'
import { observe, storedIn } from './observe.ts'
import type { ReuseDecision } from './reusable.ts'
import { verifyNewCredential } from './verify.ts'

/** What a run decided to work with, and the targets as they were last observed. */
export interface AcquiredCredential {
  readonly verified: VerifiedCredential
  readonly targets: readonly TargetState[]
  /** Of the pending rotation that one target records; undefined when none does. */
  readonly pendingKey: string | undefined
}

/**
 * A credential that works: the reusable one, the provided one, or a new one, verified before anything is written.
 * @throws ActionError | ActionErrors when there is none; a token that was minted for it is revoked
 */
export async function acquireCredential(
  context: RunContext,
  targets: readonly TargetState[],
  { reusable, choice }: ReuseDecision,
): Promise<AcquiredCredential> {
  context.report.choice(choice)
  const acquired =
    reusable === undefined ? await acquireNew(context, targets) : { verified: reusable, targets, pendingKey: undefined }
  const { inputs, journal, report } = context
  const { credential, verifications } = acquired.verified
  if (inputs.verify) report.verifications(verifications)
  else if (credential.origin !== 'planned') report.unverified(credential.tokenId)
  // A minted one is reported as soon as it exists.
  if (credential.origin === 'reused' || credential.origin === 'provided') report.credential(credential, inputs)
  if (credential.origin === 'planned') report.nextRotation(credential.mintedAt)
  if (credential.origin === 'minted' && inputs.secret === undefined) journal.settled()
  return acquired
}

/** The provided credential, a placeholder in a dry run, or a new token. */
async function acquireNew(context: RunContext, targets: readonly TargetState[]): Promise<AcquiredCredential> {
  const { provided, inputs } = context
  if (provided === undefined && !inputs.dryRun) return await acquireMinted(context, targets)
  const credential = provided ? useProvided(context, provided) : plannedToken(context)
  return { verified: await verifyNewCredential(context, credential), targets, pendingKey: undefined }
}

/**
 * A new token that the registries accept, or the newer one of a concurrent run.
 * @param avoided targets that do not record its rotation
 */
export async function acquireMinted(
  context: RunContext,
  observed: readonly TargetState[],
  avoided: readonly Target[] = [],
): Promise<AcquiredCredential> {
  const { credential, targets, pendingKey } = await mint(context, observed, avoided)
  try {
    return { verified: await verifyNewCredential(context, credential), targets, pendingKey }
  } catch (error) {
    const other = await afterRefusal(context, credential)
    if (other === undefined) throw error
    return { ...other, pendingKey }
  }
}

/** Revokes the refused token, and looks for the token of a concurrent run that may have taken it for a leftover. */
async function afterRefusal(
  context: RunContext,
  refused: Credential,
): Promise<Omit<AcquiredCredential, 'pendingKey'> | undefined> {
  await revokeUnused(context, refused)
  const targets = await observe(context)
  const newer = newerThan(refused, storedIn(targets), context.login)
  if (newer === undefined) return undefined
  const verified = await useNewerCredential(context, newer, { own: refused, targets }).catch(() => undefined)
  return verified && { verified, targets }
}

/** Revokes a new token that no target holds. Failing to is a warning: the post step tries again. */
export async function revokeUnused(context: RunContext, credential: Credential): Promise<void> {
  const { cleanupIssuer, journal, ownership, report } = context
  const { tokenId } = credential
  try {
    await (await cleanupIssuer()).revoke(tokenId)
    ownership.refresh()
    journal.settled()
    report.withdraw(credential)
    log.info(`Revoked unused token ${tokenId}: it was not written to any namespace.`)
  } catch (error) {
    const what = `Could not revoke unused token ${tokenId}, which was not written to any namespace`
    log.warning('unused-token-alive', `${what}: ${reason(error)}. The post step tries again.`)
  }
}
