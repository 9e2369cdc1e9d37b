import type { KubeConfig } from '@kubernetes/client-node'
import { isAbort } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { type ClusterIdentity, identityOfUid, isUidIdentity, userInKubeconfig } from '../kubernetes/cluster-identity.ts'
import { readClusterUid } from '../kubernetes/cluster-uid.ts'
import { info } from '../runner/log.ts'
import { clustersOf } from './scope.ts'
import { isReady, type TargetState } from './target.ts'

/** A connected context, and which cluster is behind it. */
export interface Identified {
  readonly connection: Cluster
  readonly identity: ClusterIdentity
  /** False when the cluster did not respond: then its uid is unknown, even if the user may read it. */
  readonly hasResponded: boolean
}

/** What tells the identities of clusters without a request. */
interface Known {
  /** The uids in lists of all namespaces. */
  readonly listedUids?: ReadonlyMap<Cluster, string | undefined>
  /** The identities that the targets record. */
  readonly recorded?: ReadonlyMap<Cluster, string> | undefined
  /** Identities in the kubeconfig, of clusters that have not responded: they are not asked. */
  readonly unreachable?: ReadonlySet<string>
}

/** Identifies clusters; of contexts with the same address and user, only the first one asks. */
export async function identifyEach(clusters: readonly Cluster[], known: Known): Promise<Identified[]> {
  const asked = new Map<string, Promise<Identified>>()
  const identifications = clusters.map(async (connection) => {
    const listedUid = known.listedUids?.get(connection)
    const recorded = known.recorded?.get(connection)
    if (listedUid === undefined && recorded !== undefined) return identifiedByRecord(connection, recorded)
    const { identity } = connection.inKubeconfig
    if (known.unreachable?.has(identity)) return unidentified(connection)
    const first = asked.get(identity) ?? identify(connection, listedUid)
    asked.set(identity, first)
    return { ...(await first), connection }
  })
  return await Promise.all(identifications)
}

function identifiedByRecord(connection: Cluster, identity: string): Identified {
  const recorded = { identity, isIdentityCertain: false, isIdentityRecorded: true }
  return { connection, identity: recorded, hasResponded: true }
}

async function identify(connection: Cluster, listedUid: string | undefined): Promise<Identified> {
  const { inKubeconfig } = connection
  try {
    const uid = listedUid ?? (await readClusterUid(connection))
    return { connection, identity: uid === undefined ? inKubeconfig : identityOfUid(uid), hasResponded: true }
  } catch (error) {
    if (isAbort(error)) throw error
    // What the run needs of this cluster fails with the same error.
    return unidentified(connection)
  }
}

function unidentified(connection: Cluster): Identified {
  return { connection, identity: { ...connection.inKubeconfig, isIdentityCertain: false }, hasResponded: false }
}

/**
 * One cluster may be listed by two addresses. With two users it is not clear which one is to write, or whether two clusters
 * were meant.
 * @throws ActionError `contexts-same-cluster`
 */
export function checkContexts(identified: readonly Identified[], config: KubeConfig): void {
  for (const [, same] of Map.groupBy(identified, ({ identity }) => identity.identity)) {
    const addresses = new Set(same.map(({ connection }) => connection.inKubeconfig.identity))
    if (addresses.size === 1) continue
    const names = same.map(({ connection }) => connection.name)
    const contexts = `Contexts ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
    if (new Set(names.map((name) => userInKubeconfig(config, name))).size > 1) {
      throw new ActionError('contexts-same-cluster', `${contexts} are the same cluster with different users`, {
        hint: 'List one of them in `contexts`: the one whose user may write to all `namespaces`.',
      })
    }
    info(`${contexts} are the same cluster: each namespace is written once.`)
  }
}

/**
 * A cluster that does not respond keeps the identity that the secrets in the other clusters record for it. With another one
 * the stored token would not count as minted for all clusters of the run, and each run would mint a new one while it is down.
 */
export function identifyByRecords(identified: readonly Identified[], states: readonly TargetState[]): Identified[] {
  const identityOf = ({ identity }: Identified) => identity.identity
  const known = new Set(identified.filter(({ hasResponded }) => hasResponded).map(identityOf))
  const unknown = [...new Set(identified.filter(({ hasResponded }) => !hasResponded).map(identityOf))].sort()
  const recorded = unknown.length === 0 ? undefined : recordedBeside(known, unknown.length, states)
  return identified.map((one) => {
    const identity = one.hasResponded ? undefined : recorded?.[unknown.indexOf(identityOf(one))]
    return identity === undefined ? one : { ...one, identity: { ...one.identity, identity } }
  })
}

/** The other clusters of the newest scope that consists of the known clusters and `count` others. */
function recordedBeside(
  known: ReadonlySet<string>,
  count: number,
  states: readonly TargetState[],
): readonly string[] | undefined {
  const records = states
    .filter(isReady)
    .flatMap(({ stored }) => (stored.kind === 'present' ? stored.records : []))
    .sort((a, b) => (b.mintedAt?.getTime() ?? 0) - (a.mintedAt?.getTime() ?? 0))
  return records
    .flatMap(({ scopes }) => scopes.map((scope) => new Set(clustersOf(scope))))
    .filter((clusters) => known.isSubsetOf(clusters))
    .map((clusters) => [...clusters.difference(known)].sort())
    .find((others) => others.length === count && others.every(isUidIdentity))
}
