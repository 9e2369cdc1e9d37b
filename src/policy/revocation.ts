import type { Ownership } from '../issuer/issuer.ts'
import { clustersOf } from '../pull-secret/scope.ts'
import type { TargetState } from '../pull-secret/target.ts'
import type { JournalRecord } from '../runner/state.ts'
import type { RotationPlan, SupersededToken } from './rotation-plan.ts'

/** Which secrets of this action hold which token, in the clusters where the user may list them. */
export interface TokenUsage {
  /** Identities of these clusters. */
  readonly clusters: ReadonlySet<string>
  /** `cluster: namespace/name` of the secrets, by the id of the token. */
  readonly holders: ReadonlyMap<string, readonly string[]>
}

export const UNKNOWN_USAGE: TokenUsage = { clusters: new Set(), holders: new Map() }

/** What is known when a plan is decided. */
export type Evidence =
  | {
      /** By the id of the token, what its issuer says of the stored values; a missing id was not asked for. */
      readonly ownership: ReadonlyMap<string, Ownership>
      readonly usage: TokenUsage
      /** Ids of tokens that earlier runs minted for this scope, as far as it is known which of them are unused. */
      readonly leftovers: readonly string[]
    }
  /** Why nothing at all is revoked. */
  | { readonly blocker: string }

/** A token that stays alive, and why. */
export interface KeptToken {
  readonly tokenId: string
  readonly reason: string
}

export interface RevocationDecision {
  /** Ids of superseded tokens that nothing needs any more. */
  readonly revoke: readonly string[]
  /** Ids of unused tokens that killed runs left. */
  readonly leftovers: readonly string[]
  readonly keep: readonly KeptToken[]
}

/** Which tokens may be revoked, and why the superseded ones among the others stay alive. */
export function decideRevocation(plan: RotationPlan, evidence: Evidence): RevocationDecision {
  const decided = plan.superseded.map((token) => ({
    tokenId: token.tokenId,
    reason: 'blocker' in evidence ? evidence.blocker : blockerOf(token, plan.scope, evidence),
  }))
  const revoke = decided.filter(({ reason }) => reason === undefined).map(({ tokenId }) => tokenId)
  const keep = decided.flatMap(({ tokenId, reason }) => (reason === undefined ? [] : [{ tokenId, reason }]))
  return { revoke, keep, leftovers: 'blocker' in evidence ? [] : unusedLeftovers(plan, evidence) }
}

/**
 * Why a superseded token stays alive. It may be revoked only when everything that it was ever written to is a target of
 * this run, or is seen not to hold it any more: a namespace that was taken off the list must not lose its pulls.
 */
function blockerOf(
  { tokenId, scopes }: SupersededToken,
  scope: string,
  { ownership, usage }: Exclude<Evidence, { blocker: string }>,
): string | undefined {
  if (!isOurs(ownership.get(tokenId))) return 'nothing shows that this action minted it and that its secret held it'
  const others = scopes.filter((one) => one !== scope)
  if (others.length === 0) return undefined
  const [holder] = usage.holders.get(tokenId) ?? []
  if (holder !== undefined) return `Secret ${holder} still holds it`
  const unseen = others.flatMap(clustersOf).find((cluster) => !usage.clusters.has(cluster))
  if (unseen === undefined) return undefined
  return `it was written to other targets, and this run cannot see whether they still hold it in cluster ${unseen}`
}

/** To revoke a token that is gone already does no harm. */
function isOurs(ownership: Ownership | undefined): boolean {
  return ownership === 'ours' || ownership === 'gone'
}

/** Whether only the secrets of whole clusters show what may be revoked. */
export function needsUsage(plan: RotationPlan, isMinted: boolean): boolean {
  const isElsewhere = plan.superseded.some(({ scopes }) => scopes.some((one) => one !== plan.scope))
  return isElsewhere || (isMinted && !plan.hasRecords)
}

/** A leftover is unused when neither this run, a target's records nor a secret of the run's clusters knows it. */
function unusedLeftovers(
  { tokenId, retained, superseded }: RotationPlan,
  { leftovers, usage }: Exclude<Evidence, { blocker: string }>,
): string[] {
  const known = new Set([tokenId, ...retained, ...usage.holders.keys(), ...superseded.map((one) => one.tokenId)])
  return leftovers.filter((id) => !known.has(id))
}

/**
 * Whether it shows which leftovers are unused. Targets without records remember nothing of earlier runs: then only seeing
 * the secrets of all clusters does.
 * @param clusters identities of the clusters of this run
 */
export function canFindLeftovers(
  { hasRecords }: RotationPlan,
  usage: TokenUsage,
  clusters: readonly string[],
): boolean {
  return hasRecords || clusters.every((cluster) => usage.clusters.has(cluster))
}

/** The result of a revocation. */
export interface Revocation {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly KeptToken[]
}

/** What the targets of a run that was interrupted after its first write hold of its credential. */
export type Holding = 'all' | 'some' | 'none' | 'unknown'

/**
 * `all` only when nothing else was left to do: a run that was interrupted before its workloads were ready is not finished by
 * its post step.
 * @param targets as they are now
 */
export function holdingOf(
  targets: readonly TargetState[],
  { phase, currentId, mintedId }: JournalRecord,
  isDeploying: boolean,
): Holding {
  const held = targets.map((target) =>
    target.status === 'ready' && target.stored.kind === 'present' ? target.stored.provenance?.tokenId : undefined,
  )
  const isDeployed = phase === 'revoking' || !isDeploying
  if (held.every((id) => id === currentId) && isDeployed) return 'all'
  if (held.some((id) => id !== undefined && (id === currentId || id === mintedId))) return 'some'
  return targets.some(({ status }) => status === 'failed') ? 'unknown' : 'none'
}

/** What the post step may revoke. */
export type CleanupDecision =
  | { readonly action: 'none'; readonly reason: string }
  /** Every target holds a newer credential than these. */
  | { readonly action: 'revoke-superseded'; readonly ids: readonly string[] }
  /** No target holds the token that the run minted; its id is unknown when the run ended before the issuer responded. */
  | { readonly action: 'revoke-minted'; readonly id: string | undefined; readonly description: string | undefined }

const NOTHING: CleanupDecision = { action: 'none', reason: 'Nothing to clean up.' }

/** @param holding undefined when the run was interrupted before its first write */
export function decideCleanup(
  record: JournalRecord,
  holding: Exclude<Holding, 'unknown'> | undefined,
): CleanupDecision {
  const { phase, description, mintedId, currentId, superseded } = record
  if (phase === 'settled') return NOTHING
  if (holding === 'some') {
    return { action: 'none', reason: `Some targets hold token ${currentId}: the next run continues with it.` }
  }
  if (holding === 'all') {
    // The run's own mint is superseded when it continued with the token of a concurrent run.
    const isOwnSuperseded = mintedId !== undefined && mintedId !== currentId
    const ids = isOwnSuperseded ? [...superseded, mintedId] : superseded
    return ids.length === 0 ? NOTHING : { action: 'revoke-superseded', ids }
  }
  return description === undefined ? NOTHING : { action: 'revoke-minted', id: mintedId, description }
}
