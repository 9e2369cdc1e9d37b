import { abortError, delay } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import { HttpError, isOutcomeUnknown } from '../http/errors.ts'
import * as log from '../runner/log.ts'
import type { Issuer, MintedCredential } from './issuer.ts'

const OPERATION = 'mint a token'

/** Delays before each further attempt. */
const RETRY_DELAYS_MS = [1000, 2000]

/** The delay after a 429 without `Retry-After`. */
const RATE_LIMIT_DELAY_MS = 1000

/** A longer `Retry-After` is an error. */
const MAX_RATE_LIMIT_DELAY_MS = 60_000

/**
 * Mints exactly one credential. After an unclear response (none, 5xx, a broken body) the issuer may have minted one: it is
 * looked up by its description, and another one is minted only when it does not exist or was revoked.
 * @param description unique to this mint
 * @throws ActionError at once after a clear error, otherwise after the last attempt
 */
export async function mintOnce(issuer: Issuer, description: string, signal: AbortSignal): Promise<MintedCredential> {
  return await mintWithRetries(issuer, description, { signal, retryDelaysMs: RETRY_DELAYS_MS })
}

/** `mintOnce` with other delays. */
export async function mintWithRetries(
  issuer: Issuer,
  description: string,
  { signal, retryDelaysMs }: { readonly signal: AbortSignal; readonly retryDelaysMs: readonly number[] },
): Promise<MintedCredential> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await issuer.mint(description)
    } catch (error) {
      const rateLimitDelayMs = rateLimitDelay(error)
      if (rateLimitDelayMs === undefined && !isOutcomeUnknown(error)) throw error
      if (signal.aborted) throw abortError(OPERATION, signal)
      log.info((error as Error).message)
      if (rateLimitDelayMs === undefined) {
        log.info('It is not known whether a token was minted: looking it up by its description')
        const minted = await lookUp(issuer, description, error)
        if (minted !== undefined) return minted
      }
      const retryDelayMs = retryDelaysMs[attempt]
      if (retryDelayMs === undefined) throw error
      const delayMs = rateLimitDelayMs ?? retryDelayMs
      log.info(`No token was minted: retrying in ${(delayMs / 1000).toFixed(1)} s`)
      await delay(delayMs, OPERATION, signal)
    }
  }
}

/** @returns undefined when the credential was not minted, or was revoked because its value is lost */
async function lookUp(issuer: Issuer, description: string, mintError: unknown): Promise<MintedCredential | undefined> {
  try {
    const listed = (await issuer.list()).find((one) => one.description === description)
    return listed && (await issuer.recover(listed.id))
  } catch (error) {
    throw new ActionError(
      'mint-result-unknown',
      `${(error as Error).message}, after an unclear response to the mint: ${(mintError as Error).message}`,
      {
        cause: error,
        ...(error instanceof ActionError && { details: error.details }),
        hint: `A token with the description "${description}" may exist. The post step of this action tries again to revoke it.`,
      },
    )
  }
}

/** The delay after a 429, with which the issuer says that it minted nothing; undefined for every other error. */
function rateLimitDelay(error: unknown): number | undefined {
  if (!(error instanceof HttpError) || error.status !== 429) return undefined
  const delayMs = error.retryAfterMs ?? RATE_LIMIT_DELAY_MS
  return delayMs <= MAX_RATE_LIMIT_DELAY_MS ? delayMs : undefined
}
