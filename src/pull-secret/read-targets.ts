import type { KubeConfig } from '@kubernetes/client-node'
import { isAbort } from '../core/abort.ts'
import { NetworkError } from '../http/errors.ts'
import { type Cluster, type ClusterAccess, connect } from '../kubernetes/client.ts'
import { checkContexts, type Identified, identifyByRecords, identifyEach } from './identify-clusters.ts'
import { chooseNamespaces, type NamespaceChoice, type NamespaceCreation, readNamespaceStatus } from './namespaces.ts'
import { recordedIdentities } from './recorded-identity.ts'
import type { SecretLookup } from './refusal.ts'
import { type FailedTarget, failedTarget, isFailed, type Target, type TargetState } from './target.ts'
import { observeTargets, sourceOf, type TargetSelection } from './targets.ts'
import { withoutVanished } from './vanished.ts'

/** The clusters of a run: they are connected to when the first request is sent. */
export function connectClusters(
  selection: TargetSelection & Pick<ClusterAccess, 'early' | 'firstResponseLimitMs'>,
  signal: AbortSignal,
): readonly Cluster[] {
  return selection.contexts.map((context) => connect(selection, context, signal))
}

/**
 * Reads what the targets hold. Each namespace of each cluster is a target, once, however many
 * contexts lead there. A cluster whose namespaces cannot be read is one target that fails. Where nothing is left to do, the
 * secrets in a cluster tell its identity: `confirmClusters` asks the API server.
 * @param secret undefined: nothing is read
 * @throws ActionError `contexts-same-cluster`, or when the run ends while the clusters are identified
 */
export async function readTargets(
  clusters: readonly Cluster[],
  selection: TargetSelection,
  secret: SecretLookup | undefined,
): Promise<TargetState[]> {
  const chosen = await Promise.all(clusters.map((cluster) => choose(cluster, selection)))
  const targets = distinct(chosen.flatMap((one) => one.targets))
  const { creation } = selection
  const states =
    secret === undefined
      ? await Promise.all(targets.map((target) => withoutSecret(target, creation)))
      : withoutVanished(await observeTargets(targets, secret, creation), selection)
  // No other cluster is to blame.
  if (states.some(isAborted)) return states
  const listedUids = new Map(chosen.map(({ cluster, clusterUid }) => [cluster, clusterUid]))
  const recorded = secret === undefined ? undefined : recordedIdentities(clusters, states, secret.owner)
  return withIdentities(
    states,
    await identifyEach(clusters, { listedUids, recorded, unreachable: unreachableIn(states) }),
    selection.config,
  )
}

/**
 * Asks the API servers which clusters they are, where only the secrets in them record it.
 * @throws ActionError `contexts-same-cluster`
 */
export async function confirmClusters(states: readonly TargetState[], config: KubeConfig): Promise<TargetState[]> {
  const clusters = [...new Set(states.map(({ cluster }) => cluster))]
  if (!clusters.some(({ isIdentityRecorded }) => isIdentityRecorded)) return [...states]
  return withIdentities(states, await identifyEach(clusters, { unreachable: unreachableIn(states) }), config)
}

/** Whether the run ended before a target was read. */
export function isAborted(target: TargetState): target is FailedTarget {
  return isFailed(target) && isAbort(target.error)
}

/** The clusters that did not respond for any of their targets: they are not asked for anything else. */
function unreachableIn(states: readonly TargetState[]): ReadonlySet<string> {
  const byCluster = Map.groupBy(states, ({ cluster }) => cluster.inKubeconfig.identity)
  const isUnreachable = (state: TargetState) => isFailed(state) && state.error instanceof NetworkError
  return new Set([...byCluster].flatMap(([identity, group]) => (group.every(isUnreachable) ? [identity] : [])))
}

interface ChosenTargets {
  readonly cluster: Cluster
  readonly targets: readonly (Target | FailedTarget)[]
  /** Undefined where not all namespaces were listed. */
  readonly clusterUid: string | undefined
}

async function choose(cluster: Cluster, choice: NamespaceChoice): Promise<ChosenTargets> {
  try {
    const { names, clusterUid } = await chooseNamespaces(cluster, choice)
    return { cluster, targets: names.map((namespace) => ({ cluster, namespace })), clusterUid }
  } catch (error) {
    return { cluster, targets: [failedTarget({ cluster, namespace: '*' }, error)], clusterUid: undefined }
  }
}

function withIdentities(
  states: readonly TargetState[],
  identified: readonly Identified[],
  config: KubeConfig,
): TargetState[] {
  checkContexts(identified, config)
  const clusters = new Map(
    identifyByRecords(identified, states).map(({ connection, identity }) => [
      connection,
      { ...connection, ...identity },
    ]),
  )
  return distinct(states.map((state) => ({ ...state, cluster: clusters.get(state.cluster) ?? state.cluster })))
}

/** Only a namespace that may be created is looked for. Those in the manifests are applied before the other objects. */
async function withoutSecret(
  target: Target | FailedTarget,
  creation: NamespaceCreation | undefined,
): Promise<TargetState> {
  if ('status' in target) return target
  const ready: TargetState = { ...target, status: 'ready', stored: { kind: 'absent' } }
  if (sourceOf(target.namespace, creation) !== 'input') return ready
  try {
    const status = await readNamespaceStatus(target)
    if (status === 'unknown') return { ...ready, isNamespaceUnknown: true }
    return status === 'missing' ? { ...ready, namespaceToCreate: 'input' } : ready
  } catch (error) {
    return failedTarget(target, error)
  }
}

/** The first target of each namespace of each cluster. */
function distinct<T extends Target>(targets: readonly T[]): T[] {
  const byPlace = targets.map((one) => [`${one.cluster.identity}/${one.namespace}`, one] as const)
  return [...new Map(byPlace.toReversed()).values()].toReversed()
}
