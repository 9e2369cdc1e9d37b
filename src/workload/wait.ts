import { abortError } from '../core/abort.ts'
import type { ActionError } from '../core/errors.ts'
import { asObject } from '../core/json.ts'
import { type ApiObject, deletionOf, uidOf } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'
import { withSuggestion } from '../runner/suggestion.ts'
import type { Applied } from './apply.ts'
import { displayName } from './display-name.ts'
import { findDiagnosis, latestWarning } from './find-diagnosis.ts'
import type { CachedObject } from './informer.ts'
import type { Observer } from './observer.ts'
import type { PullSecret } from './pod-spec.ts'
import { type Problem, problemError, problemOf } from './problem.ts'
import { failedHint } from './recreate.ts'
import { isFinishedJob, ROLLOUTS, type RolloutState } from './rollout.ts'

/** `reason` quotes the kubelet or the controller. */
export type WaitResult =
  | { readonly result: 'ready' }
  | { readonly result: 'failed' | 'timeout'; readonly reason: string; readonly error: ActionError }

/** A sentence about images that exist, for the name of one that does not. It does not fail, and takes some seconds at most. */
export type SuggestImage = (image: string) => Promise<string | undefined>

export interface WaitOptions {
  /** For all workloads together. */
  readonly timeoutMs: number
  readonly secret: PullSecret | undefined
  readonly suggestImage?: SuggestImage | undefined
  readonly signal: AbortSignal
  /** Milliseconds; default `Date.now`. */
  readonly now?: () => number
  /** How often the workload is checked without a change, since a problem that persists changes nothing; default 1 s. */
  readonly recheckIntervalMs?: number
}

/**
 * How long a transient problem may last. Longer than the kubelet's first back-off between two pulls, 10 s:
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff.
 */
export const MAX_TRANSIENT_MS = 20_000
const DEFAULT_RECHECK_INTERVAL_MS = 1000

/** Whether the workload has a rollout to wait for. */
export function hasRollout({ groupKind }: Pick<Applied, 'groupKind'>): boolean {
  return groupKind in ROLLOUTS
}

/** Waits until a workload is ready, has failed for a reason that waiting cannot fix, or the time is over. */
export async function waitForWorkload(observer: Observer, applied: Applied, options: WaitOptions): Promise<WaitResult> {
  const { timeoutMs, secret, signal, now = Date.now, recheckIntervalMs = DEFAULT_RECHECK_INTERVAL_MS } = options
  const deadlineMs = now() + timeoutMs
  const unready = async (problem: Problem): Promise<WaitResult> => {
    const suggested = await withImages(problem, options.suggestImage)
    const error = problemError(applied, suggested, {
      cluster: observer.server.name,
      timeoutMs,
      // A diagnosis of the Pods lacks the events at most.
      notListed: observer.notListed.filter((one) => problem.hint === undefined || one === 'events'),
    })
    return { result: problem.result, reason: problem.reason, error }
  }
  const pullErrors = new Map<string, string>()
  let current = { subject: '', sinceMs: 0 }
  let loggedReason = ''
  let hasProgressed = false
  for (;;) {
    if (signal.aborted) throw abortError(`wait for ${displayName(applied)}`, signal)
    const isOver = now() >= deadlineMs
    const cached = await readWorkload(observer, applied, isOver)
    const workload = cached && { applied, object: cached.object }
    const state = rolloutState(applied, cached, observer.informer(applied.collection).error === undefined)
    if (state.status === 'ready') return { result: 'ready' }
    const diagnosis = workload && (await findDiagnosis(observer, workload, { secret, pullErrors }))
    const problem = problemOf(applied, state, diagnosis)

    if (diagnosis?.subject !== current.subject) current = { subject: diagnosis?.subject ?? '', sinceMs: now() }
    const persists = diagnosis?.severity === 'transient' && now() - current.sinceMs >= MAX_TRANSIENT_MS
    const isStuck = state.status === 'waiting' && state.isStuck === true
    // A Deployment that was stuck before this run may still continue with what was applied.
    const hasFailed = state.status === 'failed' || (isStuck && hasProgressed)
    if (hasFailed || persists || diagnosis?.severity === 'terminal')
      return await unready({ ...problem, result: 'failed' })
    hasProgressed ||= workload !== undefined && !isStuck

    if (isOver) {
      const warning = workload && diagnosis === undefined ? await latestWarning(observer, workload) : undefined
      const reason = [problem.reason, warning].filter(Boolean).join(': ')
      return await unready({ ...problem, result: 'timeout', reason })
    }
    if (workload !== undefined && problem.reason !== loggedReason) info(`${displayName(applied)}: ${problem.reason}`)
    loggedReason = problem.reason
    await observer.waitForChange(Math.max(1, Math.min(recheckIntervalMs, deadlineMs - now())))
  }
}

/** The problem, with the images that exist in its hint where one was not found. */
async function withImages(problem: Problem, suggestImage: SuggestImage | undefined): Promise<Problem> {
  const { code, hint = '', image } = problem
  if (code !== 'image-not-found' || image === undefined) return problem
  return { ...problem, hint: withSuggestion(hint, await suggestImage?.(image)) }
}

/** The workload in the cache; read from the server at the end, and where the kubeconfig user may not list its kind. */
async function readWorkload(observer: Observer, applied: Applied, isLast: boolean): Promise<CachedObject | undefined> {
  const { path, collection, name } = applied
  const informer = observer.informer(collection)
  if (informer.error !== undefined && informer.error.status !== 403) throw informer.error
  if (informer.error === undefined && !isLast) return informer.get(name)
  const operation = `read ${displayName(applied)} in cluster ${observer.server.name}`
  const response = await observer.server.request({ operation, path, expectedStatuses: [404] })
  if (response.status !== 404) return { object: response.json(), isDeleted: false }
  return { object: informer.get(name)?.object ?? {}, isDeleted: true }
}

/** @param isWatched whether the last state before a deletion is known */
function rolloutState(
  { groupKind, uid, hasFailedBefore }: Applied,
  cached: CachedObject | undefined,
  isWatched: boolean,
): RolloutState {
  if (cached === undefined) return { status: 'waiting', reason: 'not listed yet' }
  const state = ROLLOUTS[groupKind]?.(cached.object) ?? { status: 'ready' }
  const isOther = uidOf(cached.object) !== uid
  if (!isOther && hasFailedBefore && state.status === 'failed')
    return { ...state, reason: `it failed before this run: ${state.reason}`, hint: failedHint(groupKind) }
  if (!isOther && (state.status === 'failed' || (state.status === 'ready' && hasEnded(cached.object)))) return state
  if (cached.isDeleted || isOther) {
    const unknown = groupKind === 'batch Job' && !isWatched ? ', and it is not known whether it had finished' : ''
    return { status: 'failed', code: 'workload-deleted', reason: `it was deleted during the wait${unknown}` }
  }
  const deletion = deletionOf(cached.object)
  return deletion === undefined ? state : { status: 'failed', code: 'workload-deleted', reason: `it ${deletion}` }
}

/** A Pod or a Job that did its work may be deleted, the Job by its `ttlSecondsAfterFinished`. */
function hasEnded(object: ApiObject): boolean {
  return asObject(object.status).phase === 'Succeeded' || isFinishedJob(object)
}
