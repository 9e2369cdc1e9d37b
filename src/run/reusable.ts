import type { VerifiedCredential } from '../policy/credential.ts'
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
  /** For the log and the job summary. */
  readonly sentence: string
}

/**
 * The first of the stored credentials that every registry still accepts. One that not all targets hold is distributed by
 * this run, so its issuer has to confirm that this action minted it.
 */
export async function findReusable(context: RunContext, targets: readonly TargetState[]): Promise<ReuseDecision> {
  const { inputs, provider, clock, login } = context
  const request: ReuseRequest = {
    ...login,
    clusters: targets.map(({ cluster }) => cluster.identity),
    maxAgeMs: inputs.maxAgeMs,
    provided: provider.provided?.value,
  }
  const { candidates, skipReasons } = selectCandidates(storedIn(targets), request, clock.now())
  const skipped = [...skipReasons]
  for (const candidate of candidates) {
    const reusable = await verifyStored(context, candidate)
    if (reusable === undefined) continue
    const skipReason = await unconfirmed(context, candidate, { targets, request })
    if (skipReason === undefined) return { reusable, sentence: reuseSentence(candidate, inputs.maxAgeMs, clock.now()) }
    log.info(`Skipped stored token ${candidate.tokenId}: ${skipReason}.`)
    skipped.push(skipReason)
  }
  const need = provider.provided ? 'Writing the provided credential' : 'Minting a new token'
  const sentence = `${need}: ${[...new Set(skipped)].join(', ') || 'the registry refuses the stored one'}.`
  return { reusable: undefined, sentence }
}

/** Why a stored credential must not be distributed; undefined where it is not, or where it is ours or the workflow's. */
async function unconfirmed(
  { ownership, clock }: RunContext,
  candidate: Candidate,
  { targets, request }: { readonly targets: readonly TargetState[]; readonly request: ReuseRequest },
): Promise<string | undefined> {
  if (candidate.isEverywhere || request.provided !== undefined) return undefined
  const { tokenId, password } = candidate
  const mint = await ownership.mintOf({ id: tokenId, value: password }, targets)
  if (mint === undefined) return 'its issuer does not confirm that this action minted it'
  return mintSkipReason(candidate, mint, { request, now: clock.now() })
}

const DAY_MS = 24 * 60 * 60 * 1000

function reuseSentence({ tokenId, mintedAt }: Candidate, maxAgeMs: number, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - mintedAt.getTime()) / DAY_MS))
  const age = `${days} ${days === 1 ? 'day' : 'days'} old (limit ${Number((maxAgeMs / DAY_MS).toFixed(1))})`
  return `Reusing token ${tokenId}: ${age}, accepted by the registry.`
}
