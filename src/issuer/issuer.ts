import type { Send } from '../http/client.ts'

/** A credential that its issuer has just minted or shown again. */
export interface MintedCredential {
  /** The issuer's id of the credential, by which it is revoked; see `isTokenId`. */
  readonly id: string
  /** The secret itself, already masked. */
  readonly value: string
  /** The user name that the issuer gave it; undefined: that of the input `docker-username`. */
  readonly username?: string | undefined
  /** Absent when it does not expire. */
  readonly expiresAt: Date | undefined
}

/** A live credential in the list of its issuer. */
export interface ListedCredential {
  readonly id: string
  /** The description under which it was minted; empty when it has none. */
  readonly description: string
}

/** An id that a secret records, with the value that the secret holds. Anyone who can write the secret can set both. */
export interface StoredCredential {
  readonly id: string
  readonly value: string
}

/**
 * What the issuer returns for a stored credential. `match`: the issuer has this very value under this id. `gone`: it has
 * neither, so a revocation has no effect. `mismatch`: anything else. It does not say who minted the credential: only the
 * description in `list()` does.
 */
export type Confirmation = 'match' | 'mismatch' | 'gone'

/** Whose a stored credential is. `ours`: this action minted it. `gone`: it no longer exists. `foreign`: anything else. */
export type Ownership = 'ours' | 'foreign' | 'gone'

/** A service that issues credentials. Every method throws the errors of `Send`. */
export interface Issuer {
  /** Mints one credential with one request, which is never retried: use `mintOnce`. */
  mint(description: string): Promise<MintedCredential>
  /** The live credentials. One whose id is not a token id is omitted. */
  list(): Promise<readonly ListedCredential[]>
  /**
   * Reads a minted credential again, after the response to its mint was lost. An issuer that shows a value only once
   * revokes the credential instead, and returns undefined.
   */
  recover(id: string): Promise<MintedCredential | undefined>
  /** Whether the issuer has a stored credential. Id and value can be any text: what cannot be a credential is a `mismatch`. */
  confirm(stored: StoredCredential): Promise<Confirmation>
  /**
   * Revokes one credential permanently. Does nothing when it no longer exists.
   * @throws ActionError `invalid-token-id`, without a request
   */
  revoke(id: string): Promise<void>
}

/** A registry that accepts a credential of the issuer. */
export interface RegistryLogin {
  /** Without a path. */
  readonly origin: string
  /** The credential, for its user. */
  readonly password: string
}

/** A login at an issuer. It can be used after the deadline of the run, to revoke what the run minted. */
export interface Session {
  /** Absent for issuers without organizations. */
  readonly organizationGuid: string | undefined
  issuer(send: Send): Issuer
  /**
   * The repositories of a registry by its own API, such as `team/app`; absent where it has none. Neither the registry nor the
   * issuer receives what it does not have: each has seen the login or the password.
   * @returns undefined for a registry that this login is not for
   */
  readonly listRepositories?: (send: Send, registry: RegistryLogin) => Promise<readonly string[] | undefined>
}

/** The source of credentials, as the input `provider` selects it. */
export interface Provider {
  /** The URL of the server that its first request goes to; undefined where it sends none. */
  readonly endpoint: string | undefined
  /** Logs in. `signal` aborts what is not a request. */
  open(send: Send, signal: AbortSignal): Promise<Session>
  /** One sentence: how a person revokes a credential that this action could not revoke. */
  manualRevocation(id: string): string
}
