import { asObject, asObjects, asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'
import type { ApiObject } from './collection.ts'

/** What an object says of itself. */
export type State =
  | { readonly result: 'ready' }
  /** It says why, and is not going to change. */
  | { readonly result: 'failed'; readonly reason: string }
  /** It says what for. `isStuck`: it has given up, and yet may get ready when the cause goes. */
  | { readonly result: 'waiting'; readonly reason: string; readonly isStuck?: boolean }

/** What there is to wait for, by group and kind; of everything else, to be applied is all. */
export const ROLLOUTS: Readonly<Record<string, (object: ApiObject) => State>> = {
  'v1 Pod': pod,
  'apps Deployment': deployment,
  'apps StatefulSet': statefulSet,
  'apps DaemonSet': daemonSet,
  'apps ReplicaSet': replicaSet,
  'batch Job': job,
}

const READY: State = { result: 'ready' }
const waiting = (reason: string): State => ({ result: 'waiting', reason })

function pod(object: ApiObject): State {
  const status = asObject(object.status)
  const phase = asText(status.phase) ?? 'Pending'
  // Only newer servers count the generations of a Pod.
  if (status.observedGeneration !== undefined && !isObserved(object)) return waiting('its change is not observed yet')
  if (phase === 'Succeeded' || condition(object, 'Ready')?.status === 'True') return READY
  if (phase !== 'Failed') return waiting(`the Pod is ${printable(phase)}, not ready yet`)
  return { result: 'failed', reason: endOf(object) ?? words(status.reason, status.message) ?? 'the Pod has failed' }
}

/** As `kubectl rollout status` judges. */
function deployment(object: ApiObject): State {
  const { updated, available, replicas, wanted } = counts(object)
  if (!isObserved(object)) return waiting('its change is not observed yet')
  const progress = condition(object, 'Progressing')
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return { result: 'waiting', reason: words(progress.reason, progress.message) ?? '', isStuck: true }
  }
  if (updated < wanted) return waiting(`${updated} of ${wanted} new replicas are updated`)
  if (replicas > updated) return waiting(`${replicas - updated} old replicas are about to end`)
  return available < updated ? waiting(`${available} of ${updated} updated replicas are available`) : READY
}

function statefulSet(object: ApiObject): State {
  const { updated, ready, wanted } = counts(object)
  const { updateStrategy } = asObject(object.spec)
  const { currentRevision, updateRevision } = asObject(object.status)
  const { partition } = asObject(asObject(updateStrategy).rollingUpdate)
  if (!isObserved(object)) return waiting('its change is not observed yet')
  if (ready < wanted) return waiting(`${ready} of ${wanted} Pods are ready`)
  if (asObject(updateStrategy).type === 'OnDelete') return READY
  if (typeof partition === 'number' && partition > 0) {
    const due = wanted - partition
    return updated < due ? waiting(`${updated} of ${due} Pods of the partition are updated`) : READY
  }
  return currentRevision === updateRevision ? READY : waiting(`${updated} of ${wanted} Pods are updated`)
}

function daemonSet(object: ApiObject): State {
  const { spec, status } = object
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = asObject(status)
  const [desired, updated] = [count(desiredNumberScheduled), count(updatedNumberScheduled)]
  const available = count(numberAvailable)
  if (!isObserved(object)) return waiting('its change is not observed yet')
  const isOnDelete = asObject(asObject(spec).updateStrategy).type === 'OnDelete'
  if (!isOnDelete && updated < desired) return waiting(`${updated} of ${desired} Pods are updated`)
  return available < desired ? waiting(`${available} of ${desired} Pods are available`) : READY
}

function replicaSet(object: ApiObject): State {
  const { ready, wanted } = counts(object)
  if (!isObserved(object)) return waiting('its change is not observed yet')
  return ready < wanted ? waiting(`${ready} of ${wanted} replicas are ready`) : READY
}

function job(object: ApiObject): State {
  const { completions = 1, suspend } = asObject(object.spec)
  const { succeeded, active } = asObject(object.status)
  const failed = condition(object, 'Failed')
  if (condition(object, 'Complete')?.status === 'True') return READY
  if (failed?.status === 'True') {
    return { result: 'failed', reason: words(failed.reason, failed.message) ?? 'the Job has failed' }
  }
  if (suspend === true) return waiting('it is suspended')
  return waiting(`${count(succeeded)} of ${count(completions)} completions, ${count(active)} active`)
}

function counts({ spec, status }: ApiObject) {
  const { replicas, updatedReplicas, availableReplicas, readyReplicas } = asObject(status)
  const { replicas: wanted = 1 } = asObject(spec)
  return {
    wanted: count(wanted),
    replicas: count(replicas),
    updated: count(updatedReplicas),
    available: count(availableReplicas),
    ready: count(readyReplicas),
  }
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** Whether the status is about the spec as it is now. */
export function isObserved({ metadata, status }: ApiObject): boolean {
  return count(asObject(status).observedGeneration) >= count(asObject(metadata).generation)
}

export function condition({ status }: ApiObject, type: string): ApiObject | undefined {
  return asObjects(asObject(status).conditions).find((one) => one.type === type)
}

/** How a container of a failed Pod ended. */
export function endOf({ status }: ApiObject): string | undefined {
  const { initContainerStatuses, containerStatuses } = asObject(status)
  for (const { name, state } of [...asObjects(initContainerStatuses), ...asObjects(containerStatuses)]) {
    const { exitCode, reason, message } = asObject(asObject(state).terminated)
    if (typeof exitCode !== 'number' || exitCode === 0) continue
    const end = `${asText(reason) ?? 'ended'}, exit code ${exitCode}`
    return printable(`container ${asText(name)}: ${words(end, message)}`)
  }
  return undefined
}

/** `reason: message`, as far as they are there. */
export function words(...parts: readonly unknown[]): string | undefined {
  const said = parts.flatMap((part) => asText(part)?.trim() || [])
  return said.length === 0 ? undefined : printable(said.join(': '))
}
