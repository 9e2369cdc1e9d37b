import { randomBytes, randomUUID } from 'node:crypto'
import { knownSecrets } from '../secrecy/known-secrets.ts'
import { inSeconds, signHs256 } from './jwt.ts'

export interface TokenRecord {
  /** The `jti` of the JWT. */
  readonly id: string
  /** The JWT. */
  readonly value: string
  /** Undefined when none was sent. */
  readonly description: string | undefined
  /** GUID. */
  readonly organization: string
  readonly permanent: boolean
  readonly write: boolean
  readonly revoked: boolean
  readonly expiresAt?: Date
}

export type TokenRequest = Pick<TokenRecord, 'description' | 'organization' | 'permanent' | 'write'>

/** Every registry token ever minted, the revoked ones too. */
export class TokenStore {
  readonly #secret = randomBytes(32)
  #records: (TokenRecord & { revoked: boolean })[] = []

  /**
   * @param issuer the registry's host
   * @param lifetime in seconds, where the token is not permanent
   */
  mint(request: TokenRequest, issuer: string, lifetime: number): TokenRecord {
    const uuid = randomUUID()
    const id = `${uuid.slice(0, 14)}5${uuid.slice(15)}` // IBM's are of version 5
    const exp = inSeconds(lifetime)
    const claims = { ...(!request.permanent && { exp }), jti: id, iss: issuer }
    const value = signHs256(claims, this.#secret)
    const ends = request.permanent ? {} : { expiresAt: new Date(exp * 1000) }
    const record = { id, value, ...request, revoked: false, ...ends }
    this.#records.push(record)
    knownSecrets.add(value, 'registry token')
    knownSecrets.allow(id, 'the id of a registry token')
    return record
  }

  all(): readonly TokenRecord[] {
    return this.#records.map((record) => ({ ...record }))
  }

  /** Neither revoked nor ended. */
  live(): readonly TokenRecord[] {
    return this.all().filter(({ revoked, expiresAt }) => !revoked && (expiresAt?.getTime() ?? Infinity) > Date.now())
  }

  revoke(ids: readonly string[]): void {
    for (const record of this.#records) if (ids.includes(record.id)) record.revoked = true
  }

  /** Forgets all tokens. */
  forget(): void {
    this.#records = []
  }
}
