import { type ActionError, actionErrorsOf } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import {
  canFindLeftovers,
  decideRevocation,
  type Evidence,
  type KeptToken,
  needsUsage,
  type RevocationDecision,
  type TokenUsage,
  UNKNOWN_USAGE,
} from '../policy/revocation.ts'
import { descriptionPrefix, leftoversAmong } from '../policy/token-description.ts'
import { listHolders } from '../pull-secret/list.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
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
  const { evidence, errors } = await gatherEvidence(context, distribution, isFailedRun)
  const decision = decideRevocation(distribution.plan, evidence)
  const result = await carryOut(context, distribution, decision)
  report.revocation(result)
  const allErrors = [...errors, ...result.errors]
  if (allErrors.length === 0 && !isFailedRun) journal.settled()
  return allErrors
}

interface Gathered {
  readonly evidence: Evidence
  readonly errors: readonly ActionError[]
}

/** Asks the issuer and the clusters for what the decision needs, and nothing else. */
async function gatherEvidence(
  context: RunContext,
  { plan, outcomes, minted }: DistributedSecret,
  isFailedRun: boolean,
): Promise<Gathered> {
  const { inputs, ownership, issuer } = context
  const blocked = (blocker: string, errors: readonly ActionError[] = []) => ({ evidence: { blocker }, errors })
  if (inputs.revoke === 'never') return blocked('`revoke` is `never`')
  if (isFailedRun) return blocked('part of this run failed and some namespaces may still use it')
  try {
    const clusters = [...new Set(outcomes.map(({ cluster }) => cluster))]
    const identities = clusters.map(({ identity }) => identity)
    const owned = await ownership.of(plan.superseded.flatMap(({ references }) => references))
    const usage = needsUsage(plan, minted !== undefined) ? await readTokenUsage(clusters) : UNKNOWN_USAGE
    // To look for leftovers takes a login, so only a run that mints does.
    const isSearched = minted !== undefined && canFindLeftovers(plan, usage, identities)
    const purpose = { description: inputs.description, secretName: inputs.secret?.name, targets: outcomes }
    const leftovers = isSearched
      ? leftoversAmong(await (await issuer()).list(), { prefix: descriptionPrefix(purpose), at: minted.mintedAt })
      : []
    return { evidence: { ownership: owned, usage, leftovers }, errors: [] }
  } catch (error) {
    return blocked('the action could not find out whether it may be revoked, see the error', actionErrorsOf(error))
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

interface RevocationResult {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly KeptToken[]
  readonly errors: readonly ActionError[]
}

/** Waits for pulls in flight, reads the targets back, and revokes. */
async function carryOut(
  context: RunContext,
  distribution: DistributedSecret,
  { revoke, leftovers, keep }: RevocationDecision,
): Promise<RevocationResult> {
  const { journal, clock, signal } = context
  logKept(keep)
  const ids = [...revoke, ...leftovers]
  if (ids.length === 0) return { revoked: [], unrevoked: keep, errors: [] }
  journal.revocationStarts(revoke)
  await waitForInFlightPulls(clock, distribution.writtenAtMs, signal)
  const changes = await readBack(context, distribution, ids)
  if (changes.length === 0) return await revokeEach(context, ids, keep)
  const changed = ids.map((tokenId) => ({ tokenId, reason: CHANGED }))
  logKept(changed)
  return { revoked: [], unrevoked: [...keep, ...changed], errors: changes }
}

const CHANGED = 'a target did not hold the new token any more when it was read back, see the error'

async function revokeEach(
  { issuer }: RunContext,
  ids: readonly string[],
  keep: readonly KeptToken[],
): Promise<RevocationResult> {
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
    unrevoked: [...keep, ...failed.map(({ tokenId }) => ({ tokenId, reason }))],
    errors: failed.flatMap(({ errors }) => errors),
  }
}

function logKept(kept: readonly KeptToken[]): void {
  for (const { tokenId, reason } of kept) log.info(`Kept old token ${tokenId}: ${reason}.`)
}
