import { asObject, asObjects } from '../core/json.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/** The secret that Pods pull with. */
export interface PullSecret {
  readonly name: string
  /** The registry hosts that it has entries for. */
  readonly hosts: readonly string[]
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
  return changePodSpec(object, (spec) => {
    const present = asObjects(spec.imagePullSecrets)
    if (present.some(({ name }) => name === secretName)) return spec
    return { ...spec, imagePullSecrets: [...present, { name: secretName }] }
  })
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
