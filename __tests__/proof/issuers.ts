// Whose credentials the proof bench rotates: what the step is told, and how to see what came of it.
import type { PracticeEnvironment } from '../servers/practice/environment.ts'

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
    inputs: {
      'api-endpoint': ibm.api,
      'registry-endpoint': ibm.registry,
      username: ibm.login.username,
      password: ibm.login.password,
      organization: ibm.organization.name,
    },
    username: 'token',
    secret: ibm.login.password,
    mint: () => ibm.mintToken({ description: 'somebody else' }),
    all: () => ibm.tokens(),
    live: () => ibm.liveTokens(),
  }),

  ibmcloud: (ibm: PracticeEnvironment): Bench => ({
    inputs: {
      provider: 'ibmcloud',
      'iam-endpoint': ibm.iam,
      'api-key': ibm.login.apiKey,
      account: ibm.serviceId.account,
      'service-id': ibm.serviceId.id,
      'docker-server': ibm.registryHost,
    },
    username: 'iamapikey',
    secret: ibm.login.apiKey,
    mint: () => ibm.mintKey(),
    all: () => ibm.keys(),
    live: () => ibm.liveKeys(),
  }),
} as const

export type BenchName = keyof typeof benches
