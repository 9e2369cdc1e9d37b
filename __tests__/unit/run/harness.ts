// One run in this process, against the fake servers, phase by phase and by a clock of the test.
import { randomBytes } from 'node:crypto'
import { loadInputs } from '../../../src/inputs/inputs.ts'
import { Report } from '../../../src/report/report.ts'
import type { Clock } from '../../../src/run/clock.ts'
import { createContext, type RunContext } from '../../../src/run/context.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'
import { dedicatedInputs } from '../../support/ibm/inputs.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { tokenIdOf } from '../../support/records.ts'

export const SECRET = 'regcred'

/** A clock that moves only when something sleeps by it. */
export class FakeClock implements Clock {
  readonly slept: number[] = []
  /** What happens while something sleeps. */
  whileAsleep: () => Promise<void> = async () => {}
  #elapsedMs = 0
  readonly #start: number

  constructor(start = Date.now()) {
    this.#start = start
  }

  now(): Date {
    return new Date(this.#start + this.#elapsedMs)
  }

  elapsedMs(): number {
    return this.#elapsedMs
  }

  async sleep(durationMs: number): Promise<void> {
    this.slept.push(durationMs)
    await this.whileAsleep()
    this.advance(durationMs)
  }

  advance(durationMs: number): void {
    this.#elapsedMs += durationMs
  }
}

export interface Harness extends AsyncDisposable {
  readonly ibm: FakeIbm
  readonly kube: ObservedKubernetesServer
  readonly namespaces: readonly string[]
  /** The context of one run; several of them are concurrent runs. */
  context(inputs?: Readonly<Record<string, string>>, clock?: Clock, signal?: AbortSignal): Promise<RunContext>
  /** The id of the token that a namespace holds; undefined without a secret. */
  heldIn(namespace: string): Promise<string | undefined>
}

export async function startHarness(namespaceCount = 1): Promise<Harness> {
  await using resources = new AsyncDisposableStack()
  const ibm = resources.use(await startFakeIbm())
  const kube = resources.use(await startFakeApiServer())
  const namespaces = Array.from({ length: namespaceCount }, () => `run-${randomBytes(4).toString('hex')}`)
  for (const namespace of namespaces) await kube.createNamespace(namespace)
  kube.journal.length = 0
  const inputs = {
    ...dedicatedInputs(ibm),
    'secret-name': SECRET,
    namespaces: namespaces.join(','),
    kubeconfig: kube.kubeconfig(),
  }
  const owned = resources.move()
  return {
    ibm,
    kube,
    namespaces,
    async context(more = {}, clock = new FakeClock(), signal = new AbortController().signal) {
      const environment = Object.entries({ ...inputs, ...more }).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ])
      return createContext(await loadInputs(Object.fromEntries(environment)), new Report(), { clock, signal })
    },
    async heldIn(namespace) {
      const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`)
      return tokenIdOf(body)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
