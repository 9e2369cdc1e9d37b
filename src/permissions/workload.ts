import type { ApiServer } from '../kubernetes/client.ts'
import { createDiscovery, groupOf } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { groupKind } from '../kubernetes/object.ts'
import { placeObject } from '../workload/placement.ts'
import type { Recreatable } from '../workload/recreate.ts'
import { ROLLOUTS } from '../workload/rollout.ts'
import { type Permission, verbsToApply } from './permission.ts'

/** A permission in one of the namespaces. */
export interface NamespacedPermission extends Permission {
  readonly namespace: string
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
): Promise<NamespacedPermission[]> {
  const discover = createDiscovery(server, objects)
  const placed = await Promise.all(
    objects.map((object) => placeObject(object, { objects, namespaces, discover }).catch(() => [])),
  )
  const here = placed.flat().filter(({ namespace }) => namespaces.includes(namespace))
  return here.flatMap(({ object, resource, namespace }) => {
    const kind = groupKind(object)
    const verbs = verbsToApply({
      isFollowed: isAwaited && kind in ROLLOUTS,
      isRecreated: recreate.some((one) => one === kind),
    })
    const { name } = object.metadata
    return verbs.map((verb) => ({
      verb,
      group: groupOf(object.apiVersion),
      resource: resource.plural,
      namespace,
      name,
    }))
  })
}
