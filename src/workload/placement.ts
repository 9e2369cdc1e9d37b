import { DEFINITION, type Discovery } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { groupKind } from '../kubernetes/object.ts'
import type { Placed } from './apply.ts'

/** What the others need goes first; the rest stays in the order of the manifest. */
const FIRST = ['v1 Namespace', DEFINITION]

export function inOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const rank = (object: KubernetesObject) => [...FIRST, groupKind(object)].indexOf(groupKind(object))
  return objects.toSorted((one, other) => rank(one) - rank(other))
}

/**
 * Where an object of the manifest goes: to the namespace that it names, else to all; what belongs to the whole cluster
 * goes there once.
 */
export async function place(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  namespaces: readonly string[],
  discover: Discovery,
): Promise<Placed[]> {
  const resource = await discover(object)
  const { namespace } = object.metadata
  const made = objects.filter((one) => groupKind(one) === 'v1 Namespace').map(({ metadata }) => metadata.name)
  const homes = !resource.namespaced ? [''] : namespace === undefined ? namespaces : [namespace]
  return homes.map((home) => ({
    object,
    resource,
    namespace: home,
    isEarly: resource.isOwn || made.includes(home),
  }))
}
