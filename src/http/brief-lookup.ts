import { unlessAborted } from '../core/abort.ts'
import { reason } from '../core/errors.ts'
import { debug } from '../runner/log.ts'
import type { HttpRequest } from './client.ts'

/** For each request of a lookup: one attempt, at the address itself. */
export type RequestLimits = Required<Pick<HttpRequest, 'signal' | 'maxAttempts' | 'maxRedirects'>>

const TIMEOUT_MS = 5000

/**
 * Looks up what may not be needed, or only makes an error more useful, such as the names that exist. So nothing that goes
 * wrong here is an error: it is a debug message.
 * @param what as it reads after "Could not look up"
 * @param lookUp sends its requests with the limits, of which the signal aborts after five seconds
 * @returns undefined when that failed, or took longer
 */
export async function lookUpBriefly<T>(
  what: string,
  lookUp: (limits: RequestLimits) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`it took longer than ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
  const { signal } = controller
  try {
    // A request can also wait for others before it is sent.
    return await unlessAborted(lookUp({ signal, maxAttempts: 1, maxRedirects: 0 }), signal)
  } catch (error) {
    debug(`Could not look up ${what}: ${reason(error)}`)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
