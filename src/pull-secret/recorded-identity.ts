import type { Cluster } from '../kubernetes/client.ts'
import type { StoredSecret } from './read.ts'
import { type HostOwner, ownRecords } from './record.ts'
import { clustersOf } from './scope.ts'
import { isMarkable, type TargetState } from './target.ts'

/**
 * The identities that the targets record for their clusters, by cluster. They save a run that leaves all as it is the request
 * for the uid. Anyone who may edit all secrets of a step in a cluster can change them, so no token is minted, distributed or
 * revoked on the strength of them.
 */
export function recordedIdentities(
  clusters: readonly Cluster[],
  states: readonly TargetState[],
  owner: HostOwner,
): ReadonlyMap<Cluster, string> {
  const recorded = clusters.flatMap((cluster) => {
    const identity = recordedIdentity(
      cluster,
      states.filter((state) => isSameConnection(state.cluster, cluster)),
      owner,
    )
    return identity === undefined ? [] : [{ cluster, identity }]
  })
  // Two that seem to be one are asked.
  const isAmbiguous = recorded.some((one) => recorded.some((other) => isDouble(one, other)))
  return new Map(isAmbiguous ? [] : recorded.map(({ cluster, identity }) => [cluster, identity]))
}

interface Recorded {
  readonly cluster: Cluster
  readonly identity: string
}

function isDouble(one: Recorded, other: Recorded): boolean {
  return one.identity === other.identity && !isSameConnection(one.cluster, other.cluster)
}

function isSameConnection({ inKubeconfig: one }: Cluster, { inKubeconfig: other }: Cluster): boolean {
  return one.identity === other.identity
}

/**
 * The identity that all targets in a cluster record for it, when it was written by the same kubeconfig and no target has
 * anything left to do: they hold the same credential, nothing is pending, and nothing is retained.
 */
function recordedIdentity(
  { inKubeconfig }: Cluster,
  states: readonly TargetState[],
  owner: HostOwner,
): string | undefined {
  const recorded = states.map((state) => (isMarkable(state) ? settledIn(state.stored, owner) : undefined))
  const [first] = recorded
  if (first === undefined || first.cluster.inKubeconfig !== inKubeconfig.identity) return undefined
  const expected = JSON.stringify(first)
  return recorded.every((one) => JSON.stringify(one) === expected) ? first.cluster.identity : undefined
}

/** What a target holds and records of a credential with which it has nothing left to do. */
function settledIn({ records, pending, entries }: StoredSecret, owner: HostOwner) {
  const [record, ...others] = ownRecords(records, owner)
  if (record === undefined || others.length > 0 || pending.length > 0 || record.retained.length > 0) return undefined
  const { tokenId, cluster, scopes } = record
  if (cluster === undefined || !scopes.every((scope) => clustersOf(scope).includes(cluster.identity))) return undefined
  return { tokenId, cluster, scopes, logins: owner.hosts.map((host) => entries[host]) }
}
