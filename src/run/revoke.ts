import { type ActionError, actionErrorsOf } from '../core/errors.ts'
import type { Evidence } from '../policy/evidence.ts'
import { decideRevocation, type KeptToken, keepAll, type RevocationDecision } from '../policy/revocation.ts'
import * as log from '../runner/log.ts'
import { WAIT_FOR_PULLS } from '../runner/timeline.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'
import { gatherEvidence } from './evidence.ts'
import { waitForInFlightPulls } from './grace-period.ts'
import { endUnfinished } from './pending-rotation.ts'
import { type ReadBack, readBack } from './read-back.ts'
import { settleRecords } from './settle.ts'

/**
 * Revokes the tokens that this run superseded, and what earlier runs left alive, as far as it can show that nothing needs
 * them. One that fails does not stop the others. What stays alive is reported and recorded for the next run.
 * @param hasFailedWorkloads then nothing is revoked
 */
export async function revokeSuperseded(
  context: RunContext,
  distribution: DistributedSecret,
  hasFailedWorkloads: boolean,
): Promise<readonly ActionError[]> {
  const { inputs, report, journal } = context
  if (inputs.dryRun) return []
  const gathered = await gatherEvidence(context, distribution, hasFailedWorkloads)
  const decision =
    'evidence' in gathered
      ? decideRevocation(distribution.plan, gathered.evidence, gathered.current)
      : keepAll(distribution.plan, gathered.unfinished, gathered.blocker)
  const live = 'evidence' in gathered ? gathered.evidence.live : undefined
  const result = await withoutGone(context, distribution, {
    live,
    result: await carryOut(context, distribution, decision),
  })
  if (inputs.revoke !== 'never') {
    const next = inputs.verify ? 'The next run' : 'The next run with `verify: true`'
    const isWarned = warnOf(result.unrevoked, next)
    if (!isWarned && 'blocker' in gathered && gathered.unfinished.count > 0) warnUnfinished(gathered.blocker, next)
    await settleRecords(context, distribution, { ...result, isAsked: live !== undefined })
  }
  report.revocation(result)
  const errors = [...gathered.errors, ...result.errors]
  if (errors.length + distribution.errors.length === 0 && !hasFailedWorkloads) journal.settled()
  return errors
}

export interface RevocationResult {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly KeptToken[]
  /** The targets as they were read back; undefined when they were not. */
  readonly current: ReadBack['current'] | undefined
  readonly errors: readonly ActionError[]
}

/** Waits for pulls in flight, reads the targets back, and revokes. */
async function carryOut(
  context: RunContext,
  distribution: DistributedSecret,
  { revoke, keep }: RevocationDecision,
): Promise<RevocationResult> {
  const { journal, clock, signal, report } = context
  logKept(keep)
  if (revoke.length === 0) return { revoked: [], unrevoked: keep, current: undefined, errors: [] }
  const keepInstead = (reason: string, state?: KeptToken['state']) => {
    const kept = revoke.map((tokenId): KeptToken => ({ tokenId, reason, ...(state && { state }) }))
    logKept(kept)
    return { revoked: [], unrevoked: [...keep, ...kept] }
  }
  if (!(await endUnfinished(context, distribution))) {
    return { ...keepInstead('a concurrent run continued its rotation'), current: undefined, errors: [] }
  }
  journal.revocationStarts(revoke)
  await report.timeline.phase(WAIT_FOR_PULLS, () => waitForInFlightPulls(clock, distribution.writtenAtMs, signal))
  const { current, changes } = await report.timeline.phase('Read the secrets back', () =>
    readBack(context, distribution, revoke),
  )
  report.changedAfterWrite(changes)
  if (changes.length > 0) return { ...keepInstead(CHANGED, 'reported'), current, errors: changes }
  const revoked = await report.timeline.phase('Revoke old tokens', () => revokeEach(context, revoke, keep))
  return { ...revoked, current }
}

const CHANGED = 'a target did not hold the new token any more when it was read back, see the error'

async function revokeEach(
  { issuer }: RunContext,
  ids: readonly string[],
  keep: readonly KeptToken[],
): Promise<Omit<RevocationResult, 'current'>> {
  const results: { readonly tokenId: string; readonly errors: readonly ActionError[] }[] = []
  for (const tokenId of ids) {
    try {
      await (await issuer()).revoke(tokenId)
      log.info(`Revoked token ${tokenId}: nothing needs it any more.`)
      results.push({ tokenId, errors: [] })
    } catch (error) {
      results.push({ tokenId, errors: actionErrorsOf(error) })
    }
  }
  const failed = results.filter(({ errors }) => errors.length > 0)
  const reason = 'the issuer did not revoke it, see the error'
  return {
    revoked: results.filter(({ errors }) => errors.length === 0).map(({ tokenId }) => tokenId),
    unrevoked: [...keep, ...failed.map(({ tokenId }): KeptToken => ({ tokenId, reason, state: 'reported' }))],
    errors: failed.flatMap(({ errors }) => errors),
  }
}

interface Attempt {
  /** What was alive when the run decided; undefined when the issuer was not asked. */
  readonly live: Evidence['live']
  readonly result: RevocationResult
}

/** A concurrent run that finishes the same rotation may have revoked a token since: that one is no reason for a warning. */
async function withoutGone(
  { ownership }: RunContext,
  { outcomes }: DistributedSecret,
  { live: before, result }: Attempt,
): Promise<RevocationResult> {
  if (before === undefined || surprisingIn(result.unrevoked).length === 0) return result
  ownership.refresh()
  const now = await ownership.live(outcomes).catch(() => before)
  const isGone = ({ tokenId }: KeptToken) => before.has(tokenId) && !now.has(tokenId)
  return { ...result, unrevoked: result.unrevoked.filter((token) => !isGone(token)) }
}

function logKept(kept: readonly KeptToken[]): void {
  for (const { tokenId, reason } of kept) log.info(`Kept old token ${tokenId}: ${reason}.`)
}

function warnUnfinished(blocker: string, next: string): void {
  log.warning(
    'token-still-alive',
    `An earlier run did not finish its rotation, and this one did not either: ${blocker}. ${next} tries again.`,
  )
}

const MAX_WARNED = 10

/** Tokens that no secret is seen to hold: those are alive for no reason that the user chose. */
function surprisingIn(unrevoked: readonly KeptToken[]): KeptToken[] {
  return unrevoked.filter(({ state }) => state === undefined)
}

/**
 * One annotation for all of them.
 * @param next the run that tries again
 * @returns whether there are any
 */
function warnOf(unrevoked: readonly KeptToken[], next: string): boolean {
  const surprising = surprisingIn(unrevoked)
  if (surprising.length === 0) return false
  const named = surprising.slice(0, MAX_WARNED).map(({ tokenId, reason }) => `${tokenId} (${reason})`)
  const rest = surprising.length > MAX_WARNED ? ` and ${surprising.length - MAX_WARNED} more` : ''
  log.warning('token-still-alive', `Old tokens are still alive: ${named.join(', ')}${rest}. ${next} tries again.`)
  return true
}
