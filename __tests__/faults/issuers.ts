// Whose credentials the proof bench rotates: what the step is told, and how to see what came of it.
import type { PracticeEnvironment } from '../support/ibm/environment.ts'
import { dedicatedInputs, ibmcloudInputs } from '../support/ibm/inputs.ts'

interface Credential {
  readonly id: string
  readonly value: string
}

export interface Bench {
  readonly inputs: Readonly<Record<string, string>>
  /** With which the registry takes the credentials. */
  readonly username: string
  /** What the step logs in with. */
  readonly secret: string
  /** Mints past the action, as somebody else would have. */
  mint(): Credential
  all(): readonly Credential[]
  live(): readonly Credential[]
}

export const benches = {
  dedicated: (ibm: PracticeEnvironment): Bench => ({
    inputs: dedicatedInputs(ibm),
    username: 'token',
    secret: ibm.login.password,
    mint: () => ibm.mintToken({ description: 'somebody else' }),
    all: () => ibm.tokens(),
    live: () => ibm.liveTokens(),
  }),

  ibmcloud: (ibm: PracticeEnvironment): Bench => ({
    inputs: ibmcloudInputs(ibm),
    username: 'iamapikey',
    secret: ibm.login.apiKey,
    mint: () => ibm.mintKey(),
    all: () => ibm.keys(),
    live: () => ibm.liveKeys(),
  }),
} as const

export type BenchName = keyof typeof benches
