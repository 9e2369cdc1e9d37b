import type { KubeConfig } from '@kubernetes/client-node'
import { ActionError } from '../core/errors.ts'
import { type Cluster, connect } from '../kubernetes/client.ts'
import { listSecrets } from './list.ts'
import {
  chooseNamespaces,
  listNamespaces,
  logTerminating,
  type NamespaceChoice,
  type NamespaceStatus,
  readNamespaceStatus,
} from './namespaces.ts'
import { readSecret, type StoredSecret } from './read.ts'
import { refusal } from './refusal.ts'
import { type FailedTarget, failedTarget, isFailed, type Target, type TargetState } from './target.ts'

/** Which clusters and namespaces a run is about. */
export interface TargetSelection extends NamespaceChoice {
  readonly config: KubeConfig
  /** Names of contexts of `config`. */
  readonly contexts: readonly string[]
  /** Requests in flight, per cluster. */
  readonly concurrency: number
}

/**
 * Connects to the clusters; each namespace of each of them is a target, once, however many contexts lead there. A
 * cluster whose namespaces cannot be read is one target that fails.
 */
export async function resolveTargets(
  selection: TargetSelection,
  signal: AbortSignal,
): Promise<(Target | FailedTarget)[]> {
  const resolved = await Promise.all(
    selection.contexts.map(async (context) => {
      const cluster = connect(selection, context, signal)
      try {
        return (await chooseNamespaces(cluster, selection)).map((namespace) => ({ cluster, namespace }))
      } catch (error) {
        return [failedTarget({ cluster, namespace: '*' }, error)]
      }
    }),
  )
  const byPlace = resolved.flat().map((one) => [`${one.cluster.identity}/${one.namespace}`, one] as const)
  return [...new Map(byPlace.toReversed()).values()].toReversed()
}

/** Up to so many targets are read one by one: that needs no permission to list. */
export const MAX_SINGLE_READS = 8

/** The secret to look for in each target. */
interface Lookup {
  readonly name: string
  readonly adopt: boolean
}

/**
 * Reads what the targets hold: by a list of the secrets of that name where there are many targets and the user may list,
 * otherwise one by one. A target that cannot be read, or must not be written, fails alone.
 */
export async function observeTargets(
  targets: readonly (Target | FailedTarget)[],
  secret: Lookup,
): Promise<TargetState[]> {
  const failed = targets.filter((target) => 'status' in target)
  const reachable = targets.filter((target) => !('status' in target))
  const observed = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(([cluster, group]) =>
    observeCluster(cluster, group, secret),
  )
  return withoutTerminating([...(await Promise.all(observed)).flat(), ...failed])
}

async function observeCluster(cluster: Cluster, targets: readonly Target[], secret: Lookup): Promise<TargetState[]> {
  try {
    const listed = targets.length > MAX_SINGLE_READS ? await listSecrets(cluster, secret.name) : undefined
    const isComplete = targets.every(({ namespace }) => listed?.has(namespace))
    const namespaces = listed === undefined || isComplete ? undefined : await listNamespaces(cluster)
    return await Promise.all(targets.map((target) => observe(target, secret, { listed, namespaces })))
  } catch (error) {
    return targets.map((target) => failedTarget(target, error))
  }
}

/** Namespaces that are being deleted take no new secret: they are left out, unless there is nothing else to do. */
function withoutTerminating(targets: readonly TargetState[]): TargetState[] {
  const isTerminating = (target: TargetState) => isFailed(target) && target.error.code === 'namespace-terminating'
  const staying = targets.filter((target) => !isTerminating(target))
  if (staying.length === 0) return [...targets]
  for (const { cluster, namespace } of targets.filter(isTerminating)) logTerminating(cluster, namespace)
  return staying
}

/** What was listed for all targets of a cluster; undefined where they are read one by one. */
interface Listed {
  readonly listed: ReadonlyMap<string, StoredSecret> | undefined
  readonly namespaces: ReadonlyMap<string, NamespaceStatus> | undefined
}

async function observe(target: Target, secret: Lookup, { listed, namespaces }: Listed): Promise<TargetState> {
  const { cluster, namespace } = target
  try {
    const stored = listed
      ? (listed.get(namespace) ?? { kind: 'absent' as const })
      : await readSecret(cluster, namespace, secret.name)
    // An absent secret may be absent because its namespace is.
    if (stored.kind === 'absent') {
      const status = namespaces
        ? (namespaces.get(namespace) ?? 'missing')
        : listed
          ? 'active'
          : await readNamespaceStatus(target)
      if (status !== 'active') return failedTarget(target, namespaceError(target, status))
    }
    const refused = refusal({ ...target, stored }, secret)
    return refused === undefined ? { ...target, status: 'ready', stored } : failedTarget(target, refused)
  } catch (error) {
    return failedTarget(target, error)
  }
}

function namespaceError({ cluster, namespace }: Target, status: 'missing' | 'terminating'): ActionError {
  const details = { cluster: cluster.name, namespace }
  return status === 'terminating'
    ? new ActionError('namespace-terminating', `Namespace ${namespace} of cluster ${cluster.name} is terminating`, {
        hint: 'Remove it from `namespaces`, or wait until it is gone and create it again.',
        details,
      })
    : new ActionError('namespace-not-found', `Namespace ${namespace} does not exist in cluster ${cluster.name}`, {
        hint: 'Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces.',
        details,
      })
}
