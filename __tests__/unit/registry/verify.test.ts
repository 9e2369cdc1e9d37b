import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { createSend } from '../../../src/http/client.ts'
import type { ImageReference } from '../../../src/registry/reference.ts'
import type { Verification } from '../../../src/registry/verification.ts'
import { verify, verifyNew } from '../../../src/registry/verify.ts'
import { describeReal } from '../../support/describe-real.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import { type FakeIbm, type FakeIbmOptions, startFakeIbm } from '../../support/ibm/environment.ts'
import { startDockerRegistry } from '../../support/registry/docker-registry.ts'
import { type Image, MANIFEST_TYPE } from '../../support/registry/image.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
const wrongLogin = { username: 'token', password: 'some password' }
const team: ImageReference = { repository: 'team/app', reference: '1' }

const reference = ({ repository, tag }: Image): ImageReference => ({ repository, reference: tag })

/** A verification with a valid token of the environment's organization. */
function attemptAt(environment: FakeIbm, image?: ImageReference) {
  const login = { username: 'token', password: environment.mintToken().value }
  return { server: environment.registryHost, login, image }
}

function verifyToken(environment: FakeIbm, image?: ImageReference): Promise<Verification> {
  return verify(send, attemptAt(environment, image))
}

function registrySuite(options: FakeIbmOptions): void {
  it('accepts a valid token', async () => {
    await using environment = await startFakeIbm(options)
    const { registryHost } = environment
    expect(await verifyToken(environment)).toEqual({
      status: 'verified',
      kind: 'accepted',
      server: registryHost,
      host: registryHost,
      image: '',
      hint: undefined,
    })
  })

  it('verifies access to a private image by tag and by digest', async () => {
    await using environment = await startFakeIbm(options)
    const { registryHost } = environment
    expect(await verifyToken(environment, team)).toEqual({
      status: 'verified',
      kind: 'can-pull',
      server: registryHost,
      host: registryHost,
      image: 'team/app:1',
      hint: undefined,
    })
    const digest = await digestOf(environment)
    expect(await verifyToken(environment, { repository: 'team/app', reference: digest })).toMatchObject({
      kind: 'can-pull',
      image: `team/app@${digest}`,
    })
  })

  it('says that a public image verifies no permission, and still rejects a wrong login', async () => {
    await using environment = await startFakeIbm(options)
    const image = reference(environment.publicImage)
    expect(await verifyToken(environment, image)).toMatchObject({
      status: 'verified',
      kind: 'image-public',
      hint: 'Set `verify-image` to a private image.',
    })
    const { registryHost: server } = environment
    expect(await verify(send, { server, login: wrongLogin, image })).toMatchObject({ kind: 'refused' })
  })

  it.each<ImageReference>([
    { repository: 'team/app', reference: '2' },
    { repository: 'team/none', reference: '1' },
    { repository: 'team/app', reference: `sha256:${'0'.repeat(64)}` },
  ])('reports a missing image: $repository $reference', async (image) => {
    await using environment = await startFakeIbm(options)
    expect(await verifyToken(environment, image)).toMatchObject({
      status: 'verified',
      kind: 'image-missing',
      hint: expect.stringContaining('another region'),
    })
  })

  it('reports an image of another organization as forbidden', async () => {
    await using environment = await startFakeIbm(options)
    const { host } = new URL(environment.registry)
    expect(await verifyToken(environment, reference(environment.otherImage))).toMatchObject({
      status: 'failed',
      kind: 'forbidden',
      error: {
        code: 'registry-access-denied',
        message: expect.stringMatching(
          /^Could not read the manifest of \S+ in registry \S+: GET \S+ returned 403 DENIED: You are not authorized to access /,
        ),
        hint: expect.stringContaining('permission to pull'),
        details: { host, status: 403, serverCode: 'DENIED' },
      },
    })
  })

  it.each([undefined, team])('reports a revoked token as refused, with image %o', async (image) => {
    await using environment = await startFakeIbm(options)
    const { id, value: password } = environment.mintToken()
    environment.revokeToken(id)
    const login = { username: 'token', password }
    const result = await verify(send, { server: environment.registryHost, login, image })
    expect(result).toMatchObject({
      status: 'failed',
      kind: 'refused',
      error: {
        code: 'registry-login-failed',
        message: expect.stringMatching(
          /^Could not log in to registry \S+: GET \S+\/oauth\/token returned 401 UNAUTHORIZED: The login credentials/,
        ),
        details: { host: new URL(environment.registry).host, status: 401, serverCode: 'UNAUTHORIZED' },
      },
    })
    expect(JSON.stringify(result)).not.toContain(password)
  })

  it.each([undefined, team])('reports a wrong user name as refused, with image %o', async (image) => {
    await using environment = await startFakeIbm(options)
    const login = { username: 'wrong', password: environment.mintToken().value }
    expect(await verify(send, { server: environment.registryHost, login, image })).toMatchObject({
      kind: 'refused',
      error: {
        code: 'registry-login-failed',
        message: expect.stringContaining('returned 400 UNSUPPORTED: '),
        details: { status: 400, serverCode: 'UNSUPPORTED' },
      },
    })
  })
}

describe('the fake registry', () => registrySuite({}))
describeReal(['docker-registry'], 'docker-registry', () => registrySuite({ startRegistry: startDockerRegistry }))

describe('verifying a new token', () => {
  const retryDelaysMs = [20, 40, 60]

  it('retries while the registry refuses it', async () => {
    await using environment = await startFakeIbm({ switches: { acceptAfter: 2 } })
    using captured = captureLog()
    const result = await verifyNew(send, { ...attemptAt(environment, team), retryDelaysMs }, never)
    expect(result.kind).toBe('can-pull')
    const logins = environment.journal.filter(({ server, headers }) => server === 'realm' && headers.authorization)
    expect(logins[0]?.status).toBe(401)
    expect(logins.map(({ status }) => status).filter((status) => status === 401)).toHaveLength(2)
    expect(captured.log.text.match(/retrying in 0\.0\d s/g)).toEqual(['retrying in 0.02 s', 'retrying in 0.04 s'])
  })

  it('asks once whether the image is public, and again without a response only when the login can pull', async () => {
    await using environment = await startFakeIbm({ switches: { acceptAfter: 2 } })
    using captured = captureLog()
    const attempt = attemptAt(environment, team)
    const isAnonymous = ({ server, headers }: Pick<RecordedRequest, 'server' | 'headers'>) =>
      server === 'realm' && headers.authorization === undefined
    await verifyNew(send, { ...attempt, retryDelaysMs }, never)
    expect(environment.journal.filter(isAnonymous)).toHaveLength(1)

    environment.journal.length = 0
    const planned = environment.faults.add({ when: isAnonymous, fault: { kind: 'status', status: 503 } })
    expect(await verify(send, attempt)).toMatchObject({ kind: 'can-pull' })
    expect(planned.met).toBe(1)
    expect(environment.journal.filter(isAnonymous)).toHaveLength(2)
    expect(captured.log.text).not.toContain('503')
  })

  it('returns the refusal after the last retry', async () => {
    await using environment = await startFakeIbm()
    const attempt = { server: environment.registryHost, login: wrongLogin, image: undefined, retryDelaysMs: [1, 1] }
    expect(await verifyNew(send, attempt, never)).toMatchObject({ kind: 'refused' })
    expect(environment.journal.filter(({ server }) => server === 'realm')).toHaveLength(3)
  })

  it('does not retry a result that time does not change', async () => {
    await using environment = await startFakeIbm()
    const attempt = { ...attemptAt(environment, reference(environment.otherImage)), retryDelaysMs }
    const result = await verifyNew(send, attempt, never)
    expect(result.kind).toBe('forbidden')
    expect(environment.journal.filter(({ path }) => path === '/v2/' || path === '/oauth/token').length).toBeLessThan(7)
  })

  it('stops waiting when the run is cancelled', async () => {
    await using environment = await startFakeIbm()
    const { registryHost: server } = environment
    const controller = new AbortController()
    const attempt = { server, login: wrongLogin, image: undefined, retryDelaysMs: [60_000] }
    const result = verifyNew(send, attempt, controller.signal)
    const message = `Could not verify the new credential at registry ${server}: The job was cancelled`
    const failed = expect(result).rejects.toThrow(message)
    await vi.waitFor(() => expect(environment.journal.map(({ server }) => server)).toContain('realm'))
    controller.abort(new ActionError('cancelled', 'The job was cancelled'))
    await failed
  })
})

async function digestOf({ registry, mintToken }: FakeIbm): Promise<string> {
  const realm = `${registry}/oauth/token?service=registry&scope=repository:team/app:pull`
  const basic = Buffer.from(`token:${mintToken().value}`).toString('base64')
  const { token } = (await (await fetch(realm, { headers: { authorization: `Basic ${basic}` } })).json()) as {
    token: string
  }
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST_TYPE }
  const response = await fetch(`${registry}/v2/team/app/manifests/1`, { method: 'HEAD', headers })
  return response.headers.get('docker-content-digest') ?? ''
}
