import type { Send } from '../http/client.ts'

/** A credential fresh from its issuer. */
export interface Minted {
  /** The issuer's own name of the credential, by which it is revoked. */
  readonly id: string
  /** The secret itself, already masked. */
  readonly value: string
  /** Absent when it never ends. */
  readonly expiresAt: Date | undefined
}

/** A live credential, as its issuer lists it. */
export interface Described {
  readonly id: string
  readonly description: string
}

/** Who gives out credentials. */
export interface Issuer {
  /** Mints one credential under a description. Sent once: what an unclear answer means is for `mintOnce` to find out. */
  mint(description: string): Promise<Minted>
  /** The live credentials, and under which descriptions they were minted. */
  list(): Promise<readonly Described[]>
  /** The credential behind an id, once more; undefined when its value is lost: then it is revoked by now. */
  recover(id: string): Promise<Minted | undefined>
  /** Whether this action minted the credential of this id here, with this value; or whether it is gone, value and all. */
  isOurs(id: string, value: string): Promise<boolean>
  /** Revokes one credential for good. One that is gone already is revoked. */
  revoke(id: string): Promise<void>
}

/** A login at an issuer. It outlives the deadline of a run, so that what was minted can still be revoked after it. */
export interface Session {
  /** Absent where there are no organizations. */
  readonly organizationGuid: string | undefined
  issuer(send: Send): Issuer
}

/** Where credentials come from, as the input `provider` chooses. */
export interface Provider {
  /** The credential that the workflow brings itself: then none is minted. */
  readonly given: Given | undefined
  open(send: Send): Promise<Session>
  /** How a person revokes a credential that this action cannot, in a sentence. */
  revocationByHand(id: string): string
}

export type Given = Pick<Minted, 'value' | 'expiresAt'>
