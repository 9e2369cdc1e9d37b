import type { ApiServer } from '../kubernetes/client.ts'
import { createDiscovery, groupOf } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { groupKind } from '../kubernetes/object.ts'
import { placeObject } from '../workload/placement.ts'
import type { Recreatable } from '../workload/recreate.ts'
import { ROLLOUTS } from '../workload/rollout.ts'
import { type Permission, permissionsToObserve, verbsToApply } from './permission.ts'

/** What an object needs in one of the namespaces. */
export interface ObjectPermissions {
  readonly namespace: string
  /** Without these the object cannot be applied. */
  readonly required: readonly Permission[]
  /** What the run can do without, and is worse. */
  readonly optional: readonly Permission[]
}

/** What is applied, and how. */
export interface WorkloadChange {
  readonly objects: readonly KubernetesObject[]
  /** Whether the run waits until the workloads are ready. */
  readonly isAwaited: boolean
  /** The kinds whose objects may be deleted and created again. */
  readonly recreate: readonly Recreatable[]
}

/**
 * The permissions to apply manifests in these namespaces and to wait for them. What is missing in other namespaces or for
 * cluster-scoped objects shows when they are applied, as does a kind that does not exist.
 */
export async function workloadPermissions(
  server: ApiServer,
  namespaces: readonly string[],
  { objects, isAwaited, recreate }: WorkloadChange,
): Promise<ObjectPermissions[]> {
  const discover = createDiscovery(server, objects)
  const placed = await Promise.all(
    objects.map((object) => placeObject(object, { objects, namespaces, discover }).catch(() => [])),
  )
  const here = placed.flat().filter(({ namespace }) => namespaces.includes(namespace))
  return here.map(({ object, resource, namespace }) => {
    const kind = groupKind(object)
    const isFollowed = isAwaited && kind in ROLLOUTS
    const verbs = verbsToApply({
      isFollowed,
      isRecreated: recreate.some((one) => one === kind),
    })
    const applied = { group: groupOf(object.apiVersion), resource: resource.plural, name: object.metadata.name }
    return {
      namespace,
      required: verbs.map((verb) => ({ verb, ...applied })),
      // A user who may get an object also takes over the fields of `kubectl apply`.
      optional: [
        { verb: 'get', ...applied },
        ...(isFollowed ? permissionsToObserve({ ...applied, kind: object.kind }) : []),
      ],
    }
  })
}
