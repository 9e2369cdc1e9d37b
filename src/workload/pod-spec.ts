import { asObject, asObjects } from '../core/json.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/** The secret that Pods pull with. */
export interface PullSecret {
  readonly name: string
  /** The registry hosts that it has entries for. */
  readonly hosts: readonly string[]
  /** The service accounts that have it in the target namespaces; `*` is all. */
  readonly serviceAccounts?: readonly string[]
}

/** Where a kind that creates Pods has its pod spec, by API group and kind: a `Job` of another group has none. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  'v1 Pod': ['spec'],
  'apps Deployment': ['spec', 'template', 'spec'],
  'apps StatefulSet': ['spec', 'template', 'spec'],
  'apps DaemonSet': ['spec', 'template', 'spec'],
  'apps ReplicaSet': ['spec', 'template', 'spec'],
  'batch Job': ['spec', 'template', 'spec'],
  'batch CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
}

/**
 * Adds the pull secret to the `imagePullSecrets` of the object's pod spec, if it has one that does not name it yet:
 * https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod.
 */
export function withPullSecret(object: KubernetesObject, secretName: string): KubernetesObject {
  return changePodSpec(object, (spec) => withEntry(spec, secretName))
}

/**
 * Adds the pull secret to the `imagePullSecrets` of a service account that has it. The list is atomic: what the manifest does not
 * name is removed when it is applied. A manifest without the list does not change it.
 * https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/service-account-v1/
 */
export function withAccountSecret(object: KubernetesObject, secret: Omit<PullSecret, 'hosts'>): KubernetesObject {
  const { name, serviceAccounts = [] } = secret
  const isAsked = serviceAccounts.includes('*') || serviceAccounts.includes(object.metadata.name)
  const hasList = isServiceAccount(object) && Array.isArray(object.imagePullSecrets)
  return hasList && isAsked ? (withEntry(object, name) as KubernetesObject) : object
}

export function isServiceAccount(object: KubernetesObject): boolean {
  return groupKind(object) === 'v1 ServiceAccount'
}

/** A pod spec or a service account with the pull secret. */
function withEntry(fields: Fields, secretName: string): Fields {
  const present = asObjects(fields.imagePullSecrets)
  if (present.some(({ name }) => name === secretName)) return fields
  return { ...fields, imagePullSecrets: [...present, { name: secretName }] }
}

type Fields = Readonly<Record<string, unknown>>

/** Changes the object's pod spec, if its kind has one. */
export function changePodSpec(object: KubernetesObject, change: (spec: Fields) => Fields): KubernetesObject {
  const path = POD_SPECS[groupKind(object)]
  return path === undefined ? object : (changeAt(object, path, change) as KubernetesObject)
}

/** The object's pod spec; undefined when its kind has none. */
export function podSpecOf(object: KubernetesObject): Fields | undefined {
  return POD_SPECS[groupKind(object)]?.reduce<Fields>((fields, key) => asObject(fields[key]), object)
}

function changeAt(value: unknown, path: readonly string[], change: (spec: Fields) => Fields): Fields {
  const object = asObject(value)
  const [key, ...rest] = path
  return key === undefined ? change(object) : { ...object, [key]: changeAt(object[key], rest, change) }
}

export function createsPods(object: KubernetesObject): boolean {
  return groupKind(object) in POD_SPECS
}

/** A Pod with one container. */
export function podManifest(pod: {
  readonly name: string
  readonly container: string
  readonly image: string
}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod.name },
    spec: { containers: [{ name: pod.container, image: pod.image }] },
  }
}
