import type { Issuer } from './issuer/issuer.ts'
import * as log from './log.ts'
import type { Superseded } from './plan.ts'

/** What became of the tokens that were replaced. */
export interface Revocation {
  readonly revoked: readonly string[]
  readonly unrevoked: readonly { readonly tokenId: string; readonly reason: string }[]
  readonly failures: readonly unknown[]
}

/**
 * Revokes what was replaced and may be revoked.
 * @param issuer asked for only when there is something to revoke
 */
export async function revokeSuperseded(
  superseded: readonly Superseded[],
  issuer: () => Promise<Issuer>,
): Promise<Revocation> {
  const revoked: string[] = []
  const unrevoked: { tokenId: string; reason: string }[] = []
  const failures: unknown[] = []
  for (const { tokenId, objection } of superseded) {
    if (objection !== undefined) {
      unrevoked.push({ tokenId, reason: objection })
      log.info(`The replaced token ${tokenId} stays alive: ${objection}.`)
      continue
    }
    try {
      await (await issuer()).revoke(tokenId)
      revoked.push(tokenId)
      log.info(`Revoked the replaced token ${tokenId}.`)
    } catch (failure) {
      failures.push(failure)
      unrevoked.push({ tokenId, reason: 'the issuer did not revoke it, see the error' })
    }
  }
  return { revoked, unrevoked, failures }
}
