import * as log from '../runner/log.ts'
import type { Clock } from './clock.ts'

/**
 * For so long after the last write the old and the new credential both work. A kubelet that has read the secret just
 * before it was written still logs in with what it read; half a second was measured on a real node.
 * See docs/decisions for the measurements.
 */
const REVOCATION_GRACE_MS = 5000

/**
 * Waits until no pull that is in flight uses what was superseded.
 * @param writtenAtMs when the last target was written, by `clock.elapsedMs()`
 */
export async function waitForInFlightPulls(clock: Clock, writtenAtMs: number, signal: AbortSignal): Promise<void> {
  const remainingMs = writtenAtMs + REVOCATION_GRACE_MS - clock.elapsedMs()
  if (remainingMs <= 0) return
  log.info(`Waiting ${(remainingMs / 1000).toFixed(1)} s for in-flight pulls before revoking`)
  await clock.sleep(remainingMs, signal)
}
