import { asObject } from '../core/json.ts'
import type { Applied } from './apply.ts'
import { type ApiObject, metadataOf } from './collection.ts'
import type { Observer } from './observer.ts'
import { isObserved } from './rollout.ts'

/** The Pods that a workload has made of its present form, or is; those of the form before are none of its troubles. */
export function podsOf({ groupKind }: Applied, object: ApiObject, observer: Observer): readonly ApiObject[] {
  return own(groupKind, object, observer).filter((pod) => metadataOf(pod).deletionTimestamp === undefined)
}

function own(groupKind: string, object: ApiObject, observer: Observer): readonly ApiObject[] {
  if (groupKind === 'v1 Pod') return [object]
  const { pods } = observer
  const uid = uidOf(object)
  // Until then its marks of the present form are those of the form before.
  if (groupKind !== 'batch Job' && !isObserved(object)) return []
  switch (groupKind) {
    case 'apps Deployment': {
      const revision = annotation(object, 'deployment.kubernetes.io/revision')
      const current = observer.replicaSets
        .ownedBy(uid)
        .find((one) => annotation(one, 'deployment.kubernetes.io/revision') === revision)
      return current === undefined ? [] : pods.ownedBy(uidOf(current))
    }
    case 'apps StatefulSet': {
      const { updateRevision } = asObject(object.status)
      return pods.ownedBy(uid).filter((pod) => label(pod, 'controller-revision-hash') === updateRevision)
    }
    case 'apps DaemonSet': {
      const generation = annotation(object, 'deprecated.daemonset.template.generation')
      return pods.ownedBy(uid).filter((pod) => (label(pod, 'pod-template-generation') ?? generation) === generation)
    }
    default:
      return pods.ownedBy(uid)
  }
}

export function uidOf(object: ApiObject): string {
  return String(metadataOf(object).uid)
}

const annotation = (object: ApiObject, name: string) => asObject(metadataOf(object).annotations)[name]
const label = (object: ApiObject, name: string) => asObject(metadataOf(object).labels)[name]
