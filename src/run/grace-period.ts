import { setTimeout as sleep } from 'node:timers/promises'
import * as log from '../runner/log.ts'

/**
 * Milliseconds in which the old and the new credential both work. A node that has read the secret just before it was
 * written still has to log in with what it read; on a real one we have seen half a second go by.
 */
const OVERLAP = 5000

/** Waits until nobody pulls any more with what was replaced. The end of the run ends it: what comes next will tell. */
export async function outlastPulls(writtenAt: number, signal: AbortSignal): Promise<void> {
  const rest = writtenAt + OVERLAP - performance.now()
  if (rest <= 0) return
  log.info(`Letting the pulls under way end with the replaced token: ${(rest / 1000).toFixed(1)} s`)
  await sleep(rest, undefined, { signal }).catch(() => {})
}
