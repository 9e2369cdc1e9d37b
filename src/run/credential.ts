import { randomBytes, randomUUID } from 'node:crypto'
import { ActionError, reason } from '../core/errors.ts'
import type { ProvidedCredential } from '../issuer/issuer.ts'
import { mintOnce } from '../issuer/mint-once.ts'
import { type Credential, providedTokenId, type VerifiedCredential } from '../policy/credential.ts'
import { type Candidate, newerThan, selectCandidates } from '../policy/reuse.ts'
import { describeMint } from '../policy/token-description.ts'
import type { TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import { mask } from '../runner/mask.ts'
import { useNewerCredential } from './concurrent-run.ts'
import type { RunContext } from './context.ts'
import { observe, storedIn } from './observe.ts'
import { verifyNewCredential, verifyStored } from './verify.ts'

/** What a run decided to work with, and the targets as they were last observed. */
export interface AcquiredCredential {
  readonly verified: VerifiedCredential
  readonly targets: readonly TargetState[]
}

/** Whether a stored credential is reused, and why. */
export interface ReuseDecision {
  /** Undefined when another credential is needed. */
  readonly reusable: VerifiedCredential | undefined
  /** For the log and the job summary. */
  readonly sentence: string
}

/** The first of the stored credentials that every registry still accepts. */
export async function findReusable(context: RunContext, targets: readonly TargetState[]): Promise<ReuseDecision> {
  const { inputs, provider, clock } = context
  const request = {
    ...inputs.registry,
    clusters: targets.map(({ cluster }) => cluster.identity),
    maxAgeMs: inputs.maxAgeMs,
    provided: provider.provided?.value,
  }
  const { candidates, skipReasons } = selectCandidates(storedIn(targets), request, clock.now())
  for (const candidate of candidates) {
    const reusable = await verifyStored(context, candidate)
    if (reusable !== undefined) return { reusable, sentence: reuseSentence(candidate, inputs.maxAgeMs, clock.now()) }
  }
  const need = provider.provided ? 'Writing the provided credential' : 'Minting a new token'
  const sentence = `${need}: ${skipReasons.join(', ') || 'the registry refuses the stored one'}.`
  return { reusable: undefined, sentence }
}

const DAY_MS = 24 * 60 * 60 * 1000

function reuseSentence({ tokenId, mintedAt }: Candidate, maxAgeMs: number, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - mintedAt.getTime()) / DAY_MS))
  const age = `${days} ${days === 1 ? 'day' : 'days'} old (limit ${Number((maxAgeMs / DAY_MS).toFixed(1))})`
  return `Reusing token ${tokenId}: ${age}, accepted by the registry.`
}

/**
 * A credential that works: the reusable one, the provided one, or a new one, verified before anything is written.
 * @throws ActionError | ActionErrors when there is none; a token that was minted for it is revoked
 */
export async function acquireCredential(
  context: RunContext,
  targets: readonly TargetState[],
  { reusable, sentence }: ReuseDecision,
): Promise<AcquiredCredential> {
  context.report.decision(sentence)
  const acquired = reusable === undefined ? await acquireNew(context, targets) : { verified: reusable, targets }
  const { inputs, journal, report } = context
  const { credential, verifications } = acquired.verified
  report.verifications(verifications)
  // A minted one is reported as soon as it exists.
  if (credential.origin === 'reused' || credential.origin === 'provided') report.credential(credential, inputs.registry)
  if (credential.origin === 'minted' && inputs.secret === undefined) journal.settled()
  return acquired
}

async function acquireNew(context: RunContext, targets: readonly TargetState[]): Promise<AcquiredCredential> {
  const credential = await createCredential(context, targets)
  try {
    return { verified: await verifyNewCredential(context, credential), targets }
  } catch (error) {
    const other = credential.origin === 'minted' ? await afterRefusal(context, credential) : undefined
    if (other === undefined) throw error
    return other
  }
}

/** Revokes the refused token, and looks for the token of a concurrent run that may have taken it for a leftover. */
async function afterRefusal(context: RunContext, refused: Credential): Promise<AcquiredCredential | undefined> {
  const { inputs, signal } = context
  await revokeUnused(context, refused)
  const targets = await observe(inputs, signal)
  const newer = newerThan(refused, storedIn(targets), inputs.registry)
  const verified = newer && (await useNewerCredential(context, newer).catch(() => undefined))
  return verified && { verified, targets }
}

/** The provided credential, a placeholder in a dry run, or a new token. */
async function createCredential(context: RunContext, targets: readonly TargetState[]): Promise<Credential> {
  const { provided } = context.provider
  if (provided !== undefined) return useProvided(context, provided)
  return context.inputs.dryRun ? planned(context) : await mint(context, targets)
}

/** Mints one credential. From before the request on, the post step knows how to find it. */
async function mint(context: RunContext, targets: readonly TargetState[]): Promise<Credential> {
  const { inputs, journal, report, clock, signal, session, issuer } = context
  const { organizationGuid } = await session()
  if (organizationGuid !== undefined) report.organization(organizationGuid)
  const mintedAt = clock.now()
  const unique = randomBytes(4).toString('hex')
  const purpose = { description: inputs.description, secretName: inputs.secret?.name, targets }
  const description = describeMint(purpose, { run: inputs.run.id, mintedAt, unique })
  journal.mintStarts(description)
  const { id, value, expiresAt } = await mintOnce(await issuer(), description, signal)
  journal.minted(id)
  const expiry = expiresAt ? `expires ${expiresAt.toISOString()}` : 'does not expire'
  log.info(`Minted token ${id}: ${expiry}, description "${description}"`)
  const credential: Credential = { tokenId: id, mintedAt, expiresAt, password: value, origin: 'minted' }
  report.credential(credential, inputs.registry)
  return credential
}

/** @throws ActionError when the provided credential has expired */
function useProvided({ clock }: RunContext, { value, expiresAt }: ProvidedCredential): Credential {
  const now = clock.now()
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new ActionError(
      'credential-expired',
      `The credential in \`docker-password\` expired at ${expiresAt.toISOString()}`,
      { hint: 'Let the step that logs in to the registry run in this job, before this one.' },
    )
  }
  const tokenId = providedTokenId(randomUUID())
  return { tokenId, mintedAt: now, expiresAt, password: mask(value), origin: 'provided' }
}

/** What stands for the new credential in a dry run: the API servers check a secret of the same shape. */
function planned({ clock }: RunContext): Credential {
  const password = randomBytes(16).toString('hex')
  return { tokenId: 'planned', mintedAt: clock.now(), expiresAt: undefined, password, origin: 'planned' }
}

/** Revokes a new token that no target holds. Failing to is a warning: the post step tries again. */
export async function revokeUnused(context: RunContext, credential: Credential): Promise<void> {
  const { cleanupIssuer, journal, report } = context
  const { tokenId } = credential
  try {
    await (await cleanupIssuer()).revoke(tokenId)
    journal.settled()
    report.withdraw(credential)
    log.info(`Revoked unused token ${tokenId}: it was not written to any namespace.`)
  } catch (error) {
    const what = `Could not revoke unused token ${tokenId}, which was not written to any namespace`
    log.warning('unused-token-alive', `${what}: ${reason(error)}. The post step tries again.`)
  }
}
