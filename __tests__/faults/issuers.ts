// The issuers whose credentials the fault-injection matrix rotates: the inputs of the step, and its credentials.
import { startFakeHarbor } from '../support/harbor/environment.ts'
import { harborInputs } from '../support/harbor/inputs.ts'
import type { Faults } from '../support/http/faults.ts'
import type { JournalEntry } from '../support/http/http-server.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { dedicatedInputs, ibmcloudInputs } from '../support/ibm/inputs.ts'

interface Credential {
  readonly id: string
  readonly value: string
}

export interface Issuer {
  readonly inputs: Readonly<Record<string, string>>
  /** Mints a foreign credential, without the action. */
  mint(): Credential
  live(): readonly Credential[]
}

/** The services of an issuer, with the registry that accepts its credentials. */
interface Services extends AsyncDisposable {
  /** `host:port` */
  readonly registryHost: string
  readonly image: { readonly repository: string; readonly tag: string }
  readonly journal: JournalEntry[]
  readonly faults: Faults
  /** @returns the status of a pull */
  pullsWith(username: string, password: string): Promise<number>
}

export interface RunningIssuer extends AsyncDisposable {
  readonly services: Services
  readonly credentials: Issuer
}

export const issuers = {
  dedicated: () =>
    onIbm((ibm) => ({
      inputs: dedicatedInputs(ibm),
      mint: () => ibm.mintToken({ description: 'foreign' }),
      live: () => ibm.liveTokens(),
    })),

  ibmcloud: () =>
    onIbm((ibm) => ({
      inputs: ibmcloudInputs(ibm),
      mint: () => ibm.mintKey(),
      live: () => ibm.liveKeys(),
    })),

  async harbor(): Promise<RunningIssuer> {
    const harbor = await startFakeHarbor()
    const credentials: Issuer = {
      inputs: harborInputs(harbor),
      mint: () => harbor.createRobot(),
      live: () => harbor.presentRobots(),
    }
    return { services: harbor, credentials, [Symbol.asyncDispose]: () => harbor[Symbol.asyncDispose]() }
  },
} as const

export type IssuerName = keyof typeof issuers

async function onIbm(create: (ibm: FakeIbm) => Issuer): Promise<RunningIssuer> {
  const ibm = await startFakeIbm()
  return { services: ibm, credentials: create(ibm), [Symbol.asyncDispose]: () => ibm[Symbol.asyncDispose]() }
}
