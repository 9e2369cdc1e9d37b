import { randomBytes, randomUUID } from 'node:crypto'
import { knownSecrets } from '../secrecy/known-secrets.ts'

export interface KeyRecord {
  /** `ApiKey-…` */
  readonly id: string
  readonly value: string
  readonly name: string
  readonly description: string
  /** The IAM id of whose key it is. */
  readonly iamId: string
  readonly account: string
  readonly locked: boolean
  readonly revoked: boolean
  readonly createdAt: Date
  readonly expiresAt?: Date | undefined
}

export type NewKey = Pick<KeyRecord, 'name' | 'description' | 'iamId' | 'account' | 'expiresAt'>

/** Every API key ever minted, the deleted ones too. */
export class KeyStore {
  readonly #records: (KeyRecord & { locked: boolean; revoked: boolean })[] = []

  mint(key: NewKey): KeyRecord {
    const id = `ApiKey-${randomUUID()}`
    const value = randomBytes(33).toString('base64url')
    const record = { id, value, ...key, locked: false, revoked: false, createdAt: new Date() }
    this.#records.push(record)
    knownSecrets.add(value, 'API key')
    knownSecrets.allow(id, 'the id of an API key')
    return record
  }

  all(): readonly KeyRecord[] {
    return this.#records.map((record) => ({ ...record }))
  }

  live(): readonly KeyRecord[] {
    return this.all().filter(({ revoked, expiresAt }) => !revoked && (expiresAt?.getTime() ?? Infinity) > Date.now())
  }

  revoke(id: string): void {
    for (const record of this.#records) if (record.id === id) record.revoked = true
  }

  lock(id: string, locked: boolean): void {
    for (const record of this.#records) if (record.id === id) record.locked = locked
  }
}
