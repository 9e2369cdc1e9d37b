import { clustersOf } from '../pull-secret/scope.ts'
import { type Credential, passwordOf } from './credential.ts'
import type { Evidence, LiveToken, UnfinishedRotations } from './evidence.ts'
import type { RotationPlan, SupersededToken } from './rotation-plan.ts'
import { hostsText, type Mint } from './token-description.ts'
import type { TokenUsage } from './token-usage.ts'

/**
 * `held`: a secret of this action is seen to hold it. `in-progress`: a concurrent run may be about to write it. `foreign`:
 * nothing shows that it is this step's. `reported`: the run fails with an error that names it.
 */
export type KeptState = 'held' | 'in-progress' | 'foreign' | 'reported'

/** The credential that every target holds. */
export type CurrentCredential = Pick<Credential, 'tokenId' | 'mintedAt' | 'logins'>

/** A later token of another scope may belong to a run that has not written it yet. */
const MIN_AGE_MS = 60 * 60_000

/** Ids of tokens that the targets name: they are to be revoked sooner or later. */
export function namedTokens(plan: RotationPlan, unfinished: UnfinishedRotations): string[] {
  const named = [...plan.superseded.map(({ tokenId }) => tokenId), ...plan.retained, ...unfinished.superseded]
  return [...new Set(named)].filter((tokenId) => tokenId !== plan.tokenId)
}

type Decision =
  | { readonly action: 'revoke' }
  | { readonly action: 'keep'; readonly reason: string; readonly state?: KeptState }
  /** It is not alive, or none of this action's. */
  | { readonly action: 'ignore' }

interface Case {
  readonly plan: RotationPlan
  readonly evidence: Evidence
  readonly current: CurrentCredential
}

/** Whether one token may be revoked. */
export function decide(tokenId: string, { plan, evidence, current }: Case): Decision {
  if (isOfOtherStep(tokenId, plan, evidence)) return { action: 'ignore' }
  const superseded = plan.superseded.find((one) => one.tokenId === tokenId)
  if (superseded !== undefined) return decideSuperseded(superseded, { plan, evidence, current })
  const { live, usage } = evidence
  if (live === undefined) {
    return keep(usage.holders.has(tokenId) ? '' : 'the issuer was not asked whether it is alive', tokenId, usage)
  }
  const mint = live.get(tokenId)
  if (mint === undefined) return { action: 'ignore' }
  const isNamed = namedTokens(plan, evidence.unfinished).includes(tokenId)
  return isNamed
    ? decideNamed(tokenId, mint, { plan, evidence, current })
    : decideLeftover(tokenId, mint, { plan, evidence, current })
}

/**
 * The tokens of all steps that keep hosts in one secret have the same scope: anyone who may edit one secret can name the
 * token of another step as superseded. For which hosts it was minted is shown by the issuer's description.
 */
function isOfOtherStep(tokenId: string, plan: RotationPlan, evidence: Evidence): boolean {
  const mint = evidence.live?.get(tokenId)
  const isForOthers = mint !== undefined && mint.hosts !== hostsText(plan.login.owner.hosts)
  return isForOthers && plan.heldByOthers.includes(tokenId)
}

/**
 * A superseded token may be revoked only when everything that it was ever written to is a target of this run, or is seen
 * not to hold it any more: a namespace that was taken off the list must not lose its pulls.
 */
function decideSuperseded(
  { tokenId, scopes, references }: SupersededToken,
  { plan, evidence, current }: Case,
): Decision {
  const { ownership, live, usage } = evidence
  const ownedAs = ownership.get(tokenId)
  const mint = live?.get(tokenId)
  if (mint !== undefined && references.some(({ value }) => value === passwordOf(current))) {
    return keep('the targets still hold its value, under another id', tokenId, usage)
  }
  if (ownedAs === 'gone') return { action: 'ignore' }
  if (mint === undefined) {
    return { action: 'keep', reason: 'its issuer does not confirm that this action minted it', state: 'foreign' }
  }
  // Its secret did not hold its value: nothing but the issuer's description shows what it was minted for.
  if (ownedAs !== 'ours') return decideNamed(tokenId, mint, { plan, evidence, current })
  // A token is never copied to clusters that it was not minted for: such a scope was written by another client.
  const clusters = clustersOf(mint.scope)
  const recorded = scopes.filter((scope) => clustersOf(scope).every((cluster) => clusters.includes(cluster)))
  const isRetained = plan.retainedBefore.includes(tokenId)
  const isOnlyHere = !isRetained && [mint.scope, ...recorded].every((scope) => scope === plan.scope)
  return decideByUsage(tokenId, mint, { evidence, isOnlyHere })
}

/** A token that the targets name without holding its value: that it is ours is shown by the issuer's description alone. */
function decideNamed(tokenId: string, mint: LiveToken, { plan, evidence, current }: Case): Decision {
  if (!isOver(mint, evidence, current)) return IN_PROGRESS
  const isOnlyHere = mint.scope === plan.scope && !plan.retained.includes(tokenId) && evidence.isScopeCertain
  return decideByUsage(tokenId, mint, { evidence, isOnlyHere })
}

/** A token that only the issuer knows of. */
function decideLeftover(tokenId: string, mint: LiveToken, { plan, evidence, current }: Case): Decision {
  const { usage, unfinished, isScopeCertain } = evidence
  if (usage.holders.has(tokenId)) return { action: 'ignore' }
  const isForHosts = mint.hosts === hostsText(plan.login.owner.hosts)
  const isOfThisStep = isForHosts && mint.scope === plan.scope
  // The namespaces of a step may have changed since: a target of this run records the mint.
  const isRecorded = isForHosts && unfinished.descriptions.includes(mint.description)
  if (!isOfThisStep && !isRecorded) {
    const isOld = mint.mintedAt.getTime() < current.mintedAt.getTime() - MIN_AGE_MS
    const isSeen = clustersOf(mint.scope).every((cluster) => usage.clusters.has(cluster))
    return isOld && isSeen && isScopeCertain
      ? decideByUsage(tokenId, mint, { evidence, isOnlyHere: false })
      : { action: 'ignore' }
  }
  if (!isOver(mint, evidence, current)) return IN_PROGRESS
  if (!isScopeCertain) return keep('another cluster may have the address of this one', tokenId, usage)
  return decideByUsage(tokenId, mint, { evidence, isOnlyHere: isOfThisStep && plan.hasRecords })
}

const IN_PROGRESS: Decision = {
  action: 'keep',
  reason: 'a concurrent run may be about to write it',
  state: 'in-progress',
}

/** Whether no run can still write it: every target holds a token that was minted later, or its run is ended first. */
function isOver({ mintedAt, description }: LiveToken, { unfinished }: Evidence, current: CurrentCredential): boolean {
  return mintedAt <= current.mintedAt || (unfinished.isEnding && unfinished.descriptions.includes(description))
}

interface UsageCase {
  readonly evidence: Evidence
  /** Whether all that it was ever written to is a target of this run. */
  readonly isOnlyHere: boolean
}

function decideByUsage(tokenId: string, { scope }: Mint, { evidence, isOnlyHere }: UsageCase): Decision {
  const { usage, failedHolders } = evidence
  const failed = failedHolders.find(({ tokenIds }) => tokenIds === undefined || tokenIds.includes(tokenId))
  if (failed !== undefined) return keep(`${failed.where} failed and may still use it`, tokenId, usage)
  if (usage.holders.has(tokenId)) return keep('', tokenId, usage)
  const unseen = clustersOf(scope).find((cluster) => !usage.clusters.has(cluster))
  if (unseen === undefined || isOnlyHere) return { action: 'revoke' }
  const reason = 'it was or may have been written to other targets, and this run cannot see whether they still hold it'
  return keep(`${reason} in cluster ${unseen}`, tokenId, usage)
}

function keep(reason: string, tokenId: string, { holders }: TokenUsage): Decision {
  const [holder] = holders.get(tokenId) ?? []
  if (holder === undefined) return { action: 'keep', reason }
  return { action: 'keep', reason: reason || `Secret ${holder} still holds it`, state: 'held' }
}
