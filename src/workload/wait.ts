import { setTimeout as sleep } from 'node:timers/promises'
import { asObject, asObjects, asText } from '../json.ts'
import { info, printable } from '../log.ts'
import { type ApiServer, type Applied, describe } from './apply.ts'

/** What became of a workload, as in the output `workloads`. */
export interface Settled {
  readonly result: 'ready' | 'failed' | 'timeout'
  /** Why, in the words of the container or the scheduler. */
  readonly reason: string | undefined
}

const INTERVAL = 1000

/** Reasons after which nothing gets better by waiting. A first `ErrImagePull` is none: the node may not have the secret yet. */
const HOPELESS = new Set([
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

/**
 * Waits until a Pod is Ready or Succeeded, or has failed for a reason that stays.
 * @param timeout milliseconds
 */
export async function waitForPod(
  server: ApiServer,
  pod: Applied,
  timeout: number,
  signal: AbortSignal,
): Promise<Settled> {
  const end = Date.now() + timeout
  let reported: string | undefined
  for (;;) {
    const answer = await server.request({
      doing: `read ${describe(pod)} in the cluster ${server.name}`,
      path: pod.path,
      expect: [404],
    })
    if (answer.status === 404) return { result: 'failed', reason: 'it was deleted while we waited' }
    const state = judge(asObject(answer.json().status))
    if (state.result !== 'waiting') return { result: state.result, reason: state.reason }
    if (Date.now() >= end) return { result: 'timeout', reason: state.reason }
    if (state.reason !== reported) info(`${describe(pod)}: ${state.reason}`)
    reported = state.reason
    await sleep(INTERVAL, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

interface State {
  readonly result: 'ready' | 'failed' | 'waiting'
  readonly reason: string | undefined
}

/** What the status of a Pod means. */
export function judge(status: Readonly<Record<string, unknown>>): State {
  const phase = asText(status.phase)
  const conditions = asObjects(status.conditions)
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (phase === 'Succeeded' || isReady) return { result: 'ready', reason: undefined }

  const containers = [...asObjects(status.initContainerStatuses), ...asObjects(status.containerStatuses)]
  const waiting = containers
    .map(({ name, state }) => ({ name, ...asObject(asObject(state).waiting) }) as Waiting)
    .filter(({ reason }) => reason !== undefined)
  const hopeless = waiting.find(({ reason }) => HOPELESS.has(String(reason)))
  if (hopeless !== undefined) return { result: 'failed', reason: words(hopeless) }
  if (phase === 'Failed') return { result: 'failed', reason: ended(containers) ?? said(status) ?? 'the Pod has failed' }

  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  const pending = waiting[0] ?? (unscheduled as Waiting | undefined)
  return {
    result: 'waiting',
    reason: pending ? words(pending) : `the Pod is ${printable(phase ?? 'Pending')}, not ready yet`,
  }
}

interface Waiting {
  readonly name?: unknown
  readonly reason?: unknown
  readonly message?: unknown
}

function words({ name, reason, message }: Waiting): string {
  const container = asText(name)
  const text = [asText(reason), asText(message)].filter(Boolean).join(': ')
  return printable(container === undefined ? text : `container ${container}: ${text}`)
}

function ended(containers: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  for (const { name, state } of containers) {
    const terminated = asObject(asObject(state).terminated)
    if (typeof terminated.exitCode !== 'number' || terminated.exitCode === 0) continue
    return words({
      name,
      reason: `${asText(terminated.reason) ?? 'ended'}, exit code ${terminated.exitCode}`,
      message: terminated.message,
    })
  }
  return undefined
}

function said(status: Readonly<Record<string, unknown>>): string | undefined {
  const text = words({ reason: status.reason, message: status.message })
  return text === '' ? undefined : text
}
