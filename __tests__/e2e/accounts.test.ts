// The secret at the service accounts of its namespaces.
import { expect, it } from 'vitest'
import { type Scene, SECRET, tell } from './harness.ts'

async function secretsOf({ kube }: Scene, namespace: string): Promise<string[]> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`)
  return (body.imagePullSecrets ?? []).map(({ name }: { name: string }) => name)
}

tell('service accounts', (openScene) => {
  it('get the secret once, after it is written, and a later run finds nothing to do', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    const inputs = { namespaces: `${scene.namespace},${other}`, 'service-accounts': 'default' }

    const first = await scene.run(inputs)
    expect(first).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true' } })
    expect(JSON.parse(first.outputs.targets ?? '')).toMatchObject(
      [scene.namespace, other].map((namespace) => ({
        namespace,
        result: 'created',
        serviceAccounts: [{ name: 'default', result: 'updated' }],
      })),
    )
    const writes = scene.requests(/^kubernetes PATCH/).map((request) => request.split('/').at(-2))
    expect(writes).toEqual(['secrets', 'secrets', 'serviceaccounts', 'serviceaccounts'])
    for (const namespace of [scene.namespace, other]) expect(await secretsOf(scene, namespace)).toContain(SECRET)
    scene.forget()

    expect((await scene.run(inputs)).outputs).toMatchObject({ minted: 'false', changed: 'false' })
    expect(scene.requests(/ (POST|PUT|PATCH|DELETE) /)).toEqual([])
  })

  it('that are not there fail their target alone, and nothing is revoked', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    const failed = await scene.run({ 'service-accounts': 'builder', 'max-age': '0' })

    expect(failed.code).toBe(1)
    expect(failed.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining(`service account ${scene.namespace}/builder is not`) },
    ])
    expect(failed.outputs).toMatchObject({ revoked: '[]' })
    expect(await scene.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
    expect(await scene.ibm.pullsWith('token', failed.outputs.token ?? '')).toBe(200)
  })
})
