import { asObject, asObjects } from '../core/json.ts'
import { type KubernetesObject, uidOf } from '../kubernetes/object.ts'
import { withoutGeneratedFields } from './generated-fields.ts'

/**
 * What an API server or a controller writes, and `kubectl get -o yaml` prints. Server-side apply refuses some of it, or finds
 * a conflict with the object that exists by now:
 * https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#metadata.
 */
const METADATA = [
  ...['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields'],
  ...['resourceVersion', 'selfLink', 'uid'],
]
/** https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const ANNOTATIONS = [
  ...['deployment.kubernetes.io/revision', 'kubectl.kubernetes.io/last-applied-configuration'],
  ...['deprecated.daemonset.template.generation', 'kubernetes.io/service-account.uid'],
  ...['autoscaling.alpha.kubernetes.io/conditions', 'autoscaling.alpha.kubernetes.io/current-metrics'],
  ...['pv.kubernetes.io/bind-completed', 'pv.kubernetes.io/bound-by-controller', 'pv.kubernetes.io/provisioned-by'],
  ...['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'],
  'volume.kubernetes.io/selected-node',
]

/** An object of a manifest that is applied. */
export interface CleanObject {
  readonly object: KubernetesObject
  /** The names of the fields that a server wrote, and that had a value. */
  readonly dropped: readonly string[]
}

/**
 * The objects without what a server wrote, as `kubectl get -o yaml` prints them. Those that a controller made for another object of the
 * manifests are left out, such as the Pods of a Deployment in `kubectl get all -o yaml`.
 */
export function withoutServerState(objects: readonly KubernetesObject[]): {
  readonly objects: readonly CleanObject[]
  readonly leftOut: readonly KubernetesObject[]
} {
  const uids = new Set(objects.map(uidOf).filter(Boolean))
  const isMade = ({ metadata }: KubernetesObject) =>
    asObjects(metadata.ownerReferences).some(({ controller, uid }) => controller === true && uids.has(String(uid)))
  return {
    objects: objects.filter((object) => !isMade(object)).map(withoutServerFields),
    leftOut: objects.filter(isMade),
  }
}

function withoutServerFields(printed: KubernetesObject): CleanObject {
  // A manifest that was written by hand has neither: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids
  const isPrinted = uidOf(printed) !== '' || !isEmpty(printed.metadata.resourceVersion)
  const generated = isPrinted ? withoutGeneratedFields(printed) : { object: printed, dropped: [] }
  const { object } = generated
  const { status, ...rest } = object
  const metadata = omit(object.metadata, METADATA)
  const annotations = omit(asObject(object.metadata.annotations), ANNOTATIONS)
  const dropped = [
    ...metadata.dropped.map((name) => `metadata.${name}`),
    ...annotations.dropped.map((name) => `annotation ${name}`),
    ...(isEmpty(status) ? [] : ['status']),
    ...generated.dropped,
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
