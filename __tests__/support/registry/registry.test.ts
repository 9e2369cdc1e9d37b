// The registry of the environment: one suite, over the fake and over the real docker-registry behind its front.
import { describe, expect, it } from 'vitest'
import { describeReal } from '../describe-real.ts'
import { type FakeIbm, type FakeIbmOptions, startFakeIbm } from '../ibm/environment.ts'
import { createRegistryClient } from './client.ts'
import { digestOf } from './digest.ts'
import { startDockerRegistry } from './docker-registry.ts'
import { MANIFEST_TYPE, pushImage } from './image.ts'

describe('fake registry', () => suite({}))
describeReal(['docker-registry'], 'docker-registry', () => suite({ startRegistry: startDockerRegistry }))

function suite(options: FakeIbmOptions): void {
  it('accepts a minted token until it is revoked', async () => {
    await using environment = await startFakeIbm(options)
    const { id, value } = environment.mintToken()
    expect(await environment.pullsWith('token', value)).toBe(200)
    environment.revokeToken(id)
    expect(await environment.pullsWith('token', value)).toBe(401)
  })

  it('allows anonymous pulls of public images, and pulls of other images by their organization alone', async () => {
    await using environment = await startFakeIbm(options)
    const { value } = environment.mintToken()
    expect(await environment.pullsWith('token', value, environment.publicImage)).toBe(200)
    expect(await environment.pullsWith('token', value, environment.otherImage)).toBe(403)
    expect((await anybody(environment, environment.publicImage.repository)).status).toBe(200)
    expect((await anybody(environment, environment.image.repository)).status).toBe(403)
  })

  it('challenges with blanks after the commas', async () => {
    await using environment = await startFakeIbm(options)
    const base = `Bearer realm="${environment.registry}/oauth/token", service="registry"`
    const challenge = async (path: string, init?: RequestInit) => {
      const answer = await fetch(environment.registry + path, init)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toEqual({
        errors: [{ code: 'UNAUTHORIZED', message: expect.stringMatching(/^Authorization required\./), detail: null }],
      })
      return answer.headers.get('www-authenticate')
    }
    expect(await challenge('/v2/')).toBe(base)
    expect(await challenge('/v2/team/app/manifests/1')).toBe(`${base}, scope="repository:team/app:pull"`)
    expect(await challenge('/v2/team/app/blobs/uploads/', { method: 'POST' })).toBeOneOf(
      ['pull,push', 'push,pull'].map((actions) => `${base}, scope="repository:team/app:${actions}"`),
    )
    expect(await challenge('/v2/', { headers: { authorization: 'Bearer a.b.c' } })).toBe(base)
  })

  it('serves HEAD and GET of a manifest, by tag and by digest', async () => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const path = '/v2/team/app/manifests'
    const headers = { accept: MANIFEST_TYPE }
    const byTag = await client.send({ path: `${path}/1`, headers })
    const digest = digestOf(Buffer.from(byTag.body))
    for (const reference of ['1', digest]) {
      const head = await client.send({ method: 'HEAD', path: `${path}/${reference}`, headers })
      expect(head).toMatchObject({ status: 200, body: '' })
      expect(head.headers).toMatchObject({
        'content-type': MANIFEST_TYPE,
        'content-length': String(byTag.body.length),
        'docker-content-digest': digest,
        'docker-distribution-api-version': 'registry/2.0',
      })
    }
    expect((await client.send({ path: `${path}/${digest}`, headers })).body).toBe(byTag.body)
  })

  it('gives back every blob of an image', async () => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const answer = await client.send({ path: '/v2/team/app/manifests/1', headers: { accept: MANIFEST_TYPE } })
    const manifest = JSON.parse(answer.body)
    const blob = await client.send({ path: `/v2/team/app/blobs/${manifest.config.digest}` })
    expect(digestOf(Buffer.from(blob.body))).toBe(manifest.config.digest)
    const layer = await client.send({ method: 'HEAD', path: `/v2/team/app/blobs/${manifest.layers[0].digest}` })
    expect(layer.headers['content-length']).toBe(String(manifest.layers[0].size))
  })

  it('lists tags', async () => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const { body } = await client.send({ path: '/v2/team/app/tags/list' })
    expect(JSON.parse(body)).toEqual({ name: 'team/app', tags: ['1'] })
  })

  it('gives no one the catalog', async () => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const { status, body } = await client.send({ path: '/v2/_catalog?n=10' })
    expect(status).toBe(403)
    expect(JSON.parse(body).errors).toMatchObject([{ code: 'DENIED' }])
  })

  it.each([
    ['/v2/team/app/manifests/2', 'MANIFEST_UNKNOWN'],
    ['/v2/team/none/manifests/1', 'MANIFEST_UNKNOWN'],
    ['/v2/team/none/tags/list', 'NAME_UNKNOWN'],
    [`/v2/team/app/blobs/${digestOf(Buffer.from('none'))}`, 'BLOB_UNKNOWN'],
  ])('does not know %s', async (path, code) => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const answer = await client.send({ path })
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.body).errors[0].code).toBe(code)
  })

  it('takes a push from a token that may write only', async () => {
    await using environment = await startFakeIbm(options)
    const push = (write: boolean) => {
      const { value: password } = environment.mintToken({ write })
      return pushImage(environment.registry, { repository: 'team/new', tag: 'a', username: 'token', password })
    }
    await expect(push(false)).rejects.toThrow('403 {"errors":[{"code":"DENIED","message":"insufficient scope"')
    expect(await push(true)).toMatch(/^sha256:/)
    const image = { repository: 'team/new', tag: 'a' }
    expect(await environment.pullsWith('token', environment.mintToken().value, image)).toBe(200)
  })

  it('streams a blob in chunks, and refuses a wrong digest', async () => {
    await using environment = await startFakeIbm(options)
    await using client = clientOf(environment)
    const chunks = [Buffer.alloc(3_000_000, 'a'), Buffer.alloc(2_000_000, 'b')]
    const headers = { 'content-type': 'application/octet-stream' }
    let { location } = (await client.send({ method: 'POST', path: '/v2/team/app/blobs/uploads/' })).headers
    for (const body of chunks) {
      const answer = await client.send({ method: 'PATCH', path: String(location), headers, body })
      expect(answer.status).toBe(202)
      location = answer.headers.location
    }
    const put = (digest: string) => {
      const url = new URL(String(location), environment.registry)
      url.searchParams.set('digest', digest)
      return client.send({ method: 'PUT', path: url.href, headers })
    }
    const wrong = await put(digestOf(Buffer.from('wrong')))
    expect([wrong.status, JSON.parse(wrong.body).errors[0].code]).toEqual([400, 'DIGEST_INVALID'])
  })

  it('meets faults like any other server', async () => {
    await using environment = await startFakeIbm(options)
    const { value } = environment.mintToken()
    const when = { server: 'registry', path: /manifests/ } as const
    environment.faults.add({ when, fault: { kind: 'status', status: 503 } })
    expect(await environment.pullsWith('token', value)).toBe(503)
    environment.faults.add({ when, fault: { kind: 'reset-after' } })
    await expect(environment.pullsWith('token', value)).rejects.toThrow()
    expect(await environment.pullsWith('token', value)).toBe(200)
  })

  it('speaks https', async () => {
    await using environment = await startFakeIbm({ ...options, tls: true })
    expect([environment.api, environment.uaa, environment.registry].map((url) => new URL(url).protocol)).toEqual(
      Array(3).fill('https:'),
    )
    expect(await environment.pullsWith('token', environment.mintToken().value)).toBe(200)
  })
}

function clientOf({ registry, mintToken }: FakeIbm) {
  return createRegistryClient(registry, { username: 'token', password: mintToken({ write: true }).value })
}

async function anybody({ registry }: FakeIbm, repository: string) {
  await using client = createRegistryClient(registry, undefined)
  return await client.send({ path: `/v2/${repository}/manifests/1`, headers: { accept: MANIFEST_TYPE } })
}
