import { ActionError, reason } from './errors.ts'

/**
 * The runner cancels a step with SIGINT, sends SIGTERM 7.5 s later and kills it 2.5 s after that:
 * https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
const CANCELLATION_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Node fires a timer with a longer delay immediately: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** A signal that aborts when `timeoutMs` is over or the job is cancelled. Its reason is an ActionError. */
export function startTimeout(timeoutMs: number): AbortSignal {
  const controller = new AbortController()
  const timeoutError = new ActionError('timeout', `the run took longer than its \`timeout\` of ${timeoutMs / 1000} s`, {
    hint: 'The log above shows what the run was waiting for. Fix that, or raise `timeout`.',
  })
  setTimeout(() => controller.abort(timeoutError), Math.min(timeoutMs, MAX_TIMER_MS)).unref()
  for (const signal of CANCELLATION_SIGNALS) {
    process.once(signal, () => controller.abort(new ActionError('cancelled', `the job was cancelled (${signal})`)))
  }
  return controller.signal
}

/** The error of an operation that `signal` has aborted; `operation` as it reads after "Could not …". */
export function abortError(operation: string, signal: AbortSignal): ActionError {
  const cause: unknown = signal.reason
  const isActionError = cause instanceof ActionError
  return new ActionError(
    isActionError ? cause.code : 'internal-error',
    `Could not ${operation}: ${reason(cause)}`,
    isActionError ? { cause, hint: cause.hint, details: cause.details } : { cause },
  )
}

/** Whether an operation failed because the run is over. */
export function isAbort(error: unknown): boolean {
  return error instanceof ActionError && (error.code === 'timeout' || error.code === 'cancelled')
}

/** Waits before `operation` is tried again. @throws ActionError when `signal` aborts */
export async function delay(delayMs: number, operation: string, signal: AbortSignal): Promise<void> {
  // Not node:timers/promises: tests cannot fake its timers.
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, delayMs)
  try {
    await unlessAborted(promise, signal)
  } catch {
    throw abortError(operation, signal)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The result of a promise that cannot be cancelled. When `signal` aborts first, the work behind the promise goes on and
 * its result is ignored.
 * @throws the promise's rejection, or the signal's reason
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([aborted, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
