import type { ApiServer } from './api-server.ts'
import { createDiscovery, groupOf } from './discovery.ts'
import type { KubernetesObject } from './manifest.ts'
import { place } from './placement.ts'
import { groupKind } from './pod-spec.ts'
import { ROLLOUTS } from './rollout.ts'

/** A right that a login has or lacks, in the words of an access review. */
export interface Right {
  readonly verb: string
  /** Empty is the core group. */
  readonly group: string
  readonly resource: string
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string
  /** Of the object. */
  readonly name: string
}

/** The rights that applying and awaiting a manifest takes. A kind that is nowhere is told when it is to be applied. */
export async function requirements(
  server: ApiServer,
  objects: readonly KubernetesObject[],
  namespaces: readonly string[],
  { isAwaited, recreatePods }: { readonly isAwaited: boolean; readonly recreatePods: boolean },
): Promise<Right[]> {
  const discover = createDiscovery(server, objects)
  const placed = await Promise.all(
    objects.map((object) => place(object, objects, namespaces, discover).catch(() => [])),
  )
  return placed.flat().flatMap(({ object, resource, namespace }) => {
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
