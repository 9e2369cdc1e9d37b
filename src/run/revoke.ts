import { type ActionError, actionErrorsOf } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import {
  canFindLeftovers,
  decideRevocation,
  type KeptToken,
  keepAll,
  needsUsage,
  type RevocationDecision,
  type TokenUsage,
  UNKNOWN_USAGE,
  unusedLeftovers,
} from '../policy/revocation.ts'
import { type RotationPlan, refinePlan } from '../policy/rotation-plan.ts'
import { leftoversAmong, type Mint } from '../policy/token-description.ts'
import { listHolders } from '../pull-secret/list.ts'
import { isFailed } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { prefixOf } from './credential.ts'
import type { DistributedSecret } from './distribute.ts'
import { waitForInFlightPulls } from './grace-period.ts'
import { readBack } from './read-back.ts'

/**
 * Revokes the tokens that this run superseded, and leftovers of killed runs, as far as it can show that nothing needs
 * them. One that fails does not stop the others.
 * @param isFailedRun whether a part of the run failed: then nothing is revoked
 */
export async function revokeSuperseded(
  context: RunContext,
  distribution: DistributedSecret,
  isFailedRun: boolean,
): Promise<readonly ActionError[]> {
  const { inputs, report, journal } = context
  if (inputs.dryRun) return []
  const replaced = distribution.outcomes.flatMap((outcome) => (isFailed(outcome) ? [] : [outcome.replaced]))
  const plan = refinePlan(distribution.plan, replaced)
  const { revoked, unrevoked, errors } = await (inputs.revoke === 'never'
    ? keepWithoutAsking(plan, '`revoke` is `never`')
    : isFailedRun
      ? keepWithoutAsking(plan, 'part of this run failed and some namespaces may still use it')
      : revoke(context, distribution, plan))
  report.revocation({ revoked, unrevoked })
  if (errors.length === 0 && !isFailedRun) journal.settled()
  return errors
}

const CHANGED = 'a target did not hold the new token any more when it was read back, see the error'

interface RevocationResult {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly KeptToken[]
  readonly errors: readonly ActionError[]
}

async function keepWithoutAsking(plan: RotationPlan, reason: string): Promise<RevocationResult> {
  const { keep } = keepAll(plan, reason)
  logKept(keep)
  return { revoked: [], unrevoked: keep, errors: [] }
}

async function revoke(
  context: RunContext,
  distribution: DistributedSecret,
  plan: RotationPlan,
): Promise<RevocationResult> {
  const { journal, clock, signal, ownership } = context
  const { minted } = distribution
  try {
    const clusters = [...new Set(distribution.outcomes.map(({ cluster }) => cluster))]
    const owned = await ownership.of(plan.superseded.flatMap(({ references }) => references))
    const usage = needsUsage(plan, minted !== undefined) ? await readTokenUsage(clusters) : UNKNOWN_USAGE
    const decision = decideRevocation(plan, { ownership: owned, usage })
    const isSure = canFindLeftovers(
      plan,
      usage,
      clusters.map(({ identity }) => identity),
    )
    const mint = minted && { prefix: prefixOf(context, distribution.outcomes), at: minted.mintedAt }
    const leftovers = mint && isSure ? await findLeftovers(context, mint, { plan, decision, usage }) : []
    logKept(decision.keep)
    const ids = [...decision.revoke, ...leftovers]
    if (ids.length === 0) return { revoked: [], unrevoked: decision.keep, errors: [] }
    journal.revocationStarts(decision.revoke)
    await waitForInFlightPulls(clock, distribution.writtenAtMs, signal)
    const changes = await readBack(context, distribution, ids)
    if (changes.length > 0) {
      const kept = ids.map((tokenId) => ({ tokenId, reason: CHANGED }))
      logKept(kept)
      return { revoked: [], unrevoked: [...decision.keep, ...kept], errors: changes }
    }
    const { revoked, failed, errors } = await revokeEach(context, ids)
    return { revoked, unrevoked: [...decision.keep, ...failed], errors }
  } catch (error) {
    const { keep } = keepAll(plan, 'the action could not find out whether it may be revoked, see the error')
    return { revoked: [], unrevoked: keep, errors: actionErrorsOf(error) }
  }
}

async function readTokenUsage(clusters: readonly Cluster[]): Promise<TokenUsage> {
  const seen = await Promise.all(
    clusters.map(async (cluster) => ({ cluster: cluster.identity, holders: await listHolders(cluster) })),
  )
  return {
    clusters: new Set(seen.flatMap(({ cluster, holders }) => (holders === undefined ? [] : [cluster]))),
    holders: new Map(seen.flatMap(({ holders }) => [...(holders ?? [])])),
  }
}

/** Tokens of killed runs for the same targets. To look for them takes a login, so only a run that mints does. */
async function findLeftovers(
  context: RunContext,
  mint: Mint,
  known: { plan: RotationPlan; decision: RevocationDecision; usage: TokenUsage },
): Promise<string[]> {
  const listed = await (await context.issuer()).list()
  return unusedLeftovers(known, leftoversAmong(listed, mint))
}

async function revokeEach({ issuer }: RunContext, ids: readonly string[]) {
  const results: { readonly tokenId: string; readonly error?: unknown }[] = []
  for (const tokenId of ids) {
    try {
      await (await issuer()).revoke(tokenId)
      log.info(`Revoked token ${tokenId}: nothing needs it any more.`)
      results.push({ tokenId })
    } catch (error) {
      results.push({ tokenId, error })
    }
  }
  const failed = results.filter((one) => 'error' in one)
  return {
    revoked: results.filter((one) => !('error' in one)).map(({ tokenId }) => tokenId),
    failed: failed.map(({ tokenId }) => ({ tokenId, reason: 'the issuer did not revoke it, see the error' })),
    errors: failed.flatMap(({ error }) => actionErrorsOf(error)),
  }
}

function logKept(kept: readonly KeptToken[]): void {
  for (const { tokenId, reason } of kept) log.info(`Kept old token ${tokenId}: ${reason}.`)
}
