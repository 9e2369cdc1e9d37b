import type { ApiServer } from '../kubernetes/client.ts'
import { createDiscovery, groupOf } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { groupKind } from '../kubernetes/object.ts'
import { place } from '../workload/placement.ts'
import { ROLLOUTS } from '../workload/rollout.ts'

/** A right that it takes, in the words of an access review. */
export interface Requirement {
  readonly verb: string
  /** Empty is the core group. */
  readonly group: string
  readonly resource: string
  readonly namespace: string
  /** Of the object. */
  readonly name: string
}

/**
 * The rights that applying and awaiting a manifest takes in these namespaces. What else it takes, in other namespaces and
 * for what belongs to the whole cluster, is told when it is applied; as is a kind that is nowhere.
 */
export async function requirements(
  server: ApiServer,
  objects: readonly KubernetesObject[],
  namespaces: readonly string[],
  { isAwaited, recreatePods }: { readonly isAwaited: boolean; readonly recreatePods: boolean },
): Promise<Requirement[]> {
  const discover = createDiscovery(server, objects)
  const placed = await Promise.all(
    objects.map((object) => place(object, objects, namespaces, discover).catch(() => [])),
  )
  const here = placed.flat().filter(({ namespace }) => namespaces.includes(namespace))
  return here.flatMap(({ object, resource, namespace }) => {
    const kind = groupKind(object)
    const isRecreated = kind === 'v1 Pod' && recreatePods
    const isFollowed = isAwaited && kind in ROLLOUTS
    const verbs = [...(isRecreated || isFollowed ? ['get'] : []), 'create', 'patch', ...(isRecreated ? ['delete'] : [])]
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
