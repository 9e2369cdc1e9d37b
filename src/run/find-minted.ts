import { abortError } from '../core/abort.ts'
import type { Issuer } from '../issuer/issuer.ts'
import * as log from '../runner/log.ts'
import type { Clock } from './clock.ts'

/** How the post step measures and ends a search. */
export interface Search {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The post step may start before the issuer has acted on the request of a run that was cancelled while it minted. */
const SEARCH_TIME_MS = 10_000

const SEARCH_INTERVAL_MS = 2000

/**
 * The ids of the tokens with this description, for which an interrupted mint had sent a request; looked up repeatedly while
 * there is none.
 * @returns an empty list when none was minted within the search time
 * @throws the errors of `Send`, or ActionError when `signal` aborts
 */
export async function findMinted(
  issuer: Pick<Issuer, 'list'>,
  description: string,
  { clock, signal }: Search,
): Promise<readonly string[]> {
  const startedAtMs = clock.elapsedMs()
  for (let attempt = 1; ; attempt++) {
    const minted = (await issuer.list()).filter((one) => one.description === description)
    const isOver = clock.elapsedMs() - startedAtMs >= SEARCH_TIME_MS
    if (minted.length > 0 || isOver) return minted.map(({ id }) => id)
    if (attempt === 1) log.info(`No token was minted yet: looking again for ${SEARCH_TIME_MS / 1000} s`)
    await clock.sleep(SEARCH_INTERVAL_MS, signal)
    if (signal.aborted) throw abortError('look up the token of the interrupted run', signal)
  }
}
