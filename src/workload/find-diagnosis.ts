import { asText } from '../core/json.ts'
import { admissionHint } from '../kubernetes/admission.ts'
import { type ApiObject, conditionOf, nameOf, uidOf } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { type Diagnosis, type DiagnosisContext, mostSevere } from './diagnosis.ts'
import { latestOf, occurrenceOf } from './events.ts'
import type { Observer } from './observer.ts'
import { diagnosePod } from './pod-diagnosis.ts'
import { containerStatuses, failedContainer } from './pod-status.ts'
import { currentPods, type ObservedWorkload } from './pods.ts'
import { isPulling } from './pull-diagnosis.ts'
import { joinReasons } from './reason.ts'

/** Limits the requests for events: the Pods of a workload usually fail to pull for the same reason. */
const MAX_PODS_WITH_EVENTS = 3

/** Why the Pods of a workload do not run or are not created. */
export async function findDiagnosis(
  observer: Observer,
  workload: ObservedWorkload,
  { secret, pullErrors }: Pick<DiagnosisContext, 'secret' | 'pullErrors'>,
): Promise<Diagnosis | undefined> {
  const { groupKind, appliedAt } = workload.applied
  const isJob = groupKind === 'batch Job'
  const appliedAtMs = appliedAt.getTime()
  const pods = currentPods(observer, workload)
  const { pulling = [], others = [] } = Object.groupBy(pods, (pod) =>
    containerStatuses(pod).some(isPulling) ? 'pulling' : 'others',
  )
  const podsWithEvents = await Promise.all(
    pulling.slice(0, MAX_PODS_WITH_EVENTS).map(async (pod) => ({ pod, events: await observer.eventsOf(uidOf(pod)) })),
  )
  const diagnoses = [...podsWithEvents, ...others.map((pod) => ({ pod, events: [] }))].flatMap(({ pod, events }) => {
    const context = { secret, pullErrors, appliedAtMs, events, isJob }
    const diagnosis = diagnosePod(pod, context) ?? (isJob ? diagnoseFailedPod(pod) : undefined)
    if (diagnosis === undefined || groupKind === 'v1 Pod') return diagnosis ?? []
    return { ...diagnosis, reason: `Pod ${printable(nameOf(pod))}: ${diagnosis.reason}` }
  })
  return mostSevere(diagnoses) ?? (await diagnosePodCreation(observer, workload, pods.length > 0))
}

/** A Job replaces its failed Pods, up to its `backoffLimit`. */
function diagnoseFailedPod(pod: ApiObject): Diagnosis | undefined {
  const container = failedContainer(pod)
  if (container === undefined) return undefined
  const hint = 'The image was pulled, but its program failed. See `kubectl logs`.'
  return { code: 'container-failed', subject: 'exit', hint, severity: 'info', ...container }
}

/** Controllers that report a refused Pod only as an event, not as the condition `ReplicaFailure`. */
const WITHOUT_REPLICA_FAILURE = new Set(['apps StatefulSet', 'apps DaemonSet', 'batch Job'])

/** A quota or admission refuses the Pods. The controller keeps trying. */
async function diagnosePodCreation(
  observer: Observer,
  { applied, object }: ObservedWorkload,
  hasPods: boolean,
): Promise<Diagnosis | undefined> {
  const condition = conditionOf(object, 'ReplicaFailure')
  if (condition?.status === 'True') return refusedCreation(condition)
  if (hasPods || !WITHOUT_REPLICA_FAILURE.has(applied.groupKind)) return undefined
  const events = (await observer.eventsOf(uidOf(object))) ?? []
  const latest = latestOf(events.filter(({ reason }) => reason === 'FailedCreate'))
  return latest && occurrenceOf(latest).lastMs >= applied.appliedAt.getTime() ? refusedCreation(latest) : undefined
}

function refusedCreation({ reason, message }: ApiObject): Diagnosis {
  return {
    code: 'pod-creation-refused',
    subject: 'creation',
    reason: joinReasons(reason, message) ?? '',
    hint:
      admissionHint(asText(message) ?? '') ??
      'The cluster refuses to create the Pods. Fix what the message names, such as a quota or an admission policy.',
    severity: 'transient',
    serverCode: asText(reason),
  }
}

/** The last warning about a workload that is not ready in time, such as a volume that cannot be mounted or a failing probe. */
export async function latestWarning(observer: Observer, workload: ObservedWorkload): Promise<string | undefined> {
  const pod = currentPods(observer, workload).find((one) => conditionOf(one, 'Ready')?.status !== 'True')
  const events = (await observer.eventsOf(uidOf(pod ?? workload.object))) ?? []
  const latest = latestOf(events.filter(({ type }) => type === 'Warning'))
  return latest && joinReasons(latest.reason, latest.message)
}
