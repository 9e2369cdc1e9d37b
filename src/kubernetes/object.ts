import { asName, asObject, asObjects, asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'

/** A Kubernetes object as it is written in a manifest. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/** `apps Deployment` or `v1 Pod`: a kind, regardless of the version of its API group. */
export function groupKind({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string {
  return `${apiVersion.split('/')[0]} ${kind}`
}

/** An object as the API server returns it; none of its fields is validated. */
export type ApiObject = Readonly<Record<string, unknown>>

export function metadataOf(object: ApiObject): ApiObject {
  return asObject(object.metadata)
}

export function nameOf(object: ApiObject): string {
  return asText(metadataOf(object).name) ?? ''
}

/** Distinguishes an object from an earlier one of the same name. */
export function uidOf(object: ApiObject): string {
  return asName(metadataOf(object).uid)
}

/**
 * `is being deleted`, with what holds the object; undefined when it stays. Nothing can undo a deletion:
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/.
 */
export function deletionOf(object: ApiObject): string | undefined {
  const { deletionTimestamp, finalizers } = metadataOf(object)
  if (asText(deletionTimestamp) === undefined) return undefined
  const names = Array.isArray(finalizers) ? finalizers.slice(0, MAX_FINALIZERS).map(asName) : []
  return names.length === 0 ? 'is being deleted' : printable(`is being deleted (finalizers: ${names.join(', ')})`)
}

const MAX_FINALIZERS = 5

export function labelOf(object: ApiObject, name: string): unknown {
  return asObject(metadataOf(object).labels)[name]
}

export function annotationOf(object: ApiObject, name: string): unknown {
  return asObject(metadataOf(object).annotations)[name]
}

export function isOwnedBy(object: ApiObject, ownerUid: string): boolean {
  return asObjects(metadataOf(object).ownerReferences).some(({ uid }) => uid === ownerUid)
}

/** A condition of the status: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions. */
export function conditionOf({ status }: ApiObject, type: string): ApiObject | undefined {
  return asObjects(asObject(status).conditions).find((condition) => condition.type === type)
}

/**
 * Whether the controller has seen the current spec, so its status is up to date:
 * https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties.
 */
export function isObserved({ metadata, status }: ApiObject): boolean {
  const { generation } = asObject(metadata)
  const { observedGeneration } = asObject(status)
  const observed = typeof observedGeneration === 'number' ? observedGeneration : 0
  return observed >= (typeof generation === 'number' ? generation : 0)
}
