import type { ErrorCode } from '../core/error-codes.ts'
import { asObject, asText } from '../core/json.ts'
import { type ApiObject, conditionOf, isObserved } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { failedContainer } from './pod-status.ts'
import { joinReasons } from './reason.ts'

/** What the status of a workload says about its rollout. */
export type RolloutState =
  | { readonly status: 'ready' }
  /** Its controller will not try again. */
  | {
      readonly status: 'failed'
      readonly reason: string
      /** Absent when the status alone does not show the cause. */
      readonly code?: ErrorCode
      /** Absent when the cause is not in how it was deployed. */
      readonly hint?: string | undefined
      /** The reason in the status, such as `Evicted` or `BackoffLimitExceeded`. */
      readonly serverCode?: string | undefined
    }
  | {
      readonly status: 'waiting'
      /** What it waits for. */
      readonly reason: string
      readonly serverCode?: string | undefined
      /** Whether it exceeded its progress deadline. Its controller still tries, so it can become ready later. */
      readonly isStuck?: boolean
    }

/** How to read the status of the kinds that have one, by group and kind. Objects of other kinds are done when applied. */
export const ROLLOUTS: Readonly<Record<string, (object: ApiObject) => RolloutState>> = {
  'v1 Pod': pod,
  'apps Deployment': deployment,
  'apps StatefulSet': statefulSet,
  'apps DaemonSet': daemonSet,
  'apps ReplicaSet': replicaSet,
  'batch Job': job,
}

const READY: RolloutState = { status: 'ready' }
const NOT_OBSERVED: RolloutState = { status: 'waiting', reason: 'the change has not been observed yet' }
const waiting = (reason: string): RolloutState => ({ status: 'waiting', reason })

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase */
function pod(object: ApiObject): RolloutState {
  const status = asObject(object.status)
  const phase = asText(status.phase) ?? 'Pending'
  // Only recent versions of Kubernetes set it: https://kep.k8s.io/5067
  if (status.observedGeneration !== undefined && !isObserved(object)) return NOT_OBSERVED
  if (phase === 'Succeeded' || conditionOf(object, 'Ready')?.status === 'True') return READY
  if (phase !== 'Failed') return waiting(`the Pod is ${printable(phase)}, not ready yet`)
  const container = failedContainer(object)
  if (container !== undefined) return { status: 'failed', code: 'container-failed', ...container }
  const reason = joinReasons(status.reason, status.message) ?? 'the Pod failed'
  return { status: 'failed', reason, serverCode: asText(status.reason) }
}

// Deployments, StatefulSets and DaemonSets are ready when `kubectl rollout status` says so:
// https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go

/** The controller does not roll out a paused one: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment. */
function deployment(object: ApiObject): RolloutState {
  const state = deploymentProgress(object)
  if (state.status !== 'waiting' || asObject(object.spec).paused !== true) return state
  return waiting(`the Deployment is paused (\`spec.paused\`): ${state.reason}`)
}

function deploymentProgress(object: ApiObject): RolloutState {
  const { updated, available, replicas, desired } = replicaCounts(object)
  if (!isObserved(object)) return NOT_OBSERVED
  const progress = conditionOf(object, 'Progressing')
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    const reason = joinReasons(progress.reason, progress.message) ?? ''
    return { status: 'waiting', reason, serverCode: asText(progress.reason), isStuck: true }
  }
  if (updated < desired) return waiting(`${updated} of ${desired} new replicas have been updated`)
  if (replicas > updated) return waiting(`${replicas - updated} old replicas are pending termination`)
  return available < updated ? waiting(`${available} of ${updated} updated replicas are available`) : READY
}

function statefulSet(object: ApiObject): RolloutState {
  const { updated, ready, desired } = replicaCounts(object)
  const { updateStrategy } = asObject(object.spec)
  const { currentRevision, updateRevision } = asObject(object.status)
  const { partition } = asObject(asObject(updateStrategy).rollingUpdate)
  if (!isObserved(object)) return NOT_OBSERVED
  if (ready < desired) return waiting(`${ready} of ${desired} Pods are ready`)
  if (asObject(updateStrategy).type === 'OnDelete') return READY
  if (typeof partition === 'number' && partition > 0) {
    const inPartition = desired - partition
    return updated < inPartition ? waiting(`${updated} of ${inPartition} Pods of the partition are updated`) : READY
  }
  return currentRevision === updateRevision ? READY : waiting(`${updated} of ${desired} Pods are updated`)
}

function daemonSet(object: ApiObject): RolloutState {
  const { spec, status } = object
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = asObject(status)
  const [desired, updated] = [count(desiredNumberScheduled), count(updatedNumberScheduled)]
  const available = count(numberAvailable)
  if (!isObserved(object)) return NOT_OBSERVED
  const isOnDelete = asObject(asObject(spec).updateStrategy).type === 'OnDelete'
  if (!isOnDelete && updated < desired) return waiting(`${updated} of ${desired} Pods are updated`)
  return available < desired ? waiting(`${available} of ${desired} Pods are available`) : READY
}

function replicaSet(object: ApiObject): RolloutState {
  const { ready, desired } = replicaCounts(object)
  if (!isObserved(object)) return NOT_OBSERVED
  return ready < desired ? waiting(`${ready} of ${desired} replicas are ready`) : READY
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function job(object: ApiObject): RolloutState {
  const { completions = 1, suspend } = asObject(object.spec)
  const { succeeded, active } = asObject(object.status)
  const failed = conditionOf(object, 'Failed')
  if (conditionOf(object, 'Complete')?.status === 'True') return READY
  if (failed?.status === 'True') {
    const reason = joinReasons(failed.reason, failed.message) ?? 'the Job failed'
    return { status: 'failed', reason, serverCode: asText(failed.reason) }
  }
  if (suspend === true) return waiting('the Job is suspended')
  return waiting(`${count(succeeded)} of ${count(completions)} completions, ${count(active)} active`)
}

/** Whether a Job is complete or has failed. One that is suspended has not finished. */
export function isFinishedJob(object: ApiObject): boolean {
  return ['Complete', 'Failed'].some((type) => conditionOf(object, type)?.status === 'True')
}

function replicaCounts({ spec, status }: ApiObject) {
  const { replicas, updatedReplicas, availableReplicas, readyReplicas } = asObject(status)
  const { replicas: desired = 1 } = asObject(spec)
  return {
    desired: count(desired),
    replicas: count(replicas),
    updated: count(updatedReplicas),
    available: count(availableReplicas),
    ready: count(readyReplicas),
  }
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
