import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, reason } from './errors.ts'

/** A runner that cancels a job sends SIGINT, SIGTERM after 7.5 s, and then kills. */
const CANCELLATIONS = ['SIGINT', 'SIGTERM'] as const

/** Milliseconds; Node lets a longer timer end at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** A signal that ends a run: after its time (milliseconds), or when the job is cancelled. Its reason is a Failure. */
export function startDeadline(timeout: number): AbortSignal {
  const controller = new AbortController()
  const tooLong = new Failure(`the run took longer than its \`timeout\` of ${timeout / 1000} s`, {
    cure: 'See above what it was waiting for, or raise `timeout`.',
  })
  setTimeout(() => controller.abort(tooLong), Math.min(timeout, LONGEST_TIMER)).unref()
  for (const signal of CANCELLATIONS) {
    process.once(signal, () => controller.abort(new Failure(`the job was cancelled (${signal})`)))
  }
  return controller.signal
}

/** The end of the run, told as the end of what was being done; `doing` as it reads after "Could not …". */
export function stopped(doing: string, signal: AbortSignal): Failure {
  const cause: unknown = signal.reason
  return new Failure(`Could not ${doing}: ${reason(cause)}`, {
    cause,
    cure: cause instanceof Failure ? cause.cure : undefined,
  })
}

/** Milliseconds before something is tried again. @throws Failure when the run ends meanwhile */
export async function pause(time: number, doing: string, signal: AbortSignal): Promise<void> {
  await sleep(time, undefined, { signal }).catch(() => {
    throw stopped(doing, signal)
  })
}

/** What cannot be ended itself is left alone when the run ends. @throws what the promise throws, or the signal's reason */
export async function unlessEnded<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = () => reject(signal.reason)
  signal.addEventListener('abort', end)
  try {
    return await Promise.race([promise, ended])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
