import type { CredentialRecord } from '../pull-secret/record.ts'
import type { HostLogin } from '../registry/docker-config.ts'
import type { Verification } from '../registry/verification.ts'

/** The credential that a run works with. */
export interface Credential extends Pick<CredentialRecord, 'tokenId' | 'expiresAt'> {
  readonly mintedAt: Date
  readonly logins: Logins
  readonly origin: CredentialOrigin
}

/** What it writes to secrets. A minted one has one login for all its hosts; a provided one can have one for each. */
export type Logins = readonly [HostLogin, ...HostLogin[]]

/** The secret of a minted credential, as its issuer knows it. */
export function passwordOf({ logins: [login] }: Pick<Credential, 'logins'>): string {
  return login.password
}

/**
 * `minted` by this run, `reused` from a target, `provided` by the workflow, or `planned`: a placeholder for the token that
 * a dry run does not mint.
 */
export type CredentialOrigin = 'minted' | 'reused' | 'provided' | 'planned'

/** A credential, and what each registry returned for it. */
export interface VerifiedCredential {
  readonly credential: Credential
  readonly verifications: readonly Verification[]
}

const PROVIDED_PREFIX = 'provided-'

/**
 * The id of a provided credential. It is random: the issuer's own id is not known, and a digest would reveal something
 * about the password.
 */
export function providedTokenId(unique: string): string {
  return PROVIDED_PREFIX + unique
}

/** This action did not mint such a credential, so it never revokes, retains or looks for it. */
export function isProvided(tokenId: string): boolean {
  return tokenId.startsWith(PROVIDED_PREFIX)
}
