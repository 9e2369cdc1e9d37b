import { type ActionError, actionErrorsOf, reason } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { type Credential, passwordOf } from '../policy/credential.ts'
import { type Evidence, type FailedHolder, NO_EVIDENCE, type UnfinishedRotations } from '../policy/evidence.ts'
import { namedTokens } from '../policy/token-decision.ts'
import { type TokenUsage, withoutReplaced } from '../policy/token-usage.ts'
import { listHolders } from '../pull-secret/list.ts'
import { placeOf } from '../pull-secret/read.ts'
import { ownRecords } from '../pull-secret/record.ts'
import { type FailedTarget, isFailed, type TargetOutcome } from '../pull-secret/target.ts'
import type { RunContext } from './context.ts'
import type { DistributedSecret } from './distribute.ts'
import { unfinishedIn } from './pending-rotation.ts'

/** What a run knows when it decides which tokens to revoke. */
export type Gathered = {
  readonly unfinished: UnfinishedRotations
  readonly errors: readonly ActionError[]
} & (
  | { readonly evidence: Evidence; readonly current: Credential }
  /** Why nothing at all is revoked. */
  | { readonly blocker: string }
)

/** Asks the issuer and the clusters for what the decision needs, and for nothing when there is nothing to decide. */
export async function gatherEvidence(
  context: RunContext,
  distribution: DistributedSecret,
  hasFailedWorkloads: boolean,
): Promise<Gathered> {
  const { inputs } = context
  const unfinished = unfinishedIn(distribution)
  const blocked = (blocker: string, errors: readonly ActionError[] = []) => ({ unfinished, blocker, errors })
  if (inputs.revoke === 'never') return blocked('`revoke` is `never`')
  if (!inputs.verify) return blocked('this run did not verify the token that replaces it, because `verify` is `false`')
  if (hasFailedWorkloads) return blocked('part of this run failed and some namespaces may still use it')
  try {
    return await ask(context, distribution, unfinished)
  } catch (error) {
    // A run that replaced nothing only tries again what an earlier one could not do.
    const isOwnWork = distribution.minted !== undefined || distribution.plan.superseded.length > 0
    if (!isOwnWork) return blocked(`the action could not find out whether it may be revoked: ${reason(error)}`)
    return blocked('the action could not find out whether it may be revoked, see the error', actionErrorsOf(error))
  }
}

async function ask(
  context: RunContext,
  distribution: DistributedSecret,
  unfinished: UnfinishedRotations,
): Promise<Gathered> {
  const named = namedTokens(distribution.plan, unfinished)
  if (named.length === 0 && distribution.minted === undefined && unfinished.count === 0) {
    return { unfinished, errors: [], current: distribution.credential, evidence: NO_EVIDENCE }
  }
  return await context.report.timeline.phase('Check which tokens are in use', () =>
    askServers(context, distribution, unfinished),
  )
}

async function askServers(
  { ownership, login }: RunContext,
  { plan, desired, outcomes, minted, credential }: DistributedSecret,
  unfinished: UnfinishedRotations,
): Promise<Gathered> {
  const failedHolders = outcomes.filter(isFailed).map((target) => failedHolder(target, plan.login))
  const isFinishing = minted !== undefined || unfinished.count > 0
  const named = namedTokens(plan, unfinished)
  const known = { unfinished, errors: [], current: credential }
  const clusters = [...new Set(outcomes.map(({ cluster }) => cluster))]
  const usage = withoutReplaced(await readTokenUsage(clusters), plan, writtenIn(outcomes, desired.name))
  const evidence: Evidence = {
    ...NO_EVIDENCE,
    usage,
    unfinished,
    failedHolders,
    isScopeCertain: clusters.every(({ isIdentityCertain }) => isIdentityCertain),
  }
  // Tokens that other secrets still hold are known to be needed: no login is necessary to keep them.
  const isSettled = !isFinishing && plan.superseded.length === 0 && named.every((id) => usage.holders.has(id))
  if (isSettled) return { ...known, evidence }
  const references = plan.superseded.flatMap((token) => token.references)
  const owned = { ownership: await ownership.of(references, outcomes), live: await ownership.live(outcomes) }
  if (credential.origin !== 'reused' || login.provided !== undefined) {
    return { ...known, evidence: { ...evidence, ...owned } }
  }
  const mint = await ownership.mintOf({ id: credential.tokenId, value: passwordOf(credential) }, outcomes)
  if (mint === undefined)
    return { ...known, blocker: 'the issuer does not confirm the token that the targets hold now' }
  return { ...known, current: { ...credential, mintedAt: mint.mintedAt }, evidence: { ...evidence, ...owned } }
}

function failedHolder(
  { cluster, namespace, stored, mayHold }: FailedTarget,
  { owner }: DistributedSecret['plan']['login'],
): FailedHolder {
  const records = stored?.kind === 'present' ? ownRecords(stored.records, owner) : []
  return {
    where: `Namespace ${namespace} in cluster ${cluster.name}`,
    // What a lost response leaves there is not known.
    tokenIds: mayHold ? undefined : stored && records.map(({ tokenId }) => tokenId),
  }
}

async function readTokenUsage(clusters: readonly Cluster[]): Promise<TokenUsage> {
  const seen = await Promise.all(
    clusters.map(async (cluster) => ({ cluster: cluster.identity, holders: await listHolders(cluster) })),
  )
  return {
    clusters: new Set(seen.flatMap(({ cluster, holders }) => (holders === undefined ? [] : [cluster]))),
    holders: merged(seen.flatMap(({ holders }) => [...(holders ?? [])])),
  }
}

/** A token may be held in several clusters. */
function merged(holders: readonly (readonly [string, readonly string[]])[]): ReadonlyMap<string, readonly string[]> {
  const byToken = Map.groupBy(holders, ([tokenId]) => tokenId)
  return new Map([...byToken].map(([tokenId, each]) => [tokenId, each.flatMap(([, places]) => places)]))
}

function writtenIn(outcomes: readonly TargetOutcome[], name: string): ReadonlySet<string> {
  const written = outcomes.filter((outcome) => !isFailed(outcome))
  return new Set(written.map(({ cluster, namespace }) => placeOf(cluster, namespace, name)))
}
