import { Failure, reason } from '../errors.ts'
import { asObject, asText } from '../json.ts'
import { info } from '../log.ts'
import type { ApiServer } from './api-server.ts'
import { type Applied, describe } from './apply.ts'
import { type ApiObject, type Known, metadataOf } from './collection.ts'
import { type Circumstances, diagnose, isPulling, type Trouble, worst } from './diagnosis.ts'
import { opens } from './image.ts'
import { type Observer, occurrence } from './observer.ts'
import { podsOf, uidOf } from './pods.ts'
import { condition, endOf, ROLLOUTS, type State, words } from './rollout.ts'

/** What became of a workload, as in the output `workloads`. */
export interface Settled {
  readonly result: 'ready' | 'failed' | 'timeout'
  /** Why, in the words of the node or the cluster. */
  readonly reason?: string
  readonly cure?: string | undefined
}

export interface Awaited {
  readonly server: ApiServer
  readonly applied: Applied
}

export interface WaitOptions {
  /** Milliseconds, for all together. */
  readonly timeout: number
  readonly secret: Circumstances['secret']
  readonly signal: AbortSignal
}

/** Whether there is more to it than to be applied. */
export function isAwaited({ groupKind }: Applied): boolean {
  return groupKind in ROLLOUTS
}

/** Milliseconds. Longer than the first pause between two pulls, and short enough for people who wait. */
const GRACE = 20_000
/** Milliseconds between two looks when nothing changes: what lasts too long does not announce itself. */
const LOOK = 1000

/** Waits until a workload is ready, has failed for a reason that stays, or the time is over. */
export async function settle(
  observer: Observer,
  applied: Applied,
  { timeout, secret, signal }: WaitOptions,
): Promise<Settled> {
  const end = Date.now() + timeout
  const heard = new Map<string, string>()
  let told = ''
  let standing = { code: '', since: 0 }
  let hasMoved = false
  for (;;) {
    if (signal.aborted) {
      throw new Failure(`Could not wait for ${describe(applied)}: ${reason(signal.reason)}`, { cause: signal.reason })
    }
    const isOver = Date.now() >= end
    const known = await look(observer, applied, isOver)
    const state = judge(applied, known)
    if (state.result === 'ready') return { result: 'ready' }
    const trouble = known && (await find(observer, applied, known.object, { secret, heard }))
    const why = [state.reason, trouble?.reason].filter(Boolean)
    const whole = applied.groupKind === 'v1 Pod' ? (why.at(-1) ?? '') : why.join(': ')
    const settled = { reason: whole, cure: trouble?.cure }
    if (state.result === 'failed') return { ...settled, result: 'failed' }

    if (trouble?.code !== standing.code) standing = { code: trouble?.code ?? '', since: Date.now() }
    const hasStayed = trouble?.fails === 'soon' && Date.now() - standing.since >= GRACE
    if (trouble?.fails === 'now' || hasStayed || (state.isStuck && hasMoved)) return { ...settled, result: 'failed' }
    hasMoved ||= known !== undefined && !state.isStuck

    if (isOver) {
      const warning = known && trouble === undefined ? await lastWarning(observer, applied, known.object) : undefined
      return { ...settled, result: 'timeout', reason: [whole, warning].filter(Boolean).join(': ') }
    }
    if (whole !== told) info(`${describe(applied)}: ${whole}`)
    told = whole
    await observer.change(Math.max(1, Math.min(LOOK, end - Date.now())))
  }
}

/** The workload as it is followed; asked for by itself at the end, and where it may not be listed. */
async function look(
  observer: Observer,
  { path, collection, name, ...named }: Applied,
  isLast: boolean,
): Promise<Known | undefined> {
  const followed = observer.collection(collection)
  if (followed.failure !== undefined && followed.failure.status !== 403) throw followed.failure
  if (followed.failure === undefined && !isLast) return followed.get(name)
  const doing = `read ${describe({ name, ...named })} in the cluster ${observer.server.name}`
  const answer = await observer.server.request({ doing, path, expect: [404] })
  if (answer.status !== 404) return { object: answer.json(), isGone: false }
  return { object: followed.get(name)?.object ?? {}, isGone: true }
}

function judge({ groupKind, uid }: Applied, known: Known | undefined): State {
  if (known === undefined) return { result: 'waiting', reason: 'it is not seen yet' }
  const state = ROLLOUTS[groupKind]?.(known.object) ?? { result: 'ready' }
  const isGone = known.isGone || uidOf(known.object) !== uid
  // A Job may be set to vanish when it is done.
  return isGone && state.result === 'waiting' ? { result: 'failed', reason: 'it was deleted while we waited' } : state
}

/** So many Pods of a workload are asked why. */
const MOST_ASKED = 3

/** What keeps the Pods of a workload from running, or from being made. */
async function find(
  observer: Observer,
  applied: Applied,
  object: ApiObject,
  circumstances: Pick<Circumstances, 'secret' | 'heard'>,
): Promise<Trouble | undefined> {
  const { groupKind, at } = applied
  const isJob = groupKind === 'batch Job'
  const pods = podsOf(applied, object, observer)
  const asked = pods.filter(isPulling).slice(0, MOST_ASKED)
  const ask = async (pod: ApiObject) => {
    const events = asked.includes(pod) ? await observer.eventsOf(uidOf(pod)) : undefined
    const trouble = diagnose(pod, { ...circumstances, isJob, events, since: at.getTime() })
    const end = isJob ? endOf(pod) : undefined
    const found = trouble ?? (end && { code: 'ended', reason: end, cure: JOB_CURE, fails: 'never' as const })
    const isOwn = groupKind === 'v1 Pod' || !found
    return isOwn
      ? found
      : { ...found, reason: `${describe({ kind: 'Pod', name: nameOf(pod), namespace: '' })}: ${found.reason}` }
  }
  const troubles = await Promise.all(pods.filter((pod) => asked.includes(pod) || !isPulling(pod)).map(ask))
  const found = worst(troubles.filter((one) => one !== undefined && one !== ''))
  return found ?? (await refusedCreation(observer, applied, object, pods.length))
}

const JOB_CURE = 'The image was pulled, and its program fails: see `kubectl logs`.'

/** Admission and quotas refuse the Pods of a controller, which goes on trying. */
async function refusedCreation(
  observer: Observer,
  { groupKind, at }: Applied,
  object: ApiObject,
  pods: number,
): Promise<Trouble | undefined> {
  const failure = condition(object, 'ReplicaFailure')
  if (failure?.status === 'True') return refused(failure)
  const saysNothing = ['apps StatefulSet', 'apps DaemonSet', 'batch Job'].includes(groupKind)
  if (!saysNothing || pods > 0) return undefined
  const events = (await observer.eventsOf(uidOf(object))) ?? []
  const newest = events.filter((event) => event.reason === 'FailedCreate' && occurrence(event).last >= at.getTime())[0]
  return newest && refused(newest)
}

function refused(by: ApiObject): Trouble {
  const cure = 'The cluster refuses to make the Pods: mend what the message names, a quota or a rule of admission.'
  return { code: 'creation', reason: words(by.reason, by.message) ?? '', cure, fails: 'soon' }
}

/** What else was told of a Pod that does not get ready: a volume that cannot be mounted, a probe that fails. */
async function lastWarning(observer: Observer, applied: Applied, object: ApiObject): Promise<string | undefined> {
  const pod = podsOf(applied, object, observer).find((one) => condition(one, 'Ready')?.status !== 'True')
  const events = (pod && (await observer.eventsOf(uidOf(pod)))) ?? []
  const newest = events
    .filter(({ type }) => type === 'Warning')
    .toSorted((one, other) => occurrence(other).last - occurrence(one).last)[0]
  return newest && words(newest.reason, newest.message)
}

function nameOf(object: ApiObject): string {
  return asText(metadataOf(object).name) ?? ''
}

/** The workloads of which a node had an image from these hosts already: that they run says nothing about a pull. */
export async function unpulled(
  observer: Observer,
  workloads: readonly Applied[],
  hosts: readonly string[],
): Promise<Applied[]> {
  const present = (await observer.pulledEvents()).flatMap(({ message, involvedObject }) => {
    const image = /^Container image "([^"]+)" already present on machine/.exec(asText(message) ?? '')?.[1] ?? ''
    return hosts.some((host) => opens(host, image)) ? [asObject(involvedObject).uid] : []
  })
  return workloads.filter((applied) => {
    const object = observer.collection(applied.collection).get(applied.name)?.object
    return object && podsOf(applied, object, observer).some((pod) => present.includes(uidOf(pod)))
  })
}
