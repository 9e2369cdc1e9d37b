// Create, replace, patch and delete; apply is a file of its own.
import { bear, blank, descend } from './lifecycle.ts'
import { settle } from './ownership.ts'
import { checkBody, checkDeletePreconditions, checkReplacement } from './preconditions.ts'
import type { KubernetesObject, Resource } from './resources.ts'
import type { Target } from './route.ts'
import { alreadyExists, internalError, notFound, success } from './status.ts'
import type { Store } from './store.ts'
import { timestamp } from './timestamp.ts'

export interface WriteOptions {
  readonly manager: string
  readonly isDryRun: boolean
}

export function create(store: Store, target: Target, body: KubernetesObject, options: WriteOptions): KubernetesObject {
  const { resource, namespace } = target
  checkBody(target, body)
  if (body.metadata?.resourceVersion) throw internalError('resourceVersion should not be set on objects to be created')
  const object = bear(store, target, body)
  const { name } = object.metadata
  if (store.get(resource, namespace, name) !== undefined) throw alreadyExists(resource, name)
  return update(store, target, blank(object), object, options)
}

export function replace(store: Store, target: Target, body: KubernetesObject, options: WriteOptions): KubernetesObject {
  checkBody(target, body)
  const live = find(store, target)
  checkReplacement(target.resource, live, body.metadata)
  return update(store, target, live, descend(target, live, body), options)
}

export function patch(
  store: Store,
  target: Target,
  change: (live: KubernetesObject) => KubernetesObject,
  options: WriteOptions,
): KubernetesObject {
  const live = find(store, target)
  const body = change(live)
  checkBody(target, body)
  // A client may write the owners of fields.
  const { managedFields } = body.metadata ?? {}
  const owned = { ...live, metadata: { ...live.metadata, ...(managedFields && { managedFields }) } }
  return update(store, target, owned, descend(target, live, body), options)
}

function update(
  store: Store,
  target: Target,
  live: KubernetesObject,
  next: KubernetesObject,
  { manager, isDryRun }: WriteOptions,
): KubernetesObject {
  const { resource, subresource } = target
  const settled = settle(live, next, { manager, operation: 'Update', subresource })
  if (isDryRun) return settled
  const { deletionTimestamp, finalizers } = settled.metadata
  // An object that waits for its finalizers is gone with the last of them.
  if (deletionTimestamp !== undefined && finalizers === undefined && live.metadata.finalizers !== undefined) {
    store.delete(resource, settled)
    return settled
  }
  return store.put(resource, settled)
}

export function remove(store: Store, target: Target, options: KubernetesObject, isDryRun: boolean): object {
  const { resource, name } = target
  const live = find(store, target)
  checkDeletePreconditions(resource, live, options.preconditions)
  if (resource.kind === 'Namespace') return terminate(store, resource, live, isDryRun)
  const isForeground = options.propagationPolicy === 'Foreground'
  const finalizers = [
    ...new Set([...(live.metadata.finalizers ?? []), ...(isForeground ? ['foregroundDeletion'] : [])]),
  ]
  if (finalizers.length > 0 && !isDryRun) {
    const metadata = { ...live.metadata, deletionTimestamp: timestamp(), finalizers }
    return store.put(resource, { ...live, metadata })
  }
  if (!isDryRun) store.delete(resource, live)
  if (['Pod', 'ServiceAccount'].includes(resource.kind)) return live
  return success({
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.resource,
    uid: live.metadata.uid,
  })
}

/** Its contents would be removed by a controller, which is not here. */
function terminate(store: Store, resource: Resource, live: KubernetesObject, isDryRun: boolean): KubernetesObject {
  const metadata = { ...live.metadata, deletionTimestamp: timestamp() }
  const terminating = { ...live, metadata, status: { ...live.status, phase: 'Terminating' } }
  return isDryRun ? terminating : store.put(resource, terminating)
}

export function find(store: Store, { resource, namespace, name }: Target): KubernetesObject {
  const live = store.get(resource, namespace, name)
  if (live === undefined) throw notFound(resource, name)
  return live
}
