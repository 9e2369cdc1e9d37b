import type { VerifiedCredential } from '../policy/credential.ts'
import type { Candidate } from '../policy/reuse.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { verifyStored } from './verify.ts'

/**
 * A concurrent run wrote a newer credential: all runs continue with the newest, so that all targets end with the same.
 * @returns undefined when a registry refuses it
 * @throws ActionErrors when a registry gives no conclusive response
 */
export async function useNewerCredential(
  context: RunContext,
  newer: Candidate,
): Promise<VerifiedCredential | undefined> {
  const verified = await verifyStored(context, newer)
  if (verified !== undefined) log.info(`A concurrent run wrote newer token ${newer.tokenId}; continuing with it.`)
  return verified
}
