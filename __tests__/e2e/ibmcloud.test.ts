// The same run with an API key of a service ID in the place of the registry token.
import { expect, it } from 'vitest'
import { leaks } from '../support/secrecy.ts'
import { type Scene, SECRET, tell } from './harness.ts'

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
  it('a key whose answer is lost is deleted, and another one is minted: one is alive in the end', async () => {
    await using scene = await openScene()
    scene.plan('iam POST /v1/apikeys', { kind: 'reset-after' }, 1)

    const result = await scene.run(scene.ibmcloud)

    expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
    expect(scene.ibm.keys()).toHaveLength(2)
    expect(scene.ibm.liveKeys()).toMatchObject([{ id: result.outputs['token-id'] }])
  })

  it('a key that IAM does not list yet is found when it does, and swept', async () => {
    await using scene = await openScene()
    scene.ibm.switches.listAfter = 1
    scene.plan('iam POST /v1/apikeys', { kind: 'reset-after' }, 1)

    const result = await scene.run(scene.ibmcloud)

    expect(result).toMatchObject({ code: 0, outputs: { minted: 'true' } })
    expect(scene.ibm.keys()).toHaveLength(2)
    expect(scene.ibm.liveKeys()).toMatchObject([{ id: result.outputs['token-id'] }])
  })

  it('a key that the registry has not heard of yet gets its time', async () => {
    await using scene = await openScene()
    scene.ibm.switches.acceptAfter = 2
    const result = await scene.run({ ...scene.ibmcloud, 'service-id': scene.ibm.serviceId.iamId })
    expect(result).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
    expect(result.log).toContain('A new credential may need some seconds')
  })

  it('a key that was minted and never written is deleted by the post step', async () => {
    await using scene = await openScene()
    const planned = scene.plan('kubernetes PATCH /secrets/', { kind: 'hang' }, 1)
    const step = scene.start(scene.ibmcloud)
    await expect.poll(() => planned.met, { timeout: 20_000 }).toBe(1)
    step.kill('SIGKILL')
    const main = await step.result
    expect(scene.ibm.liveKeys()).toHaveLength(1)

    const post = await scene.post(main, scene.ibmcloud)

    expect(post).toMatchObject({ code: 0, annotations: [] })
    expect(scene.ibm.liveKeys()).toEqual([])
    expect(leaks(scene, post)).toEqual([])
  })

  it('a key of somebody else is never deleted, even when its value and id stand in our secret', async () => {
    await using scene = await openScene()
    await scene.run(scene.ibmcloud)
    const theirs = scene.ibm.mintKey()
    await editSecret(scene, theirs.id, theirs.value)

    const second = await scene.run({ ...scene.ibmcloud, 'max-age': '0' })

    expect(second).toMatchObject({ code: 0, outputs: { unrevoked: `["${theirs.id}"]` } })
    expect(second.log).toContain(`${theirs.id} stays alive: nothing shows that this provider minted it`)
    // Ours, which the secret no longer held, was left over: it is swept.
    expect(scene.ibm.liveKeys()).toMatchObject([{ id: theirs.id }, { id: second.outputs['token-id'] }])
  })

  it('a key that somebody has deleted is replaced, and is no longer of any concern', async () => {
    await using scene = await openScene()
    const first = await scene.run(scene.ibmcloud)
    scene.ibm.revokeKey(first.outputs['token-id'] ?? '')

    const second = await scene.run(scene.ibmcloud)

    expect(second).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true', unrevoked: '[]' } })
    expect(scene.ibm.liveKeys()).toMatchObject([{ id: second.outputs['token-id'] }])
  })

  it('a key that somebody has locked stays alive, and the step says who can mend that', async () => {
    await using scene = await openScene()
    const first = await scene.run(scene.ibmcloud)
    const id = first.outputs['token-id'] ?? ''
    scene.ibm.lockKey(id)

    const second = await scene.run({ ...scene.ibmcloud, 'max-age': '0' })

    expect(second).toMatchObject({ code: 1, outputs: { minted: 'true', revoked: '[]', unrevoked: `["${id}"]` } })
    expect(second.annotations).toMatchObject([{ message: expect.stringContaining('the key is locked. Unlock it') }])
    expect(await loginIn(scene)).toMatchObject({ password: second.outputs.token })
  })

  it('a registry token of before is replaced, and left to the provider that can revoke it', async () => {
    await using scene = await openScene()
    const before = await scene.run()

    const after = await scene.run(scene.ibmcloud)

    const id = before.outputs['token-id']
    expect(after).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]', unrevoked: `["${id}"]` } })
    expect(scene.ibm.liveTokens()).toMatchObject([{ id }])
    // What was in the secret for another user is none of IAM's business.
    expect(scene.requests(/details/)).toEqual([])
  })

  it('an account over its quota is no reason to mint another key', async () => {
    await using scene = await openScene()
    await scene.run(scene.ibmcloud)
    const quota = 'Your account has exceeded its pull traffic quota for the current month.'
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: quota }] })
    scene.plan('realm GET', { kind: 'status', status: 403, body })

    const second = await scene.run(scene.ibmcloud)

    expect(second.code).toBe(1)
    expect(second.annotations).toMatchObject([{ message: expect.stringContaining('rotating it does not help') }])
    expect(scene.ibm.keys()).toHaveLength(1)
  })

  it('several hosts are one secret, proven at each: the bytes of kubectl, merged and sorted', async () => {
    await using scene = await openScene()
    const { port } = new URL(scene.ibm.registry)
    const hosts = [`localhost:${port}`, `http://127.0.0.1:${port}/v2/`, `127.0.0.1:${port}`]

    const result = await scene.run({ ...scene.ibmcloud, 'docker-server': hosts.join('\n') })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log.match(/ opens team\/app:1 with the credential, and not without it/g)).toHaveLength(3)
    const password = result.outputs.token ?? ''
    const entry = JSON.stringify({
      username: 'iamapikey',
      password,
      email: 'a@b.c',
      auth: Buffer.from(`iamapikey:${password}`).toString('base64'),
    })
    const auths = hosts.toSorted().map((host) => `"${host}":${entry}`)
    const { data } = await scene.secret()
    expect(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).toBe(`{"auths":{${auths.join(',')}}}`)
  })

  it('the host of another team in an adopted secret survives ten rotations', async () => {
    await using scene = await openScene()
    const theirs = { username: 'jo', password: 'theirs', auth: btoa('jo:theirs'), more: { of: ['it'] } }
    await scene.kube.request('POST', `/api/v1/namespaces/${scene.namespace}/secrets`, {
      metadata: { name: SECRET },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths: { 'registry.other.example.com': theirs } }) },
    })

    for (let count = 0; count < 10; count++) {
      const rotation = await scene.run({ ...scene.ibmcloud, adopt: 'true', 'max-age': '0' })
      expect(rotation).toMatchObject({ code: 0, annotations: [] })
      expect(await loginIn(scene, 'registry.other.example.com')).toEqual(theirs)
    }
    expect(scene.ibm.liveKeys()).toHaveLength(1)
    expect(scene.requests(/details/)).toHaveLength(9)
  })
})

/** What somebody could write who may change the secret. */
async function editSecret(scene: Scene, id: string, password: string): Promise<void> {
  const config = { auths: { [scene.ibm.registryHost]: { username: 'iamapikey', password } } }
  const change = {
    metadata: { annotations: { 'registry-pull-secret/token-id': id } },
    data: { '.dockerconfigjson': btoa(JSON.stringify(config)) },
  }
  const path = `/api/v1/namespaces/${scene.namespace}/secrets/${SECRET}`
  await scene.kube.request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })
}

// biome-ignore lint/suspicious/noExplicitAny: what a node would read
async function loginIn(scene: Scene, host = scene.ibm.registryHost): Promise<any> {
  const { data } = await scene.secret()
  return JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString()).auths[host]
}
