// Workflows with two steps that keep their own registries in one secret, each with a credential of its own.
import { expect, it, vi } from 'vitest'
import { configOf, entryOf, loginFor } from '../support/docker-config.ts'
import { createDockerHome } from '../support/docker-home.ts'
import { startFakeHarbor } from '../support/harbor/environment.ts'
import { harborInputs } from '../support/harbor/inputs.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { noDedicatedInputs } from '../support/ibm/inputs.ts'
import { recordsOf } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { describeScenarios, type OpenScenario, type Scenario } from './harness.ts'

const REVOKED_ONE = /^\["[^"]+"\]$/

/** A registry that a step logs in to: with what the step mints, or with what the workflow provides. */
interface Part extends AsyncDisposable {
  readonly registryHost: string
  readonly inputs: Readonly<Record<string, string>>
  pullsWith(username: string, password: string): Promise<number>
}

/** A step that mints, and the ids of what is alive of it. */
interface MintingPart extends Part {
  live(): string[]
}

const minting = {
  async dedicated({ ibm }: Scenario): Promise<MintingPart> {
    const live = () => ibm.liveTokens().map(({ id }) => id)
    return partOf(ibm, { inputs: {}, live })
  },
  async ibmcloud({ ibm, ibmcloud }: Scenario): Promise<MintingPart> {
    return partOf(ibm, { inputs: ibmcloud, live: () => ibm.liveKeys().map(({ id }) => id) })
  },
  async harbor({ ibm }: Scenario): Promise<MintingPart> {
    const harbor = await startFakeHarbor()
    const inputs = { ...noDedicatedInputs(ibm), ...harborInputs(harbor) }
    const live = () => harbor.presentRobots().map(({ id }) => id)
    const { registryHost, pullsWith } = harbor
    return { registryHost, pullsWith, inputs, live, [Symbol.asyncDispose]: () => harbor[Symbol.asyncDispose]() }
  },
} as const

function partOf({ registryHost, pullsWith }: FakeIbm, more: Pick<MintingPart, 'inputs' | 'live'>): MintingPart {
  return { registryHost, pullsWith, ...more, [Symbol.asyncDispose]: async () => {} }
}

/** A step with a credential that the workflow provides, which `renew` replaces. */
interface ProvidedPart extends Part {
  renew(): void
  readonly environment: Readonly<Record<string, string>>
}

const provided = {
  async static(): Promise<ProvidedPart> {
    const registry = await startFakeIbm()
    let password = registry.mintToken().value
    const { registryHost, pullsWith } = registry
    return {
      registryHost,
      pullsWith,
      environment: {},
      get inputs() {
        const login = { 'docker-username': 'token', 'docker-password': password }
        return { ...noDedicatedInputs(registry), provider: 'static', 'docker-server': registryHost, ...login }
      },
      renew() {
        password = registry.mintToken().value
      },
      [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
    }
  },
  async 'docker-config'(): Promise<ProvidedPart> {
    const registry = await startFakeIbm()
    const docker = createDockerHome()
    const { registryHost, pullsWith } = registry
    const renew = () => docker.logIn({ [registryHost]: { username: 'token', password: registry.mintToken().value } })
    renew()
    return {
      registryHost,
      pullsWith,
      renew,
      environment: docker.environment,
      inputs: { ...noDedicatedInputs(registry), provider: 'docker-config' },
      async [Symbol.asyncDispose]() {
        docker[Symbol.dispose]()
        await registry[Symbol.asyncDispose]()
      },
    }
  },
} as const

const WORKFLOWS = [
  ['ibmcloud', 'static'],
  ['dedicated', 'docker-config'],
  ['harbor', 'static'],
  ['harbor', 'docker-config'],
] as const satisfies readonly Workflow[]

type Workflow = readonly [keyof typeof minting, keyof typeof provided]

async function open(openScenario: OpenScenario, [first, second]: Workflow) {
  await using resources = new AsyncDisposableStack()
  const scenario = resources.use(await openScenario())
  const one = resources.use(await minting[first](scenario))
  const other = resources.use(await provided[second]())
  const owned = resources.move()
  return {
    scenario,
    one,
    other,
    mintingStep: (more = {}): Promise<StepResult> => scenario.run({ ...one.inputs, ...more }),
    providedStep: (): Promise<StepResult> => scenario.run({ ...other.inputs, 'verify-image': '' }, other.environment),
    /** The bytes of the entry of a part, and its record. */
    async stateOf({ registryHost }: Part) {
      const secret = await scenario.secret()
      const record = recordsOf(secret).find(({ hosts }) => hosts.includes(registryHost))
      return { entry: entryOf(secret, registryHost), id: record?.id }
    },
    async expectPulls() {
      const secret = await scenario.secret()
      for (const { registryHost, pullsWith } of [one, other]) {
        const { username = '', password = '' } = loginFor(secret, registryHost) ?? {}
        expect(await pullsWith(username, password)).toBe(200)
      }
      expect(Object.keys(JSON.parse(configOf(secret)).auths)).toHaveLength(2)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describeScenarios(
  'two registries in one secret',
  (openScenario) => {
    it.each(WORKFLOWS)('are reused, rotated and replaced each on its own: %s and %s', async (...workflow) => {
      await using opened = await open(openScenario, workflow)
      const { one, other, mintingStep, providedStep, stateOf, expectPulls } = opened

      const minted = await mintingStep()
      const written = await providedStep()
      expect(minted).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
      expect(written).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'true' } })
      await expectPulls()
      const [before, theirs] = [await stateOf(one), await stateOf(other)]

      // Nothing to do for either.
      expect(await mintingStep()).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
      expect(await providedStep()).toMatchObject({ code: 0, outputs: { changed: 'false', unrevoked: '[]' } })

      const rotated = await mintingStep({ 'max-age': '0' })
      expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
      expect(rotated.outputs.revoked).toBe(JSON.stringify([before.id]))
      expect(await stateOf(other)).toEqual(theirs)
      const after = await stateOf(one)

      other.renew()
      const replaced = await providedStep()
      expect(replaced).toMatchObject({ code: 0, outputs: { changed: 'true', revoked: '[]', unrevoked: '[]' } })
      expect(await stateOf(one)).toEqual(after)
      expect(one.live()).toEqual([after.id])
      await expectPulls()
    })

    it.each(WORKFLOWS)('survive a run that is killed between the two steps: %s and %s', async (...workflow) => {
      await using opened = await open(openScenario, workflow)
      const { scenario, one, other, mintingStep, providedStep, stateOf, expectPulls } = opened
      await mintingStep()
      await providedStep()
      const before = await stateOf(one)
      // It has minted and written, and is killed when it looks for what it may revoke.
      const planned = scenario.plan('kubernetes PATCH apply', { kind: 'hang-after' }, 1)
      const step = scenario.start({ ...one.inputs, 'max-age': '0' })
      await vi.waitFor(() => expect(planned.met).toBe(1), 60_000)
      step.kill('SIGKILL')
      await step.result

      other.renew()
      const second = await providedStep()
      expect(second).toMatchObject({ code: 0, outputs: { changed: 'true', revoked: '[]' } })
      await expectPulls()

      const next = await mintingStep()
      expect(next).toMatchObject({ code: 0, outputs: { unrevoked: '[]' } })
      expect(next.outputs.revoked).toMatch(REVOKED_ONE)
      const { id } = await stateOf(one)
      expect(id).not.toBe(before.id)
      expect(one.live()).toEqual([id])
      await expectPulls()
    })
  },
  { isLong: true },
)
