// The same run with an API key of a service ID in the place of the registry token.
import { expect, it } from 'vitest'
import { type Scene, tell } from './scene.ts'
import { leaks } from './secrecy.ts'

tell('with provider: ibmcloud', (openScene) => {
  it('an API key of the service ID is minted, proven and written, and the next run keeps it', async () => {
    await using scene = await openScene()

    const first = await scene.run(scene.ibmcloud)
    scene.forget()
    const second = await scene.run(scene.ibmcloud)

    const [key] = scene.ibm.keys()
    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(first.outputs).toMatchObject({ 'token-id': key?.id, minted: 'true', 'docker-username': 'iamapikey' })
    expect(first.outputs).not.toHaveProperty('organization-guid')
    expect(await loginIn(scene)).toMatchObject({ username: 'iamapikey', password: key?.value })
    expect(await scene.ibm.pullsWith('iamapikey', key?.value ?? '')).toBe(200)
    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false', revoked: '[]' } })
    // Whoever keeps a key needs no login.
    expect(scene.requests(/^iam/)).toEqual([])
    expect(leaks(scene, first)).toEqual([])
    expect(leaks(scene, second)).toEqual([])
  })

  it('a replaced key is deleted at the end, once IAM has said that the secret held it', async () => {
    await using scene = await openScene()
    const first = await scene.run(scene.ibmcloud)
    scene.forget()

    const second = await scene.run({ ...scene.ibmcloud, 'max-age': '0' })

    const [old, current] = scene.ibm.keys()
    expect(second.outputs).toMatchObject({
      minted: 'true',
      revoked: `["${first.outputs['token-id']}"]`,
      unrevoked: '[]',
    })
    expect(scene.ibm.liveKeys()).toMatchObject([{ id: current?.id }])
    expect(scene.requests(/^iam/)).toEqual([
      'iam POST /identity/token',
      'iam POST /v1/apikeys',
      'iam GET /v1/apikeys/details',
      'iam GET /v1/apikeys',
      `iam DELETE /v1/apikeys/${old?.id}`,
    ])
    expect(leaks(scene, second)).toEqual([])
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what a node would read
async function loginIn(scene: Scene, host = scene.ibm.registryHost): Promise<any> {
  const { data } = await scene.secret()
  return JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).auths[host]
}
