// Who else holds a token when its targets change: whoever is no longer listed must not lose its pulls.
import { expect, it } from 'vitest'
import { type Scene, tell } from './harness.ts'

const rotate = { 'max-age': '0' }

/** Whether what a namespace holds can pull; undefined when it holds nothing. */
async function pullsIn({ ibm, secret }: Scene, namespace: string): Promise<number | undefined> {
  const stored = await secret(namespace)
  if (stored === undefined) return undefined
  const config = JSON.parse(Buffer.from(stored.data['.dockerconfigjson'], 'base64').toString())
  return await ibm.pullsWith('token', config.auths[ibm.registryHost].password)
}

tell('a token', (openScene) => {
  it('that was kept for fewer namespaces is not revoked while another one holds it', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    const { outputs } = await scene.run({ namespaces: `${scene.namespace},${other}` })
    await scene.run()
    const rotated = await scene.run(rotate)

    expect(rotated.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(await pullsIn(scene, other)).toBe(200)

    // Nor do later rotations take it for a leftover.
    await scene.run(rotate)
    expect(await pullsIn(scene, other)).toBe(200)
  })

  it('is brought to a new namespace only when the old one has recorded that', async () => {
    await using scene = await openScene()
    const other = await scene.createNamespace()
    await scene.run()
    const fault = scene.plan(`kubernetes PATCH /namespaces/${scene.namespace}/`, {
      kind: 'status',
      status: 403,
      body: '',
    })
    const grown = await scene.run({ namespaces: `${scene.namespace},${other}` })
    expect(fault.met).toBe(1)
    expect(grown.annotations).toMatchObject([{ level: 'error' }, { level: 'error' }])
    scene.kube.faults.clear()

    expect(await pullsIn(scene, other)).toBeUndefined()
    await scene.run({ namespaces: `${scene.namespace},${other}` })
    expect(await pullsIn(scene, other)).toBe(200)
  })

  it('that was brought to a new namespace is revoked by the rotation of both', async () => {
    await using scene = await openScene()
    const both = { namespaces: `${scene.namespace},${await scene.createNamespace()}` }
    const { outputs } = await scene.run()
    expect((await scene.run(both)).outputs).toMatchObject({ minted: 'false', changed: 'true' })

    expect((await scene.run({ ...both, ...rotate })).outputs.revoked).toBe(`["${outputs['token-id']}"]`)
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })

  it('of a workflow that was split in two goes when its last holder has another', async () => {
    await using scene = await openScene()
    const other = { namespaces: await scene.createNamespace() }
    const { outputs } = await scene.run({ namespaces: `${scene.namespace},${other.namespaces}` })

    expect((await scene.run(rotate)).outputs.unrevoked).toBe(`["${outputs['token-id']}"]`)
    expect(await pullsIn(scene, other.namespaces)).toBe(200)
    expect((await scene.run({ ...other, ...rotate })).outputs.revoked).toBe(`["${outputs['token-id']}"]`)
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })

  it('is not revoked when one namespace is swapped for another', async () => {
    await using scene = await openScene()
    const [out, incoming] = [await scene.createNamespace(), await scene.createNamespace()]
    const { outputs } = await scene.run({ namespaces: `${scene.namespace},${out}` })
    const swapped = { namespaces: `${scene.namespace},${incoming}` }
    expect((await scene.run(swapped)).outputs).toMatchObject({ minted: 'false', changed: 'true' })

    expect((await scene.run({ ...swapped, ...rotate })).outputs.unrevoked).toBe(`["${outputs['token-id']}"]`)
    expect(await pullsIn(scene, out)).toBe(200)
    expect(await pullsIn(scene, incoming)).toBe(200)
  })

  it('whose id somebody wrote on our secret is none of ours', async () => {
    await using scene = await openScene()
    const theirs = scene.ibm.mintToken({ description: 'somebody else' })
    await scene.run()
    const annotations = { 'registry-pull-secret/token-id': theirs.id }
    const path = `/api/v1/namespaces/${scene.namespace}/secrets/regcred`
    const merge = { 'content-type': 'application/merge-patch+json' }
    await scene.kube.request('PATCH', path, { metadata: { annotations } }, merge)

    const rotated = await scene.run(rotate)

    expect(rotated.outputs.unrevoked).toBe(`["${theirs.id}"]`)
    expect(scene.ibm.liveTokens().map(({ id }) => id)).toContain(theirs.id)
  })
})
