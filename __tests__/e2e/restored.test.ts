// A controller or an administrator writes an old secret back, with its annotations: what is alive is found all the same.
import { expect, it } from 'vitest'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'
import { expectFinished, reuse, rotate, withNamespaces } from './step.ts'

describeScenarios(
  'an old secret that is written back',
  (openScenario) => {
    it.each([1, 2])(
      'within the grace period, without the record of the rotation: the next run finishes it, with %i targets',
      async (count) => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, count)
        const first = await step.run({})
        const old = await scenario.secret()
        const isRestored = Promise.withResolvers<void>()
        const running = scenario.start({ ...step.inputs, ...rotate }, (line) => {
          if (line.includes('for in-flight pulls before revoking')) {
            restore(scenario, old).then(isRestored.resolve, isRestored.reject)
          }
        })
        const failed = await running.result
        await isRestored.promise
        expect(failed).toMatchObject({
          code: 1,
          annotations: [{ properties: { title: 'Secret changed after write' } }],
        })
        expect(failed.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${first.outputs['token-id']}"]` })
        expect(step.liveIds()).toHaveLength(2)
        expect(await step.pending()).toHaveLength(1)

        const next = await step.run(reuse)

        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        await expectFinished(step, next)
      },
    )

    it('as a newer one does not restore its token, which is still alive', async () => {
      await using scenario = await openScenario()
      const step = await withNamespaces(scenario, 2)
      const first = await step.run({})
      const old = await scenario.secret()
      const rotated = await step.run({ ...rotate, revoke: 'never' })
      await restore(scenario, old, new Date().toISOString())
      expect(await step.held()).toEqual([first.outputs['token-id'], rotated.outputs['token-id']])

      const next = await step.run(reuse)

      expect(next).toMatchObject({ code: 0, annotations: [] })
      expect(next.outputs).toMatchObject({
        minted: 'false',
        'token-id': rotated.outputs['token-id'],
        revoked: `["${first.outputs['token-id']}"]`,
      })
      await expectFinished(step, next)
    })
  },
  { onlyOnReal: true },
)

// biome-ignore lint/suspicious/noExplicitAny: a secret as the API server had it
async function restore({ kube, secret }: Scenario, { metadata, data }: any, mintedAt?: string): Promise<void> {
  const { annotations, namespace } = metadata
  const records = 'registry-pull-secret/credentials'
  const changed = JSON.parse(annotations[records]).map((record: object) => ({ ...record, 'minted-at': mintedAt }))
  const restored = mintedAt === undefined ? annotations : { ...annotations, [records]: JSON.stringify(changed) }
  const change = { data, metadata: { annotations: { ...restored, 'registry-pull-secret/pending': null } } }
  const path = `/api/v1/namespaces/${namespace}/secrets/${SECRET}`
  const merge = { 'content-type': 'application/merge-patch+json' }
  expect(await kube.request('PATCH', path, change, merge)).toMatchObject({ status: 200 })
  expect((await secret(namespace)).data).toEqual(data)
}
