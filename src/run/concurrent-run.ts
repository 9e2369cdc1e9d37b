import { type Credential, passwordOf, type VerifiedCredential } from '../policy/credential.ts'
import { type Candidate, clusterSkipReason } from '../policy/reuse.ts'
import { hostsText } from '../policy/token-description.ts'
import { clustersOf } from '../pull-secret/scope.ts'
import type { Target } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'
import { verifyStored } from './verify.ts'

interface Comparison {
  /** What this run acquired. */
  readonly own: Pick<Credential, 'tokenId' | 'mintedAt'>
  readonly targets: readonly Target[]
}

/**
 * A concurrent run wrote a newer credential: all runs continue with the newest, so that all targets end with the same.
 * Anyone who may edit a secret can write what looks like it, so its issuer has to confirm that it is ours, for these hosts
 * and clusters, and newer. A provided credential has no issuer to ask: `newer` is the one that this workflow provides.
 * @returns undefined when a registry refuses it, or it is not confirmed
 * @throws ActionErrors when a registry gives no conclusive response
 */
export async function useNewerCredential(
  context: RunContext,
  newer: Candidate,
  comparison: Comparison,
): Promise<VerifiedCredential | undefined> {
  const confirmed = await confirm(context, newer, comparison)
  if (typeof confirmed === 'string') {
    log.info(`Skipped newer token ${newer.tokenId}: ${confirmed}.`)
    return undefined
  }
  const verified = await verifyStored(context, confirmed)
  if (verified !== undefined) log.info(`A concurrent run wrote newer token ${newer.tokenId}; continuing with it.`)
  return verified
}

/** @returns the credential with the date of its issuer, or why it is not used */
async function confirm(
  { ownership, login }: RunContext,
  newer: Candidate,
  { own, targets }: Comparison,
): Promise<Candidate | string> {
  if (login.provided !== undefined) return newer
  const { tokenId } = newer
  const mint = await ownership.mintOf({ id: tokenId, value: passwordOf(newer) }, targets)
  if (mint === undefined) return 'its issuer does not confirm that this action minted it'
  if (mint.hosts !== hostsText(login.owner.hosts)) return 'it was minted for other hosts'
  const leadMs = mint.mintedAt.getTime() - own.mintedAt.getTime()
  if (leadMs < 0 || (leadMs === 0 && tokenId < own.tokenId)) return 'its issuer says that it was minted earlier'
  const clusters = targets.map(({ cluster }) => cluster.identity)
  return clusterSkipReason(clustersOf(mint.scope), clusters) ?? { ...newer, mintedAt: mint.mintedAt }
}
