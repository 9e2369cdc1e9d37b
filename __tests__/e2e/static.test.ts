// The same run with a credential that an earlier step of the workflow brings: nothing is minted, and nothing revoked.
import { expect, it } from 'vitest'
import { describeReal } from '../support/describe-real.ts'
import { passwordLogin, startDockerRegistry } from '../support/registry/docker-registry.ts'
import { pushImage } from '../support/registry/image.ts'
import { leaks } from '../support/secrecy.ts'
import { type Scene, SECRET, tell } from './harness.ts'

tell('with provider: static', (openScene) => {
  it('the given credential is proven and written, under an id that tells nothing of it', async () => {
    await using scene = await openScene()
    const { value } = scene.ibm.mintToken()

    const first = await scene.run(given(scene, value))

    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(first.outputs).toMatchObject({ minted: 'false', changed: 'true', revoked: '[]', 'token-expires-at': '' })
    expect(first.outputs['token-id']).toMatch(/^static-[0-9a-f-]{36}$/)
    expect(await heldBy(scene)).toEqual({ username: 'token', password: value })
    expect(scene.requests(/^(uaa|iam|cf|tokens)/)).toEqual([])
    expect(first.summary).toContain('given by the workflow')
    expect(leaks(scene, first)).toEqual([])
  })

  it('the same one is kept under its id, however old, and brought to a namespace that lacks it', async () => {
    await using scene = await openScene()
    const inputs = given(scene, scene.ibm.mintToken().value)
    const first = await scene.run(inputs)
    const other = await scene.createNamespace()

    const second = await scene.run({ ...inputs, 'max-age': '0', namespaces: `${scene.namespace},${other}` })

    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'true', unrevoked: '[]' } })
    expect(second.outputs['token-id']).toBe(first.outputs['token-id'])
    expect(await heldBy(scene, other)).toEqual(await heldBy(scene))
  })

  it('another one takes its place, and is no longer of any concern', async () => {
    await using scene = await openScene()
    const [one, other] = [scene.ibm.mintToken(), scene.ibm.mintToken()]
    const first = await scene.run(given(scene, one.value))

    const second = await scene.run(given(scene, other.value))

    expect(second).toMatchObject({ code: 0, outputs: { changed: 'true', revoked: '[]', unrevoked: '[]' } })
    expect(second.outputs['token-id']).not.toBe(first.outputs['token-id'])
    expect(await heldBy(scene)).toMatchObject({ password: other.value })
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })

  it('the end of a JWT is recorded, and one that has ended changes nothing', async () => {
    await using scene = await openScene()
    const ending = scene.ibm.mintToken({ permanent: false })
    const first = await scene.run(given(scene, ending.value))
    expect(first.outputs['token-expires-at']).toBe(ending.expiresAt?.toISOString().replace('.000Z', 'Z'))
    const before = await scene.secret()
    expect(before.metadata.annotations['registry-pull-secret/expires-at']).toBe(first.outputs['token-expires-at'])
    scene.ibm.switches.registryTokenLifetime = -60

    const ended = await scene.run(given(scene, scene.ibm.mintToken({ permanent: false }).value))

    expect(ended.code).toBe(1)
    expect(ended.annotations).toMatchObject([
      {
        message: expect.stringMatching(
          /^The credential in `docker-password` has ended at 20.+Let the step that logs in/,
        ),
      },
    ])
    expect((await scene.secret()).metadata.resourceVersion).toBe(before.metadata.resourceVersion)
  })

  it('leaves the minted token alive that it replaces, and says why', async () => {
    await using scene = await openScene()
    const minted = await scene.run()

    const second = await scene.run(given(scene, scene.ibm.mintToken().value))

    const id = minted.outputs['token-id']
    expect(second).toMatchObject({ code: 0, outputs: { revoked: '[]', unrevoked: `["${id}"]` } })
    expect(second.log).toContain(`The replaced token ${id} stays alive: nothing shows that this provider minted it`)
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })

  it('its place is taken by a minted one without a word of revoking it', async () => {
    await using scene = await openScene()
    const { id, value } = scene.ibm.mintToken()
    await scene.run(given(scene, value))

    const second = await scene.run({ 'max-age': '0' })

    expect(second).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]', unrevoked: '[]' } })
    expect(scene.ibm.liveTokens().map((token) => token.id)).toContain(id)
  })

  it('is proven, and not written, when the run is dry', async () => {
    await using scene = await openScene()
    const planned = await scene.run({ ...given(scene, scene.ibm.mintToken().value), 'dry-run': 'true' })
    expect(planned).toMatchObject({ code: 0, annotations: [] })
    expect(planned.log).toContain('opens team/app:1 with the credential, and not without it')
    expect(await scene.secret()).toBeUndefined()
    expect(await scene.run({ ...given(scene, 'wrong password'), 'dry-run': 'true' })).toMatchObject({ code: 1 })
  })

  it('a run that is killed while it writes is ended by the next one; its post step needs no login', async () => {
    await using scene = await openScene()
    const inputs = given(scene, scene.ibm.mintToken().value)
    const planned = scene.plan('kubernetes PATCH /secrets/', { kind: 'hang' }, 1)
    const step = scene.start(inputs)
    await expect.poll(() => planned.met, { timeout: 20_000 }).toBe(1)
    step.kill('SIGKILL')
    const main = await step.result

    expect(await scene.post(main, inputs)).toMatchObject({ code: 0, annotations: [] })
    expect(await scene.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })

  describeReal(['docker-registry'], 'and a docker-registry that asks for a password', () => {
    it('a wrong password stops before any write, after one try', async () => {
      await using scene = await openScene()
      await using registry = await startDockerRegistry('htpasswd')
      const wrong = { ...basic(scene, registry.url), 'docker-password': 'wrong horse' }

      const result = await scene.run(wrong)

      expect(result.code).toBe(1)
      expect(result.annotations).toMatchObject([{ message: expect.stringContaining('refuses the credential (401') }])
      expect(result.log).not.toContain('trying again')
      expect(scene.requests(/^kubernetes (PATCH|PUT|POST \S+secrets)/)).toEqual([])
      expect(await scene.secret()).toBeUndefined()
      expect(leaks(scene, result)).toEqual([])
    })

    it('a namespace that somebody has edited by hand is repaired in the next run', async () => {
      await using scene = await openScene()
      await using registry = await startDockerRegistry('htpasswd')
      await pushImage(registry.url, { repository: 'team/app', tag: '1', ...passwordLogin })
      const inputs = { ...basic(scene, registry.url), 'verify-image': 'team/app:1' }
      const first = await scene.run(inputs)
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.log).toContain('opens team/app:1 with the credential, and not without it')
      const written = await scene.secret()
      const path = `/api/v1/namespaces/${scene.namespace}/secrets/${SECRET}`
      const byHand = btoa(
        JSON.stringify({ auths: { [new URL(registry.url).host]: { username: 'jo', password: 'x' } } }),
      )
      await scene.kube.request(
        'PATCH',
        path,
        { data: { '.dockerconfigjson': byHand } },
        {
          'content-type': 'application/merge-patch+json',
        },
      )

      const second = await scene.run(inputs)

      expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true' } })
      expect((await scene.secret()).data).toEqual(written.data)
      expect(await scene.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'false' } })
    })
  })
})

const dedicated = ['api-endpoint', 'registry-endpoint', 'username', 'password', 'organization']

/** A token of the registry, as if another step had got it. */
function given({ ibm }: Scene, password: string): Record<string, string> {
  return {
    ...Object.fromEntries(dedicated.map((name) => [name, ''])),
    provider: 'static',
    'docker-server': ibm.registryHost,
    'docker-username': 'token',
    'docker-password': password,
    'docker-email': '',
  }
}

function basic(scene: Scene, url: string): Record<string, string> {
  return {
    ...given(scene, passwordLogin.password),
    'docker-server': new URL(url).host,
    'docker-username': passwordLogin.username,
    'verify-image': '',
  }
}

async function heldBy(scene: Scene, namespace = scene.namespace): Promise<object> {
  const { data } = await scene.secret(namespace)
  const { auths } = JSON.parse(Buffer.from(data['.dockerconfigjson'], 'base64').toString())
  const { auth: _, ...login } = auths[scene.ibm.registryHost]
  return login
}
