import { printable } from '../runner/log.ts'
import type { Applied } from './apply.ts'
import { type ApiObject, metadataOf } from './collection.ts'
import { type Circumstances, diagnose, isPulling, type Trouble, worst } from './diagnosis.ts'
import { newest, occurrence } from './events.ts'
import type { Observer } from './observer.ts'
import { podsOf, uidOf } from './pods.ts'
import { condition, endOf, words } from './rollout.ts'

/** So many Pods of a workload that cannot pull are asked why: mostly they all say the same. */
const MOST_ASKED = 3

/** What keeps the Pods of a workload from running, or from being made. */
export async function findTrouble(
  observer: Observer,
  applied: Applied,
  object: ApiObject,
  { secret, heard }: Pick<Circumstances, 'secret' | 'heard'>,
): Promise<Trouble | undefined> {
  const isJob = applied.groupKind === 'batch Job'
  const since = applied.at.getTime()
  const pods = podsOf(applied, object, observer)
  const pulling = pods.filter(isPulling).slice(0, MOST_ASKED)
  const asked = pulling.map(async (pod) => [pod, await observer.eventsOf(uidOf(pod))] as const)
  const told = [
    ...(await Promise.all(asked)),
    ...pods.filter((pod) => !isPulling(pod)).map((pod) => [pod, []] as const),
  ]
  const troubles = told.flatMap(([pod, events]) => {
    const trouble = diagnose(pod, { secret, heard, since, events, isJob }) ?? (isJob ? endedIn(pod) : undefined)
    if (trouble === undefined || applied.groupKind === 'v1 Pod') return trouble ?? []
    return { ...trouble, reason: `Pod ${printable(String(metadataOf(pod).name))}: ${trouble.reason}` }
  })
  return worst(troubles) ?? (await refusedCreation(observer, applied, object, pods.length > 0))
}

/** A Pod of a Job may fail: the Job makes another one. */
function endedIn(pod: ApiObject): Trouble | undefined {
  const reason = endOf(pod)
  const cure = 'The image was pulled, and its program fails: see `kubectl logs`.'
  return reason === undefined ? undefined : { code: 'ended', reason, cure, fails: 'never' }
}

/** The controllers that tell only by events what the cluster refuses them. */
const WITHOUT_CONDITION = new Set(['apps StatefulSet', 'apps DaemonSet', 'batch Job'])

/** Admission or a quota refuses the Pods of a controller, which goes on trying. */
async function refusedCreation(
  observer: Observer,
  { groupKind, at }: Applied,
  object: ApiObject,
  hasPods: boolean,
): Promise<Trouble | undefined> {
  const failure = condition(object, 'ReplicaFailure')
  if (failure?.status === 'True') return refused(failure)
  if (hasPods || !WITHOUT_CONDITION.has(groupKind)) return undefined
  const events = (await observer.eventsOf(uidOf(object))) ?? []
  const last = newest(events.filter(({ reason }) => reason === 'FailedCreate'))
  return last && occurrence(last).last >= at.getTime() ? refused(last) : undefined
}

function refused({ reason, message }: ApiObject): Trouble {
  const cure = 'The cluster refuses to make the Pods: mend what the message names, a quota or a rule of admission.'
  return { code: 'creation', reason: words(reason, message) ?? '', cure, fails: 'soon' }
}

/** What else was told of a workload that does not get ready: a volume that cannot be mounted, a probe that fails. */
export async function lastWarning(
  observer: Observer,
  applied: Applied,
  object: ApiObject,
): Promise<string | undefined> {
  const pod = podsOf(applied, object, observer).find((one) => condition(one, 'Ready')?.status !== 'True')
  const events = (await observer.eventsOf(uidOf(pod ?? object))) ?? []
  const last = newest(events.filter(({ type }) => type === 'Warning'))
  return last && words(last.reason, last.message)
}
