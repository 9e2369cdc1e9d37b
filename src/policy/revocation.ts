import type { Evidence, UnfinishedRotations } from './evidence.ts'
import type { RotationPlan } from './rotation-plan.ts'
import { type CurrentCredential, decide, type KeptState, namedTokens } from './token-decision.ts'

/** A token that stays alive, and why. */
export interface KeptToken {
  readonly tokenId: string
  readonly reason: string
  /** Absent where something prevents the revocation that the next run tries again. */
  readonly state?: KeptState
}

export interface RevocationDecision {
  /** Ids of tokens that nothing needs any more. */
  readonly revoke: readonly string[]
  readonly keep: readonly KeptToken[]
}

/**
 * Which tokens may be revoked, and why others that are alive are not: those that this run superseded, those that earlier
 * runs retained or left, and those that the issuer lists for this secret.
 */
export function decideRevocation(
  plan: RotationPlan,
  evidence: Evidence,
  current: CurrentCredential,
): RevocationDecision {
  const ids = new Set([...namedTokens(plan, evidence.unfinished), ...(evidence.live?.keys() ?? [])])
  ids.delete(current.tokenId)
  const decided = [...ids].map((tokenId) => ({ tokenId, ...decide(tokenId, { plan, evidence, current }) }))
  const kept = decided.flatMap((one): KeptToken[] => {
    if (one.action !== 'keep') return []
    const { tokenId, reason, state } = one
    return [{ tokenId, reason, ...(state && { state }) }]
  })
  return {
    revoke: decided.filter(({ action }) => action === 'revoke').map(({ tokenId }) => tokenId),
    keep: [...kept, ...keepTakenOver(plan)],
  }
}

function keepTakenOver({ takenOver }: RotationPlan): KeptToken[] {
  return takenOver.map((tokenId) => ({ tokenId, reason: 'another step minted it', state: 'foreign' }))
}

/** All tokens that the targets name stay alive, for one reason. */
export function keepAll(plan: RotationPlan, unfinished: UnfinishedRotations, reason: string): RevocationDecision {
  const named = namedTokens(plan, unfinished).map((tokenId) => ({ tokenId, reason }))
  return { revoke: [], keep: [...named, ...keepTakenOver(plan)] }
}

/** The result of a revocation. */
export interface Revocation {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly KeptToken[]
}
