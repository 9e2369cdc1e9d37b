import { asObject } from '../core/json.ts'
import { type ApiObject, annotationOf, isObserved, labelOf, metadataOf, uidOf } from '../kubernetes/object.ts'
import type { Applied } from './apply.ts'
import type { Observer } from './observer.ts'

/** A workload that was applied, as the API server has it now. */
export interface ObservedWorkload {
  readonly applied: Applied
  readonly object: ApiObject
}

/** The Pods of the current revision of a workload. Problems of older Pods say nothing about what was applied. */
export function currentPods(observer: Observer, workload: ObservedWorkload): readonly ApiObject[] {
  return podsOf(observer, workload).filter((pod) => metadataOf(pod).deletionTimestamp === undefined)
}

function podsOf(observer: Observer, { applied: { groupKind }, object }: ObservedWorkload): readonly ApiObject[] {
  if (groupKind === 'v1 Pod') return [object]
  const { pods } = observer
  const uid = uidOf(object)
  // Until its controller has observed the change, the status still refers to the previous revision.
  if (groupKind !== 'batch Job' && !isObserved(object)) return []
  switch (groupKind) {
    case 'apps Deployment': {
      const revision = annotationOf(object, DEPLOYMENT_REVISION)
      const current = observer.replicaSets
        .ownedBy(uid)
        .find((replicaSet) => annotationOf(replicaSet, DEPLOYMENT_REVISION) === revision)
      return current === undefined ? [] : pods.ownedBy(uidOf(current))
    }
    case 'apps StatefulSet': {
      const { updateRevision } = asObject(object.status)
      return pods.ownedBy(uid).filter((pod) => labelOf(pod, 'controller-revision-hash') === updateRevision)
    }
    case 'apps DaemonSet': {
      const generation = annotationOf(object, 'deprecated.daemonset.template.generation')
      return pods.ownedBy(uid).filter((pod) => (labelOf(pod, 'pod-template-generation') ?? generation) === generation)
    }
    default:
      return pods.ownedBy(uid)
  }
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision */
const DEPLOYMENT_REVISION = 'deployment.kubernetes.io/revision'
