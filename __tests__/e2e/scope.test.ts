// Runs whose targets change: a namespace that is no longer listed must not lose its pulls.
import { expect, it } from 'vitest'
import { changedRecord } from '../support/records.ts'
import { describeScenarios, type Scenario } from './harness.ts'

const rotate = { 'max-age': '0' }

/** Whether what a namespace holds can pull; undefined when it holds nothing. */
async function pullsIn({ ibm, secret }: Scenario, namespace: string): Promise<number | undefined> {
  const stored = await secret(namespace)
  if (stored === undefined) return undefined
  const config = JSON.parse(Buffer.from(stored.data['.dockerconfigjson'], 'base64').toString())
  return await ibm.pullsWith('token', config.auths[ibm.registryHost].password)
}

describeScenarios(
  'a token',
  (openScenario) => {
    it('that was reused for fewer namespaces is not revoked while another one holds it', async () => {
      await using scenario = await openScenario()
      const other = await scenario.createNamespace()
      const { outputs } = await scenario.run({ namespaces: `${scenario.namespace},${other}` })
      await scenario.run()
      const rotated = await scenario.run(rotate)

      expect(rotated.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
      expect(await pullsIn(scenario, other)).toBe(200)

      // Later rotations do not treat it as a leftover.
      await scenario.run(rotate)
      expect(await pullsIn(scenario, other)).toBe(200)
    })

    it('is not copied to a new namespace when the old one cannot record that: the new one gets another', async () => {
      await using scenario = await openScenario()
      const other = await scenario.createNamespace()
      const both = { namespaces: `${scenario.namespace},${other}` }
      const { outputs } = await scenario.run()
      scenario.plan(`kubernetes PATCH /namespaces/${scenario.namespace}/`, { kind: 'status', status: 403, body: '' })
      const grown = await scenario.run(both)
      expect(grown.annotations.map(({ level }) => level)).toEqual(['error'])
      expect(grown.outputs).toMatchObject({ minted: 'true', revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
      for (const namespace of [scenario.namespace, other]) expect(await pullsIn(scenario, namespace)).toBe(200)
      scenario.kube.faults.clear()

      const next = await scenario.run(both)

      expect(next.outputs).toMatchObject({ minted: 'false', revoked: `["${outputs['token-id']}"]`, unrevoked: '[]' })
      for (const namespace of [scenario.namespace, other]) expect(await pullsIn(scenario, namespace)).toBe(200)
      expect(scenario.ibm.liveTokens()).toHaveLength(1)
    })

    it('that was copied to a new namespace is revoked by the rotation of both', async () => {
      await using scenario = await openScenario()
      const both = { namespaces: `${scenario.namespace},${await scenario.createNamespace()}` }
      const { outputs } = await scenario.run()
      expect((await scenario.run(both)).outputs).toMatchObject({ minted: 'false', changed: 'true' })

      expect((await scenario.run({ ...both, ...rotate })).outputs.revoked).toBe(`["${outputs['token-id']}"]`)
      expect(scenario.ibm.liveTokens()).toHaveLength(1)
    })

    it('of a workflow that was split in two is revoked when its last holder has another one', async () => {
      await using scenario = await openScenario()
      const other = { namespaces: await scenario.createNamespace() }
      const { outputs } = await scenario.run({ namespaces: `${scenario.namespace},${other.namespaces}` })

      expect((await scenario.run(rotate)).outputs.unrevoked).toBe(`["${outputs['token-id']}"]`)
      expect(await pullsIn(scenario, other.namespaces)).toBe(200)
      expect((await scenario.run({ ...other, ...rotate })).outputs.revoked).toBe(`["${outputs['token-id']}"]`)
      expect(scenario.ibm.liveTokens()).toHaveLength(2)
    })

    it('is not revoked when one namespace is swapped for another', async () => {
      await using scenario = await openScenario()
      const [out, incoming] = [await scenario.createNamespace(), await scenario.createNamespace()]
      const { outputs } = await scenario.run({ namespaces: `${scenario.namespace},${out}` })
      const swapped = { namespaces: `${scenario.namespace},${incoming}` }
      expect((await scenario.run(swapped)).outputs).toMatchObject({ minted: 'false', changed: 'true' })

      expect((await scenario.run({ ...swapped, ...rotate })).outputs.unrevoked).toBe(`["${outputs['token-id']}"]`)
      expect(await pullsIn(scenario, out)).toBe(200)
      expect(await pullsIn(scenario, incoming)).toBe(200)
    })

    it('whose id was written to a secret by hand is not revoked', async () => {
      await using scenario = await openScenario()
      const theirs = scenario.ibm.mintToken({ description: 'foreign' })
      await scenario.run()
      const annotations = changedRecord(await scenario.secret(), { id: theirs.id })
      const path = `/api/v1/namespaces/${scenario.namespace}/secrets/regcred`
      const merge = { 'content-type': 'application/merge-patch+json' }
      await scenario.kube.request('PATCH', path, { metadata: { annotations } }, merge)

      const rotated = await scenario.run(rotate)

      expect(rotated.outputs.unrevoked).toBe(`["${theirs.id}"]`)
      expect(scenario.ibm.liveTokens().map(({ id }) => id)).toContain(theirs.id)
    })
  },
  { onlyOnReal: true },
)
