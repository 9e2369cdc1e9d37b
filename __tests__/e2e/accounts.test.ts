// The imagePullSecrets of service accounts.
import { expect, it } from 'vitest'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

async function secretsOf({ kube }: Scenario, namespace: string): Promise<string[]> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`)
  return (body.imagePullSecrets ?? []).map(({ name }: { name: string }) => name)
}

describeScenarios(
  'service accounts',
  (openScenario) => {
    it('get the secret once, after it is written, and a later run changes nothing', async () => {
      await using scenario = await openScenario()
      const other = await scenario.createNamespace()
      const inputs = { namespaces: `${scenario.namespace},${other}`, 'service-accounts': 'default' }

      const first = await scenario.run(inputs)
      expect(first).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true' } })
      expect(JSON.parse(first.outputs.targets ?? '')).toMatchObject(
        [scenario.namespace, other].map((namespace) => ({
          namespace,
          result: 'created',
          serviceAccounts: [{ name: 'default', result: 'updated' }],
        })),
      )
      const writes = scenario.requests(/^kubernetes PATCH/).map((request) => request.split('/').at(-2))
      expect(writes).toEqual(['secrets', 'secrets', 'serviceaccounts', 'serviceaccounts'])
      for (const namespace of [scenario.namespace, other])
        expect(await secretsOf(scenario, namespace)).toContain(SECRET)
      scenario.forget()

      expect((await scenario.run(inputs)).outputs).toMatchObject({ minted: 'false', changed: 'false' })
      expect(scenario.requests(/ (POST|PUT|PATCH|DELETE) /)).toEqual([])
    })

    it('that do not exist fail their target, and nothing is revoked', async () => {
      await using scenario = await openScenario()
      const { outputs } = await scenario.run()
      const failed = await scenario.run({ 'service-accounts': 'builder', 'max-age': '0' })

      expect(failed.code).toBe(1)
      expect(failed.annotations).toMatchObject([
        {
          level: 'error',
          message: expect.stringContaining(`ServiceAccount ${scenario.namespace}/builder does not exist`),
        },
      ])
      expect(failed.outputs).toMatchObject({ revoked: '[]' })
      expect(await scenario.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
      expect(await scenario.ibm.pullsWith('token', failed.outputs.token ?? '')).toBe(200)
    })
  },
  { onlyOnReal: true },
)
