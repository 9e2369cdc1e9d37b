import { stopped } from '../core/abort.ts'
import { info } from '../runner/log.ts'
import { type Applied, describe } from './apply.ts'
import type { Known } from './collection.ts'
import type { Circumstances, Trouble } from './diagnosis.ts'
import { findTrouble, lastWarning } from './find-diagnosis.ts'
import type { Observer } from './observer.ts'
import { uidOf } from './pods.ts'
import { ROLLOUTS, type State } from './rollout.ts'

/** What became of a workload, as in the output `workloads`. */
export interface Settled {
  readonly result: 'ready' | 'failed' | 'timeout'
  /** Why, in the words of the node or the cluster. */
  readonly reason?: string
  readonly cure?: string | undefined
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
    if (signal.aborted) throw stopped(`wait for ${describe(applied)}`, signal)
    const isOver = Date.now() >= end
    const known = await look(observer, applied, isOver)
    const state = judge(applied, known)
    if (state.result === 'ready') return { result: 'ready' }
    const trouble = known && (await findTrouble(observer, applied, known.object, { secret, heard }))
    const why = explain(applied, state, trouble)
    const settled = { reason: why, cure: trouble?.cure }
    if (state.result === 'failed') return { ...settled, result: 'failed' }

    if (trouble?.code !== standing.code) standing = { code: trouble?.code ?? '', since: Date.now() }
    const hasStayed = trouble?.fails === 'soon' && Date.now() - standing.since >= GRACE
    if (trouble?.fails === 'now' || hasStayed || (state.isStuck && hasMoved)) return { ...settled, result: 'failed' }
    hasMoved ||= known !== undefined && !state.isStuck

    if (isOver) {
      const warning = known && trouble === undefined ? await lastWarning(observer, applied, known.object) : undefined
      return { ...settled, result: 'timeout', reason: [why, warning].filter(Boolean).join(': ') }
    }
    if (known !== undefined && why !== told) info(`${describe(applied)}: ${why}`)
    told = why
    await observer.change(Math.max(1, Math.min(LOOK, end - Date.now())))
  }
}

/** A Pod that waits says no more than its container; other workloads say first how far they are. */
function explain({ groupKind }: Applied, state: Exclude<State, { result: 'ready' }>, trouble?: Trouble): string {
  if (groupKind !== 'v1 Pod') return [state.reason, trouble?.reason].filter(Boolean).join(': ')
  return (state.result === 'waiting' && trouble?.reason) || state.reason
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
