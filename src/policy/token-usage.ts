import type { RotationPlan } from './rotation-plan.ts'

/** Which secrets of this action hold which token, in the clusters where the user may list them. */
export interface TokenUsage {
  /** Identities of these clusters. */
  readonly clusters: ReadonlySet<string>
  /** `cluster: namespace/name` of the secrets, by the id of the token. */
  readonly holders: ReadonlyMap<string, readonly string[]>
}

export const UNKNOWN_USAGE: TokenUsage = { clusters: new Set(), holders: new Map() }

/**
 * The usage without the targets where this run replaced a token: if another client has written the token back there,
 * reading the targets back fails the run, and keeping the token quietly would not.
 * @param written `cluster: namespace/name` of these targets
 */
export function withoutReplaced(
  { clusters, holders }: TokenUsage,
  { superseded }: RotationPlan,
  written: ReadonlySet<string>,
): TokenUsage {
  const replaced = new Set(superseded.map(({ tokenId }) => tokenId))
  const others = [...holders].map(([tokenId, places]) => {
    const rest = replaced.has(tokenId) ? places.filter((place) => !written.has(place)) : places
    return [tokenId, rest] as const
  })
  return { clusters, holders: new Map(others.filter(([, places]) => places.length > 0)) }
}
