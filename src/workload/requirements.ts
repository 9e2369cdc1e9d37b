import type { ApiServer } from './api-server.ts'
import { createDiscovery, groupOf } from './discovery.ts'
import type { KubernetesObject } from './manifest.ts'
import { place } from './placement.ts'
import { groupKind } from './pod-spec.ts'
import { ROLLOUTS } from './rollout.ts'

/** A right that a login has or lacks, in the words of an access review. */
export interface Right {
  /** Empty for the core group. */
  readonly group: string
  readonly resource: string
  readonly verb: string
  /** Absent: in the whole cluster. */
  readonly namespace?: string
  /** Without it the workload is applied and waited for all the same, and less can be said when it does not run. */
  readonly isOptional: boolean
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
  const rights = placed.flat().flatMap(({ object, resource, namespace }): Right[] => {
    const right = (
      verb: string,
      isOptional = false,
      of = { group: groupOf(object.apiVersion), resource: resource.plural },
    ) => ({
      ...of,
      verb,
      ...(namespace && { namespace }),
      isOptional,
    })
    const kind = groupKind(object)
    const rollout = isAwaited && kind in ROLLOUTS
    return [
      right('create'),
      right('patch'),
      ...(kind === 'v1 Pod' && recreatePods ? [right('get'), right('delete')] : []),
      ...(rollout ? [right('get'), right('list', true), right('watch', true)] : []),
      ...(rollout ? FOLLOWED.flatMap((of) => [right('list', true, of), right('watch', true, of)]) : []),
      ...(rollout ? [right('list', true, EVENTS)] : []),
    ]
  })
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()]
}

/** What tells why a workload is not ready. */
const FOLLOWED = [
  { group: '', resource: 'pods' },
  { group: 'apps', resource: 'replicasets' },
]
const EVENTS = { group: '', resource: 'events' }
