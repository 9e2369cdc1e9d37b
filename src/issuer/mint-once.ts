import { pause, stopped } from '../core/abort.ts'
import { Failure } from '../core/errors.ts'
import { HttpError, isUnclear } from '../http/errors.ts'
import * as log from '../runner/log.ts'
import type { Issuer, Minted } from './issuer.ts'

const DOING = 'mint a token'
const TRIES = 3
const PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * Mints exactly one credential. When the answer is lost or unclear (no answer, 5xx, a broken body) the issuer may have
 * minted all the same: the credential is looked up by its description, which no other mint ever had, and only minted
 * again when it is not there, or was of no use and is revoked.
 * @param description unique to this mint
 * @throws Failure after some tries, or at once on a clear refusal
 */
export async function mintOnce(issuer: Issuer, description: string, signal: AbortSignal): Promise<Minted> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await issuer.mint(description)
    } catch (error) {
      const wait = refusedForNow(error)
      if (wait === undefined && !isUnclear(error)) throw error
      if (signal.aborted) throw stopped(DOING, signal)
      log.info((error as Error).message)
      if (wait === undefined) {
        log.info('Whether a token was minted is unclear: looking it up by its description')
        const found = await lookUp(issuer, description, error)
        if (found !== undefined) return found
      }
      if (attempt === TRIES) throw error
      const time = wait ?? PAUSE * attempt
      log.info(`No token came of it: asking again in ${(time / 1000).toFixed(1)} s`)
      await pause(time, DOING, signal)
    }
  }
}

async function lookUp(issuer: Issuer, description: string, lost: unknown): Promise<Minted | undefined> {
  try {
    const found = (await issuer.list()).find((one) => one.description === description)
    return found && (await issuer.recover(found.id))
  } catch (error) {
    throw new Failure(`${(error as Error).message}, after an unclear answer to the mint: ${(lost as Error).message}`, {
      cause: error,
      cure: `A token described "${description}" may be alive: the post step of this action tries once more to revoke it.`,
    })
  }
}

/** Milliseconds to wait after a 429, which says that nothing was minted; `undefined` for every other failure. */
function refusedForNow(error: unknown): number | undefined {
  if (!(error instanceof HttpError) || error.status !== 429) return undefined
  const wait = error.retryAfter ?? PAUSE
  return wait <= LONGEST_PAUSE ? wait : undefined
}
