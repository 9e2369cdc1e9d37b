import { reason } from '../core/errors.ts'
import { createSend } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import { loadCleanupInputs, loadInputs } from '../inputs/inputs.ts'
import type { Issuer } from '../issuer/issuer.ts'
import { createProvider } from '../issuer/provider.ts'
import { type CleanupDecision, decideCleanup, type Holding, holdingOf } from '../policy/cleanup.ts'
import { connectClusters, readTargets } from '../pull-secret/read-targets.ts'
import { isFailed } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { JournalRecord } from '../runner/state.ts'
import { type Clock, SYSTEM_CLOCK } from './clock.ts'
import { findMinted, type Search } from './find-minted.ts'
import { waitForInFlightPulls } from './grace-period.ts'

/**
 * Finishes what an interrupted run left: revokes a token that was minted and never written, or superseded ones when every
 * target holds the new one. What it cannot do is a warning.
 */
export async function finishInterruptedRun(
  record: JournalRecord,
  signal: AbortSignal,
  clock: Clock = SYSTEM_CLOCK,
): Promise<void> {
  const holding = record.phase === 'minting' ? undefined : await readHolding(record, signal)
  if (typeof holding === 'object') return log.warning('cleanup-incomplete', cannotSee(record, holding.error))
  const decision = decideCleanup(record, holding)
  if (decision.action === 'none') return log.info(decision.reason)
  try {
    const issuer = await login(signal)
    if (decision.action === 'revoke-superseded') {
      await waitForInFlightPulls(clock, clock.elapsedMs(), signal)
      if ((await readHolding(record, signal)) !== 'all') return log.warning('cleanup-incomplete', CHANGED)
    }
    const ids = await idsOf(decision, issuer, { clock, signal })
    if (ids.length === 0) log.info('No token was minted: nothing to clean up.')
    for (const id of ids) {
      await issuer.revoke(id)
      log.info(`Revoked token ${id}: nothing needs it.`)
    }
  } catch (error) {
    log.warning('cleanup-incomplete', await stillAlive(decision, error))
  }
}

const CHANGED =
  'Nothing was revoked, because a target no longer holds the new token. Run the workflow again: it continues with what the targets hold.'

/** @returns why it cannot be seen, where a target that cannot be read may hold the token */
async function readHolding(
  record: JournalRecord,
  signal: AbortSignal,
): Promise<Exclude<Holding, 'unknown'> | { readonly error: unknown }> {
  try {
    const { targets, secret, deploy } = await loadInputs(undefined, signal)
    if (targets === undefined || secret === undefined) return 'none'
    const observed = await readTargets(connectClusters(targets, signal), targets, secret)
    const holding = holdingOf(observed, record, deploy !== undefined)
    return holding === 'unknown' ? { error: observed.find(isFailed)?.error } : holding
  } catch (error) {
    return { error }
  }
}

async function login(signal: AbortSignal): Promise<Issuer> {
  const { credential, certificates, proxies } = loadCleanupInputs()
  const send = createSend(createDispatcher(certificates, proxies), signal)
  const session = await (await createProvider(credential)).open(send, signal)
  return session.issuer(send)
}

async function idsOf(
  decision: Exclude<CleanupDecision, { action: 'none' }>,
  issuer: Issuer,
  search: Search,
): Promise<readonly string[]> {
  if (decision.action === 'revoke-superseded') return decision.ids
  if (decision.id !== undefined) return [decision.id]
  return decision.description === undefined ? [] : await findMinted(issuer, decision.description, search)
}

function cannotSee({ currentId }: JournalRecord, error: unknown): string {
  return `Nothing was revoked, because this step cannot see whether targets hold token ${currentId}: ${reason(error)}. Run the workflow again: it continues with what they hold.`
}

/** What the user can do where this step cannot: a passcode logs in once. Never a token that may be in use. */
async function stillAlive(decision: Exclude<CleanupDecision, { action: 'none' }>, error: unknown): Promise<string> {
  const { manualRevocation: byHand } = await createProvider(loadCleanupInputs().credential)
  if (decision.action === 'revoke-superseded') {
    return `Could not revoke all superseded tokens (${decision.ids.join(', ')}): ${reason(error)}. ${byHand('<id>')}`
  }
  const { id, description } = decision
  const what = id === undefined ? `a token with the description "${description}", if it was minted` : `token ${id}`
  return `Could not revoke ${what}, which was not written to any namespace: ${reason(error)}. ${byHand(id ?? '<id>')}`
}
