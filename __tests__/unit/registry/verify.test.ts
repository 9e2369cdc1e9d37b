import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../../src/core/errors.ts'
import { createSend } from '../../../src/http/client.ts'
import { type Verdict, works } from '../../../src/registry/verdict.ts'
import { type ImageReference, verify, verifyNew } from '../../../src/registry/verify.ts'
import { describeReal } from '../../support/describe-real.ts'
import {
  type PracticeEnvironment,
  type PracticeOptions,
  startPracticeEnvironment,
} from '../../support/ibm/environment.ts'
import { startDockerRegistry } from '../../support/registry/docker-registry.ts'
import { type Image, MANIFEST_TYPE } from '../../support/registry/image.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
const login = { username: 'token', password: 'some password' }
const team: ImageReference = { repository: 'team/app', reference: '1' }

const reference = ({ repository, tag }: Image): ImageReference => ({ repository, reference: tag })

/** Tries a token of the environment's organization. */
function tryToken({ registryHost, mintToken }: PracticeEnvironment, image?: ImageReference): Promise<Verdict> {
  return verify(send, registryHost, { username: 'token', password: mintToken().value }, image)
}

function registrySuite(options: PracticeOptions): void {
  it('a token alone is accepted', async () => {
    await using environment = await startPracticeEnvironment(options)
    const result = await tryToken(environment)
    expect(result).toEqual({
      kind: 'accepted',
      sentence: `${environment.registryHost} accepts the credential`,
      cure: undefined,
    })
    expect(works(result)).toBe(true)
  })

  it('a private image is opened, by tag and by digest', async () => {
    await using environment = await startPracticeEnvironment(options)
    const { registryHost } = environment
    expect(await tryToken(environment, team)).toEqual({
      kind: 'pulls',
      sentence: `${registryHost} opens team/app:1 with the credential, and not without it`,
      cure: undefined,
    })
    const digest = await digestOf(environment)
    const byDigest = await tryToken(environment, { repository: 'team/app', reference: digest })
    expect(byDigest).toMatchObject({
      kind: 'pulls',
      sentence: expect.stringContaining(`opens team/app@${digest} with`),
    })
  })

  it('a public image proves nothing, unless the login is refused', async () => {
    await using environment = await startPracticeEnvironment(options)
    const image = reference(environment.publicImage)
    const result = await tryToken(environment, image)
    expect(result).toMatchObject({ kind: 'public', cure: 'Name a private image in `verify-image`.' })
    expect(works(result)).toBe(true)
    expect(await verify(send, environment.registryHost, login, image)).toMatchObject({ kind: 'refused' })
  })

  it.each<ImageReference>([
    { repository: 'team/app', reference: '2' },
    { repository: 'team/none', reference: '1' },
    { repository: 'team/app', reference: `sha256:${'0'.repeat(64)}` },
  ])('an image that is not there is missing: $repository $reference', async (image) => {
    await using environment = await startPracticeEnvironment(options)
    const result = await tryToken(environment, image)
    expect(result).toMatchObject({ kind: 'missing', cure: expect.stringContaining('another region') })
    expect(works(result)).toBe(true)
  })

  it('an image of another organization is forbidden', async () => {
    await using environment = await startPracticeEnvironment(options)
    const result = await tryToken(environment, reference(environment.otherImage))
    expect(result.kind).toBe('forbidden')
    expect(result.sentence).toMatch(/no right to the image \(403 DENIED: You are not authorized to access .*\)$/)
    expect(works(result)).toBe(false)
  })

  it.each([undefined, team])('a revoked token is refused, for the image %o', async (image) => {
    await using environment = await startPracticeEnvironment(options)
    const { id, value: password } = environment.mintToken()
    environment.revokeToken(id)
    const result = await verify(send, environment.registryHost, { username: 'token', password }, image)
    expect(result.kind).toBe('refused')
    expect(result.sentence).toMatch(/token server .* refuses the credential \(401 UNAUTHORIZED: The login credentials/)
    expect(works(result)).toBe(false)
  })

  it.each([undefined, team])('another user name is refused, for the image %o', async (image) => {
    await using environment = await startPracticeEnvironment(options)
    const { value: password } = environment.mintToken()
    const result = await verify(send, environment.registryHost, { username: 'nobody', password }, image)
    expect(result).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('(400 UNSUPPORTED: ') })
  })
}

describe('at the stand-in', () => registrySuite({}))
describeReal(['docker-registry'], 'at docker-registry', () => registrySuite({ startRegistry: startDockerRegistry }))

describe('a new token', () => {
  it('is given some seconds', async () => {
    await using environment = await startPracticeEnvironment({ switches: { acceptAfter: 2 } })
    const { value: password } = environment.mintToken()
    const result = await verifyNew(send, environment.registryHost, { username: 'token', password }, team, never)
    expect(result.kind).toBe('pulls')
    const logins = environment.journal.filter(({ server, headers }) => server === 'realm' && headers.authorization)
    expect(logins[0]?.status).toBe(401)
    expect(logins.map(({ status }) => status).filter((status) => status === 401)).toHaveLength(2)
  })

  it('is not tried again when the answer is no matter of time', async () => {
    await using environment = await startPracticeEnvironment()
    const { value: password } = environment.mintToken()
    const image = reference(environment.otherImage)
    const result = await verifyNew(send, environment.registryHost, { username: 'token', password }, image, never)
    expect(result.kind).toBe('forbidden')
    expect(environment.journal.filter(({ path }) => path === '/v2/' || path === '/oauth/token').length).toBeLessThan(7)
  })

  it('is not waited for beyond the end of the run', { timeout: 10_000 }, async () => {
    await using environment = await startPracticeEnvironment()
    const controller = new AbortController()
    const tried = verifyNew(send, environment.registryHost, login, undefined, controller.signal)
    const what = `Could not prove the new credential at ${environment.registryHost}: The job was cancelled`
    const failed = expect(tried).rejects.toThrow(what)
    await vi.waitFor(() => expect(environment.journal.map(({ server }) => server)).toContain('realm'))
    controller.abort(new Failure('The job was cancelled'))
    await failed
  })
})

async function digestOf({ registry, mintToken }: PracticeEnvironment): Promise<string> {
  const realm = `${registry}/oauth/token?service=registry&scope=repository:team/app:pull`
  const basic = Buffer.from(`token:${mintToken().value}`).toString('base64')
  const { token } = (await (await fetch(realm, { headers: { authorization: `Basic ${basic}` } })).json()) as {
    token: string
  }
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST_TYPE }
  const answer = await fetch(`${registry}/v2/team/app/manifests/1`, { method: 'HEAD', headers })
  return answer.headers.get('docker-content-digest') ?? ''
}
