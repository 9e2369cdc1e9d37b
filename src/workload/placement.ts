import { asObject } from '../core/json.ts'
import { DEFINITION, type Discovery, type Resource } from '../kubernetes/discovery.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/** An object of a manifest, and where it is applied. */
export interface PlacedObject {
  readonly object: KubernetesObject
  readonly resource: Resource
  /** Empty for a cluster-scoped object. */
  readonly namespace: string
  /** Whether this run creates its namespace, or the same manifest defines its kind, so the server may not be ready for it yet. */
  readonly needsManifest: boolean
}

export interface Placement {
  /** All objects of the manifest. */
  readonly objects: readonly KubernetesObject[]
  /** Where objects go that name no namespace. */
  readonly namespaces: readonly string[]
  /** Those that this run created, or would create. */
  readonly created?: readonly string[]
  readonly discover: Discovery
}

/** The Namespaces in the manifests, with the labels that they will have. */
export function namespacesIn(objects: readonly KubernetesObject[]): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    objects
      .filter(isNamespace)
      .map(({ metadata }) => [metadata.name, { ...asObject(metadata.labels), [NAME]: metadata.name }]),
  )
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
const NAME = 'kubernetes.io/metadata.name'

export function isNamespace(object: KubernetesObject): boolean {
  return groupKind(object) === 'v1 Namespace'
}

/** Kinds that other objects need are applied first. */
const APPLIED_FIRST = ['v1 Namespace', DEFINITION]

/** Namespaces, then custom resource definitions, then the other objects in the order of the manifest. */
export function inApplyOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const rank = (object: KubernetesObject) => [...APPLIED_FIRST, groupKind(object)].indexOf(groupKind(object))
  return objects.toSorted((one, other) => rank(one) - rank(other))
}

/**
 * Places an object in the namespace that it names, else in all target namespaces; a cluster-scoped object once.
 * @throws ActionError `kind-not-found`
 */
export async function placeObject(
  object: KubernetesObject,
  { objects, namespaces, created = [], discover }: Placement,
): Promise<PlacedObject[]> {
  const resource = await discover(object)
  const own = object.metadata.namespace
  const made = [...namespacesIn(objects).keys(), ...created]
  const destinations = !resource.namespaced ? [''] : own ? [own] : namespaces
  return destinations.map((namespace) => ({
    object,
    resource,
    namespace,
    needsManifest: resource.isOwn || made.includes(namespace),
  }))
}
