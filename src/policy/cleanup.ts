import type { TargetState } from '../pull-secret/target.ts'
import type { JournalRecord } from '../runner/state.ts'

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
  const held = targets.map(({ status, stored }) =>
    status === 'ready' && stored.kind === 'present' ? stored.records.map(({ tokenId }) => tokenId) : [],
  )
  const isDeployed = phase === 'revoking' || !isDeploying
  const isAny = (ids: readonly string[]) => ids.some((id) => id === currentId || id === mintedId)
  if (held.every((ids) => currentId !== undefined && ids.includes(currentId)) && isDeployed) return 'all'
  if (held.some(isAny)) return 'some'
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
