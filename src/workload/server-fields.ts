import { asObject } from '../core/json.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'

/**
 * What an API server or a controller writes, and `kubectl get -o yaml` prints. Server-side apply refuses some of it, or finds
 * a conflict with the object that exists by now:
 * https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#metadata.
 */
const METADATA = [
  ...['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields'],
  ...['resourceVersion', 'selfLink', 'uid'],
]
const ANNOTATIONS = ['deployment.kubernetes.io/revision', 'kubectl.kubernetes.io/last-applied-configuration']

/** The object without what a server writes, and the names of the fields that had a value. */
export function withoutServerFields(object: KubernetesObject): {
  readonly object: KubernetesObject
  readonly dropped: readonly string[]
} {
  const { status, ...rest } = object
  const metadata = omit(object.metadata, METADATA)
  const annotations = omit(asObject(object.metadata.annotations), ANNOTATIONS)
  const dropped = [
    ...metadata.dropped.map((name) => `metadata.${name}`),
    ...annotations.dropped.map((name) => `annotation ${name}`),
    ...(isEmpty(status) ? [] : ['status']),
  ]
  const kept = annotations.dropped.length === 0 ? metadata.kept : { ...metadata.kept, annotations: annotations.kept }
  return { object: { ...rest, metadata: kept } as KubernetesObject, dropped }
}

function omit(fields: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const entries = Object.entries(fields)
  return {
    kept: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    // `kubectl create --dry-run=client -o yaml` prints empty ones.
    dropped: entries.filter(([name, value]) => names.includes(name) && !isEmpty(value)).map(([name]) => name),
  }
}

/** `null`, an empty text or an object without fields. */
function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === null || value === ''
}
