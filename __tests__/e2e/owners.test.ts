// Several steps keep hosts of their own in one secret: each reads, replaces and revokes only its own credential.
import { describe, expect, it } from 'vitest'
import { configOf, entryOf, loginFor } from '../support/docker-config.ts'
import { type FakeIbm, startFakeIbm } from '../support/ibm/environment.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { recordsOf, type WrittenRecord } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

const ROUNDS = [{}, {}, { 'max-age': '0' }, { 'max-age': '0' }]

describeScenarios(
  'steps with one secret',
  (openScenario) => {
    describe('two steps with one secret', () => {
      it.each(['dedicated', 'ibmcloud'] as const)(
        'rotate their credentials on their own: %s and static',
        async (provider) => {
          await using scenario = await openScenario()
          const { ibm } = scenario
          await using registry = await startFakeIbm()
          const first = provider === 'ibmcloud' ? scenario.ibmcloud : {}
          const live = () => (provider === 'ibmcloud' ? ibm.liveKeys() : ibm.liveTokens())
          let current: string | undefined

          for (const [round, rotate] of ROUNDS.entries()) {
            const theirs = await partOf(scenario, registry.registryHost)
            const one = await scenario.run({ ...first, ...rotate }, { GITHUB_RUN_ID: `${round}1` })
            expect(await partOf(scenario, registry.registryHost)).toEqual(theirs)
            const own = await partOf(scenario, ibm.registryHost)
            const isRotated = round === 0 || 'max-age' in rotate
            expect(one).toMatchObject({
              code: 0,
              annotations: [],
              outputs: { minted: String(isRotated), unrevoked: '[]' },
            })
            expect(one.outputs.revoked).toBe(JSON.stringify(isRotated && current !== undefined ? [current] : []))
            current = one.outputs['token-id']
            expect(live().map(({ id }) => id)).toEqual([current])

            // The credential of the second step changes in the last round only.
            if (round === 0 || round === 3) registry.mintToken()
            const other = await scenario.run(staticStep(registry), { GITHUB_RUN_ID: `${round}2` })
            const isChanged = String(round === 0 || round === 3)
            expect(await partOf(scenario, ibm.registryHost)).toEqual(own)
            expect(other).toMatchObject({ code: 0, annotations: [] })
            expect(other.outputs).toMatchObject({ minted: 'false', changed: isChanged, revoked: '[]', unrevoked: '[]' })
            expect(await partOf(scenario, registry.registryHost)).toMatchObject({
              record: { provider: 'static', id: other.outputs['token-id'] },
            })
            expect(live().map(({ id }) => id)).toEqual([current])
          }

          const secret = await scenario.secret()
          expect(recordsOf(secret).map(({ id }) => id)).toHaveLength(2)
          for (const { registryHost, pullsWith } of [ibm, registry]) {
            const { username = '', password = '' } = loginFor(secret, registryHost) ?? {}
            expect(await pullsWith(username, password)).toBe(200)
          }
          expect(registry.liveTokens()).toHaveLength(2)
        },
      )

      it.each(['the same namespaces', 'more namespaces'])(
        'of one repository and provider never revoke the key of each other, with %s',
        async (which) => {
          await using scenario = await openScenario()
          const all = `${scenario.namespace},${await scenario.createNamespace()}`
          const namespaces = which === 'more namespaces' ? all : scenario.namespace
          const steps = [
            { host: scenario.ibm.registryHost, inputs: scenario.ibmcloud },
            {
              host: aliasOf(scenario),
              inputs: { ...scenario.ibmcloud, 'docker-server': aliasOf(scenario), namespaces },
            },
          ]
          const ids: (string | undefined)[] = []
          for (const { inputs } of steps) ids.push((await scenario.run(inputs)).outputs['token-id'])

          for (const [index, { host, inputs }] of [...steps.entries(), ...steps.entries()]) {
            const { host: otherHost = '' } = steps[1 - index] ?? {}
            const before = await partOf(scenario, otherHost)

            const rotated = await scenario.run({ ...inputs, 'max-age': '0' })

            expect(rotated).toMatchObject({ code: 0, annotations: [] })
            expect(rotated.outputs).toMatchObject({ minted: 'true', revoked: `["${ids[index]}"]`, unrevoked: '[]' })
            ids[index] = rotated.outputs['token-id']
            expect(await partOf(scenario, host)).toMatchObject({ record: { id: ids[index] } })
            expect(await partOf(scenario, otherHost)).toEqual(before)
            expect(scenario.ibm.liveKeys().map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
            expect(scenario.ibm.liveKeys()).toHaveLength(2)
          }
        },
      )

      it('remove a host that they no longer list, in the run that reuses the credential and in one that rotates', async () => {
        await using scenario = await openScenario()
        await using registry = await startFakeIbm()
        registry.mintToken()
        const { registryHost } = scenario.ibm
        const both = { ...scenario.ibmcloud, 'docker-server': `${registryHost},${aliasOf(scenario)}` }
        await scenario.run(staticStep(registry))
        const theirs = await partOf(scenario, registry.registryHost)
        const first = await scenario.run(both)
        expect(hostsIn(await scenario.secret())).toEqual(
          [aliasOf(scenario), registryHost, registry.registryHost].sort(),
        )

        const narrowed = await scenario.run(scenario.ibmcloud)

        expect(narrowed).toMatchObject({ code: 0, annotations: [] })
        expect(narrowed.outputs).toMatchObject({
          minted: 'false',
          changed: 'true',
          'token-id': first.outputs['token-id'],
        })
        expect(hostsIn(await scenario.secret())).toEqual([registryHost, registry.registryHost].sort())
        expect(await partOf(scenario, registry.registryHost)).toEqual(theirs)

        // A host that nothing keeps any more is free for another step.
        const moved = await scenario.run({
          ...staticStep(registry),
          'docker-server': aliasOf(scenario),
          ...freeLogin(scenario),
        })
        expect(moved).toMatchObject({ code: 0, annotations: [] })

        const swapped = { ...scenario.ibmcloud, 'docker-server': `${registryHost},http://${registryHost}` }
        await scenario.run({ ...swapped, 'max-age': '0' })
        const rotated = await scenario.run({ ...scenario.ibmcloud, 'max-age': '0' })

        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
        expect(hostsIn(await scenario.secret())).toEqual(
          [aliasOf(scenario), registryHost, registry.registryHost].sort(),
        )
        expect(scenario.ibm.liveKeys()).toMatchObject([{ id: rotated.outputs['token-id'] }])
      })
    })

    describe('hosts that another step keeps', () => {
      it.each(['another repository', 'another provider'])('are refused to %s, in their namespace only', async (who) => {
        await using scenario = await openScenario()
        const free = await scenario.createNamespace()
        const first = await scenario.run({}, { GITHUB_RUN_ID: '815' })
        const before = await scenario.secret()
        const inputs = who === 'another provider' ? scenario.ibmcloud : {}
        const env = who === 'another repository' ? { GITHUB_REPOSITORY: 'acme/other' } : {}

        const refused = await scenario.run({ ...inputs, namespaces: `${scenario.namespace},${free}` }, env)

        const place = `Secret ${scenario.namespace}/${SECRET} in cluster `
        const owner = `for ${scenario.ibm.registryHost} that \`provider: dedicated\` of acme/shop keeps`
        const run = 'last run: https://github.com/acme/shop/actions/runs/815'
        expect(refused.code).toBe(1)
        expect(refused.annotations).toMatchObject([{ level: 'error', properties: { title: 'Host owner conflict' } }])
        for (const part of [place, owner, run, '`adopt: true`']) expect(refused.annotations[0]?.message).toContain(part)
        expect(resultsOf(refused)).toEqual({ [scenario.namespace]: 'failed', [free]: 'created' })
        expect(refused.outputs).toMatchObject({ minted: 'true', revoked: '[]' })
        expect(await scenario.secret()).toEqual(before)
        expect(scenario.ibm.liveTokens().map(({ id }) => id)).toContain(first.outputs['token-id'])
        expect(await scenario.secret(free)).toBeDefined()
      })

      it('are taken over with `adopt`: the token of the other repository stays alive, and so do its other hosts', async () => {
        await using scenario = await openScenario()
        const { registryHost } = scenario.ibm
        const alias = aliasOf(scenario)
        const both = { 'docker-server': `${registryHost},${alias}` }
        const first = await scenario.run(both)
        const other = { GITHUB_REPOSITORY: 'acme/other' }
        const entry = entryOf(await scenario.secret(), alias)

        const adopted = await scenario.run({ adopt: 'true' }, other)

        const id = first.outputs['token-id']
        expect(adopted).toMatchObject({ code: 0, annotations: [] })
        expect(adopted.outputs).toMatchObject({ minted: 'true', revoked: '[]', unrevoked: `["${id}"]` })
        expect(adopted.log).toContain(`Kept old token ${id}: another step minted it.`)
        const secret = await scenario.secret()
        expect(entryOf(secret, alias)).toBe(entry)
        expect(recordsOf(secret)).toMatchObject([
          { hosts: [registryHost], repository: 'acme/other', id: adopted.outputs['token-id'] },
          { hosts: [alias], repository: 'acme/shop', id },
        ])
        expect(loginFor(secret, registryHost)?.password).toBe(adopted.outputs.token)
        expect(await scenario.ibm.pullsWith('token', first.outputs.token ?? '')).toBe(200)

        // It rotates as its own from now on, and the first step is refused the host that it lost.
        const rotated = await scenario.run({ 'max-age': '0' }, other)
        expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { unrevoked: '[]' } })
        expect(rotated.outputs.revoked).toBe(`["${adopted.outputs['token-id']}"]`)
        const refused = await scenario.run(both)
        expect(refused.annotations).toMatchObject([{ properties: { title: 'Host owner conflict' } }])
        expect(refused.annotations[0]?.message).toContain(
          `for ${registryHost} that \`provider: dedicated\` of acme/other keeps`,
        )
        const rest = await scenario.run({ 'docker-server': alias, 'max-age': '0' })
        expect(rest).toMatchObject({ code: 0, outputs: { revoked: `["${id}"]` } })
        expect(
          scenario.ibm
            .liveTokens()
            .map((token) => token.id)
            .sort(),
        ).toEqual([rotated.outputs['token-id'], rest.outputs['token-id']].sort())
      })
    })

    it('a secret that another program keeps is refused with and without `adopt`, with the name of the program', async () => {
      await using scenario = await openScenario()
      const path = `/api/v1/namespaces/${scenario.namespace}/secrets`
      const annotations = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' }
      await scenario.kube.request('POST', path, {
        metadata: { name: SECRET, annotations },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': '{"auths":{}}' },
      })
      const before = await scenario.secret()

      for (const adopt of ['false', 'true']) {
        const refused = await scenario.run({ adopt })
        expect(refused.code).toBe(1)
        expect(refused.annotations).toMatchObject([{ level: 'error', properties: { title: 'Secret has controller' } }])
        const [message] = refused.annotations.map((one) => one.message)
        expect(message).toContain('is kept by Helm (meta.helm.sh/release-name: web), which would revert it.')
        expect(message).not.toContain('adopt: true')
      }

      expect(await scenario.secret()).toEqual(before)
      expect(scenario.ibm.liveTokens()).toEqual([])
    })

    it('a secret of this action with the labels of such programs from the inputs is updated', async () => {
      await using scenario = await openScenario()
      const labels = 'app.kubernetes.io/instance=web\nargocd.argoproj.io/instance=web'
      await scenario.run({ labels })

      const rotated = await scenario.run({ labels, 'max-age': '0' })

      expect(rotated).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
      expect((await scenario.secret()).metadata.labels).toMatchObject({ 'argocd.argoproj.io/instance': 'web' })
    })
  },
  { onlyOnReal: true },
)

/** The same registry under another name. */
function aliasOf({ ibm }: Scenario): string {
  return ibm.registryHost.replace('127.0.0.1', 'localhost')
}

/** A step that provides the newest token of this registry. */
function staticStep(registry: FakeIbm): Record<string, string> {
  return staticInputs(registry, registry.tokens().at(-1)?.value ?? '')
}

/** Of the registry of the scenario. */
function freeLogin({ ibm }: Scenario): Record<string, string> {
  return { 'docker-password': ibm.mintToken().value }
}

/** What a secret holds and records for one host. */
async function partOf({ secret }: Scenario, host: string): Promise<{ entry?: string; record?: WrittenRecord }> {
  const stored = await secret()
  if (stored === undefined) return {}
  const [entry, record] = [entryOf(stored, host), recordsOf(stored).find(({ hosts }) => hosts.includes(host))]
  return { ...(entry && { entry }), ...(record && { record }) }
}

/** The hosts that a secret has a login for; the same that it records. */
// biome-ignore lint/suspicious/noExplicitAny: a secret as the API server has it
function hostsIn(secret: any): string[] {
  const hosts = Object.keys(JSON.parse(configOf(secret)).auths).sort()
  expect(
    recordsOf(secret)
      .flatMap((record) => record.hosts)
      .sort(),
  ).toEqual(hosts)
  return hosts
}

function resultsOf({ outputs }: StepResult): Record<string, string> {
  const targets: { namespace: string; result: string }[] = JSON.parse(outputs.targets ?? '[]')
  return Object.fromEntries(targets.map(({ namespace, result }) => [namespace, result]))
}
