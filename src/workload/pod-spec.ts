import { asObject, asObjects } from '../core/json.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/** Where the kinds that make Pods keep their pod spec, by API group and kind: a `Job` of another group is none. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  'v1 Pod': ['spec'],
  'apps Deployment': ['spec', 'template', 'spec'],
  'apps StatefulSet': ['spec', 'template', 'spec'],
  'apps DaemonSet': ['spec', 'template', 'spec'],
  'apps ReplicaSet': ['spec', 'template', 'spec'],
  'batch Job': ['spec', 'template', 'spec'],
  'batch CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
}

/** The object with the pull secret in the `imagePullSecrets` of its pod spec, where that does not name it already. */
export function withPullSecret(object: KubernetesObject, secretName: string): KubernetesObject {
  const path = POD_SPECS[groupKind(object)]
  return path === undefined ? object : (addAt(object, path, secretName) as KubernetesObject)
}

function addAt(value: unknown, path: readonly string[], secretName: string): Readonly<Record<string, unknown>> {
  const object = asObject(value)
  const [key, ...rest] = path
  if (key !== undefined) return { ...object, [key]: addAt(object[key], rest, secretName) }
  const present = asObjects(object.imagePullSecrets)
  if (present.some(({ name }) => name === secretName)) return object
  return { ...object, imagePullSecrets: [...present, { name: secretName }] }
}

/** Whether Pods come of it, which pull images. */
export function makesPods(object: KubernetesObject): boolean {
  return groupKind(object) in POD_SPECS
}

/** The Pod of the document, with this image. */
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
