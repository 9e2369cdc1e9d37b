// The issuers whose credentials the fault-injection matrix rotates: the inputs of the step, and its credentials.
import type { FakeIbm } from '../support/ibm/environment.ts'
import { dedicatedInputs, ibmcloudInputs } from '../support/ibm/inputs.ts'

interface Credential {
  readonly id: string
  readonly value: string
}

export interface Issuer {
  readonly inputs: Readonly<Record<string, string>>
  /** The user name of the credentials at the registry. */
  readonly username: string
  /** Mints a foreign credential, without the action. */
  mint(): Credential
  live(): readonly Credential[]
}

export const issuers = {
  dedicated: (ibm: FakeIbm): Issuer => ({
    inputs: dedicatedInputs(ibm),
    username: 'token',
    mint: () => ibm.mintToken({ description: 'foreign' }),
    live: () => ibm.liveTokens(),
  }),

  ibmcloud: (ibm: FakeIbm): Issuer => ({
    inputs: ibmcloudInputs(ibm),
    username: 'iamapikey',
    mint: () => ibm.mintKey(),
    live: () => ibm.liveKeys(),
  }),
} as const

export type IssuerName = keyof typeof issuers
