import type { VerifiedCredential } from '../policy/credential.ts'
import { candidateOf } from '../policy/reuse.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { verifyStored } from './verify.ts'

/**
 * A concurrent run wrote a newer credential: all runs continue with the newest, so that all targets end with the same.
 * @returns undefined when it is for other hosts, or a registry refuses it
 * @throws ActionErrors when a registry gives no conclusive response
 */
export async function useNewerCredential(
  context: RunContext,
  stored: StoredSecret,
): Promise<VerifiedCredential | undefined> {
  const candidate = candidateOf(stored, context.inputs.registry)
  const verified = candidate && (await verifyStored(context, candidate))
  if (verified !== undefined) {
    log.info(`A concurrent run wrote newer token ${verified.credential.tokenId}; continuing with it.`)
  }
  return verified
}
