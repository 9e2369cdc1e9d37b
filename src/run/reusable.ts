import { DAY_MS, daysSince } from '../core/days.ts'
import { formatCount } from '../core/format.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { isProvided, passwordOf, type VerifiedCredential } from '../policy/credential.ts'
import type { CredentialChoice } from '../policy/credential-choice.ts'
import { overdueToken } from '../policy/overdue.ts'
import { type Candidate, mintSkipReason, type ReuseRequest, selectCandidates } from '../policy/reuse.ts'
import type { TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { storedIn } from './observe.ts'
import { verifyStored } from './verify.ts'

/** Whether a stored credential is reused, and why. */
export interface ReuseDecision {
  /** Undefined when another credential is needed. */
  readonly reusable: VerifiedCredential | undefined
  readonly choice: CredentialChoice
}

/**
 * The newest of the stored credentials that every registry still accepts. One that not all targets hold is distributed by
 * this run, so its issuer has to confirm that this action minted it, and when: a record may tell another date.
 */
export async function findReusable(context: RunContext, targets: readonly TargetState[]): Promise<ReuseDecision> {
  const { inputs, clock, login, report } = context
  const request: ReuseRequest = {
    ...login,
    clusters: targets.map(({ cluster }) => cluster.identity),
    maxAgeMs: inputs.maxAgeMs,
  }
  const stored = storedIn(targets)
  const overdue = overdueToken(stored, request, clock.now())
  if (overdue !== undefined) report.overdue(overdue, clock.now())
  const { candidates, skipReasons } = selectCandidates(stored, request, clock.now())
  const skipped = new Set(skipReasons)
  const confirmed: Candidate[] = []
  for (const candidate of candidates) {
    const result = await confirm(context, candidate, { targets, request })
    if (typeof result === 'object') confirmed.push(result)
    else {
      log.info(`Skipped stored token ${candidate.tokenId}: ${result}.`)
      skipped.add(result)
    }
  }
  for (const candidate of confirmed.sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())) {
    const reusable = await verifyStored(context, candidate)
    if (reusable !== undefined) return { reusable, choice: reuse(candidate, inputs, clock.now()) }
  }
  const reason = [...skipped].join(', ') || 'the registry refuses the stored one'
  return { reusable: undefined, choice: { action: login.provided ? 'write' : 'mint', reason } }
}

/** @returns the credential with the date of its issuer, or why it must not be distributed */
async function confirm(
  { ownership, clock }: RunContext,
  candidate: Candidate,
  { targets, request }: { readonly targets: readonly TargetState[]; readonly request: ReuseRequest },
): Promise<Candidate | string> {
  if (candidate.isEverywhere || request.provided !== undefined) return candidate
  const stored = { id: candidate.tokenId, value: passwordOf(candidate) }
  const mint = await ownership.mintOf(stored, targets)
  if (mint === undefined) return 'its issuer does not confirm that this action minted it'
  return mintSkipReason(candidate, mint, { request, now: clock.now() }) ?? { ...candidate, mintedAt: mint.mintedAt }
}

function reuse({ tokenId, mintedAt }: Candidate, { maxAgeMs, verify }: Inputs, now: Date): CredentialChoice {
  const verdict = verify ? 'accepted by the registry' : 'not verified'
  const age = `${formatCount(daysSince(mintedAt, now), 'day')} old (limit ${Number((maxAgeMs / DAY_MS).toFixed(1))})`
  // `max-age` has no effect on a provided one.
  const why = isProvided(tokenId) ? 'the workflow provides the same credential' : age
  return { action: 'reuse', tokenId, reason: `${why}, ${verdict}` }
}
