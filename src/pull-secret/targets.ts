import type { KubeConfig } from '@kubernetes/client-node'
import { isAbort } from '../core/abort.ts'
import { ActionError, actionErrorOf } from '../core/errors.ts'
import { isForbidden } from '../http/errors.ts'
import type { Proxies } from '../http/proxy.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { info } from '../runner/log.ts'
import { publish } from '../runner/mask.ts'
import { listSecrets } from './list.ts'
import {
  listNamespaces,
  logTerminating,
  type NamespaceChoice,
  type NamespaceCreation,
  type NamespaceStatus,
  readNamespaceStatus,
} from './namespaces.ts'
import { readSecret, type Stored, type StoredSecret } from './read.ts'
import { refusal, type SecretLookup } from './refusal.ts'
import { suggestNamespaces } from './suggest-namespaces.ts'
import {
  type FailedTarget,
  failedTarget,
  isFailed,
  type NamespaceSource,
  type Target,
  type TargetState,
} from './target.ts'

/** Which clusters and namespaces a run is about. */
export interface TargetSelection extends NamespaceChoice {
  readonly config: KubeConfig
  /** Names of contexts of `config`. */
  readonly contexts: readonly string[]
  /** Requests in flight, per cluster. */
  readonly concurrency: number
  /** Of the environment. */
  readonly proxies: Proxies
  /** Of exec plugins; by default empty. */
  readonly environment?: NodeJS.ProcessEnv
  /** Is called for every request that is sent. */
  readonly onRequest?: () => void
}

/** Up to so many targets are read one by one: that needs no permission to list. */
export const MAX_SINGLE_READS = 8

/**
 * Reads what the targets hold: by a list of the secrets of that name where there are many targets and the user may list,
 * otherwise one by one. A target that cannot be read, or must not be written, fails alone.
 */
export async function observeTargets(
  targets: readonly (Target | FailedTarget)[],
  secret: SecretLookup,
  creation?: NamespaceCreation,
): Promise<TargetState[]> {
  publish([secret.name, ...targets.flatMap(({ cluster, namespace }) => [cluster.name, namespace])])
  const failed = targets.filter((target) => 'status' in target)
  const reachable = targets.filter((target) => !('status' in target))
  const observed = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(([cluster, group]) =>
    observeCluster(cluster, group, { ...secret, creation }),
  )
  return withoutTerminating([...(await Promise.all(observed)).flat(), ...failed])
}

/** The secret to look for, and which namespaces may be missing. */
type Lookup = SecretLookup & { readonly creation: NamespaceCreation | undefined }

async function observeCluster(
  cluster: Cluster,
  targets: readonly Target[],
  secret: Lookup,
): Promise<readonly TargetState[]> {
  if (targets.length <= MAX_SINGLE_READS) return await suggestNamespaces(cluster, await observeEach(targets, secret))
  try {
    const listed = await listSecrets(cluster, secret.name, new Set(targets.map(({ namespace }) => namespace)))
    const isComplete = targets.every(({ namespace }) => listed?.has(namespace))
    const namespaces = listed === undefined || isComplete ? undefined : await listNamespaces(cluster)
    return await suggestNamespaces(
      cluster,
      await observeEach(targets, secret, { listed, namespaces }),
      namespaces?.keys(),
    )
  } catch (thrown) {
    return await observeWithoutList(targets, secret, actionErrorOf(thrown))
  }
}

/**
 * A single object can make a list fail, also one in a namespace that is no target. Then the targets are read one by one. If the
 * first of them fail like the list, the cluster fails, not the list: the other targets are not read.
 */
async function observeWithoutList(
  targets: readonly Target[],
  secret: Lookup,
  listError: ActionError,
): Promise<TargetState[]> {
  const failAll = () => targets.map((target) => failedTarget(target, listError))
  if (isAbort(listError)) return failAll()
  info(`${listError.message}; reading the targets one by one`)
  const first = await observeEach(targets.slice(0, MAX_SINGLE_READS), secret)
  const isClusterFailing = first.every((target) => isFailed(target) && target.error.code === listError.code)
  if (isClusterFailing) return failAll()
  return [...first, ...(await observeEach(targets.slice(MAX_SINGLE_READS), secret))]
}

async function observeEach(targets: readonly Target[], secret: Lookup, lists = NO_LISTS): Promise<TargetState[]> {
  return await Promise.all(targets.map((target) => observe(target, secret, lists)))
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

const NO_LISTS: Listed = { listed: undefined, namespaces: undefined }

async function observe(target: Target, secret: Lookup, { listed, namespaces }: Listed): Promise<TargetState> {
  const { cluster, namespace } = target
  const source = sourceOf(namespace, secret.creation)
  let isNamespaceUnknown = false
  try {
    const stored = listed ? (listed.get(namespace) ?? ABSENT) : await readSecret(cluster, namespace, secret.name)
    // An absent secret may be absent because its namespace is.
    if (stored.kind === 'absent') {
      const status = namespaces
        ? (namespaces.get(namespace) ?? 'missing')
        : listed && source === undefined
          ? 'active'
          : await readNamespaceStatus(target)
      if (status === 'missing' && source !== undefined)
        return { ...target, status: 'ready', stored, namespaceToCreate: source }
      isNamespaceUnknown = status === 'unknown' && source !== undefined
      if (status === 'missing' || status === 'terminating')
        return failedTarget({ ...target, stored }, namespaceError(target, status))
    }
    const refused = refusal({ ...target, stored }, secret)
    if (refused !== undefined) return failedTarget({ ...target, stored }, refused)
    return { ...target, status: 'ready', stored, ...(isNamespaceUnknown && { isNamespaceUnknown }) }
  } catch (error) {
    const failed = failedTarget(target, error)
    return source !== undefined && isForbidden(error) ? await unlessMissing(failed, source) : failed
  }
}

const ABSENT: Stored = { kind: 'absent' }

/** Where RBAC grants nothing in a namespace, a user may not read a secret whether or not the namespace exists. */
async function unlessMissing(failed: FailedTarget, source: NamespaceSource): Promise<TargetState> {
  const status = await readNamespaceStatus(failed).catch(() => 'active' as const)
  if (status === 'terminating') return failedTarget(failed, namespaceError(failed, status))
  const { cluster, namespace } = failed
  return status === 'missing'
    ? { cluster, namespace, status: 'ready', stored: ABSENT, namespaceToCreate: source }
    : { ...failed, isNamespaceUnknown: status === 'unknown' }
}

/** What creates the namespace if it does not exist; undefined: nothing. */
export function sourceOf(namespace: string, creation: NamespaceCreation | undefined): NamespaceSource | undefined {
  if (creation?.inManifest.has(namespace)) return 'manifest'
  return creation?.isRequested ? 'input' : undefined
}

/** Why nothing can be written there. */
export function namespaceError({ cluster, namespace }: Target, status: 'missing' | 'terminating'): ActionError {
  const details = { cluster: cluster.name, namespace }
  return status === 'terminating'
    ? new ActionError('namespace-terminating', `Namespace ${namespace} of cluster ${cluster.name} is terminating`, {
        hint: 'Remove it from `namespaces`, or wait until it is gone and create it again.',
        details,
      })
    : new ActionError('namespace-not-found', `Namespace ${namespace} does not exist in cluster ${cluster.name}`, {
        hint: 'Check `namespaces` and `contexts`, create the namespace first, put it into the manifests, or set `create-namespaces: true`.',
        details,
      })
}
