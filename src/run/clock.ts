import { setTimeout as sleep } from 'node:timers/promises'

/** The time, as far as a run decides by it; tests bring their own. */
export interface Clock {
  now(): Date
  /** Milliseconds that only grow, whatever happens to the system's clock. */
  elapsedMs(): number
  /** Ends early, without an error, when the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>
}

export const SYSTEM_CLOCK: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
  sleep: (durationMs, signal) => sleep(durationMs, undefined, { signal }).catch(() => {}),
}
