import { type Credential, isProvided } from './credential.ts'
import { renewalOf } from './reuse.ts'

/**
 * From when on a run does not reuse a credential, by its age and its expiry. With a `max-age` of 0 that is when it was
 * minted. A provided one is replaced when the workflow provides another one, at the latest when it expires.
 * @returns undefined when nothing says it
 */
export function nextRotation(
  { tokenId, mintedAt, expiresAt }: Pick<Credential, 'tokenId' | 'mintedAt' | 'expiresAt'>,
  maxAgeMs: number,
): Date | undefined {
  if (isProvided(tokenId)) return expiresAt
  const oldMs = mintedAt.getTime() + maxAgeMs
  return new Date(expiresAt === undefined ? oldMs : Math.min(oldMs, renewalOf({ mintedAt, expiresAt }).getTime()))
}
