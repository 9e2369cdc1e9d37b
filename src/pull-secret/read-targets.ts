import { type Cluster, connect } from '../kubernetes/client.ts'
import { checkContexts, type Identified, identify, identifyByRecords } from './identify-clusters.ts'
import { chooseNamespaces, listsAllNamespaces, type NamespaceChoice } from './namespaces.ts'
import type { SecretLookup } from './refusal.ts'
import { type FailedTarget, failedTarget, type Target, type TargetState } from './target.ts'
import { observeTargets, type TargetSelection } from './targets.ts'

/**
 * Connects to the clusters and reads what the targets hold. Each namespace of each cluster is a target, once, however many
 * contexts lead there. A cluster whose namespaces cannot be read is one target that fails.
 * @param secret undefined: nothing is read
 * @throws ActionError `contexts-same-cluster`
 */
export async function readTargets(
  selection: TargetSelection,
  secret: SecretLookup | undefined,
  signal: AbortSignal,
): Promise<TargetState[]> {
  // Of contexts with the same address and user, only the first one asks.
  const identities = new Map<string, Promise<Identified>>()
  const selected = selection.contexts.map((context) => {
    const cluster = connect(selection, context, signal)
    const { targets, clusterUid } = select(cluster, selection)
    const first = identities.get(cluster.identity) ?? identify(cluster, clusterUid)
    identities.set(cluster.identity, first)
    return { targets, identified: first.then((found) => ({ ...found, connection: cluster })) }
  })
  const targets = distinct((await Promise.all(selected.map((one) => one.targets))).flat())
  // No request waits for the identities.
  const [states, identified] = await Promise.all([
    secret === undefined ? targets.map(withoutSecret) : observeTargets(targets, secret),
    Promise.all(selected.map((one) => one.identified)),
  ])
  checkContexts(identified, selection.config)
  const clusters = new Map(
    identifyByRecords(identified, states).map(({ connection, identity }) => [
      connection,
      { ...connection, ...identity },
    ]),
  )
  return distinct(states.map((state) => ({ ...state, cluster: clusters.get(state.cluster) ?? state.cluster })))
}

interface Selected {
  readonly targets: Promise<readonly (Target | FailedTarget)[]>
  /** Of the list of namespaces; undefined at once where they are not all listed. */
  readonly clusterUid: Promise<string | undefined>
}

function select(cluster: Cluster, choice: NamespaceChoice): Selected {
  const chosen = chooseNamespaces(cluster, choice)
  const targets = chosen.then(
    ({ names }) => names.map((namespace) => ({ cluster, namespace })),
    (error: unknown) => [failedTarget({ cluster, namespace: '*' }, error)],
  )
  const listedUid = chosen.then(
    ({ clusterUid }) => clusterUid,
    () => undefined,
  )
  return { targets, clusterUid: listsAllNamespaces(choice) ? listedUid : Promise.resolve(undefined) }
}

function withoutSecret(target: Target | FailedTarget): TargetState {
  return 'status' in target ? target : { ...target, status: 'ready', stored: { kind: 'absent' } }
}

/** The first target of each namespace of each cluster. */
function distinct<T extends Target>(targets: readonly T[]): T[] {
  const byPlace = targets.map((one) => [`${one.cluster.identity}/${one.namespace}`, one] as const)
  return [...new Map(byPlace.toReversed()).values()].toReversed()
}
