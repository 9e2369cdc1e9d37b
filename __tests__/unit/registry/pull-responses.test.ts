// How a registry can respond to the requests of a pull: with the login, and without one.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { verify } from '../../../src/registry/verify.ts'
import {
  basicLogin,
  bearerToken,
  type FakeResponse,
  type Handler,
  json,
  type RecordedRequest,
} from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal, { firstRetryDelayMs: 1 })
const login = { username: 'jo', password: 'a password of jo' }
const image = { repository: 'team/app', reference: '1' }

type Respond = (request: RecordedRequest) => FakeResponse | Promise<FakeResponse> | undefined

interface Responses {
  readonly anonymousToken?: Respond
  readonly anonymousManifest?: Respond
  readonly manifest?: Respond
}

const closeConnection: Respond = ({ incoming }) => {
  incoming.socket.destroy()
  return json(200, {})
}

const error = (status: number, code: string, message: string, headers = {}) =>
  json(status, { errors: [{ code, message }] }, headers)

/** A registry with a token server that gives a token to every right login, and to everyone without one. */
function registryWith(responses: Responses): Handler {
  return (request) => {
    const challenge = `Bearer realm="http://${request.headers.host}/token",service="registry"`
    const unauthorized = error(401, 'UNAUTHORIZED', 'Log in.', { 'www-authenticate': challenge })
    const [given, token] = [basicLogin(request), bearerToken(request)]
    if (request.path === '/token') {
      if (given === undefined) return responses.anonymousToken?.(request) ?? json(200, { token: 'anonymous' })
      return given.password === login.password ? json(200, { token: 'of-jo' }) : unauthorized
    }
    if (request.path === '/v2/') return token === 'of-jo' ? json(200, {}) : unauthorized
    if (token === 'of-jo') return responses.manifest?.(request) ?? json(200, {})
    return responses.anonymousManifest?.(request) ?? unauthorized
  }
}

const verifyAt = async (responses: Responses, presented = login) => {
  await using server = await startWebServer(registryWith(responses))
  const result = await verify(send, { server: server.url, login: presented, image })
  return { result, journal: server.journal }
}

describe('an image that the login can pull', () => {
  const unknown: readonly [string, Responses][] = [
    [
      '429 of the registry',
      { anonymousManifest: () => error(429, 'TOOMANYREQUESTS', 'Slowly.', { 'retry-after': '30' }) },
    ],
    ['500 of the registry', { anonymousManifest: () => error(500, 'UNKNOWN', 'Failed.') }],
    ['412 of the registry', { anonymousManifest: () => error(412, 'NO', 'No.') }],
    ['429 of the token server', { anonymousToken: () => json(429, { details: 'Too many requests' }) }],
    ['500 of the token server', { anonymousToken: () => json(500, {}) }],
    ['a page of the token server', { anonymousToken: () => ({ status: 200, body: '<html>Sign in</html>' }) }],
    ['400 of a web server', { anonymousToken: () => ({ status: 400, body: '<html>Bad Request</html>' }) }],
    ['no token', { anonymousToken: () => json(200, {}) }],
    ['a closed connection', { anonymousToken: closeConnection }],
    [
      'a redirect to http',
      { anonymousToken: () => ({ status: 302, headers: { location: 'http://registry.invalid/login' } }) },
    ],
  ]

  it.each(unknown)('is verified after an anonymous request got %s', async (_, responses) => {
    const { result, journal } = await verifyAt(responses)
    expect(result).toMatchObject({
      status: 'verified',
      kind: 'anonymous-unknown',
      image: 'team/app:1',
      hint: undefined,
    })
    const anonymous = journal.filter(({ path, headers }) => path === '/token' && headers.authorization === undefined)
    expect(anonymous).toHaveLength(2)
  })

  it.each(unknown)('is not verified by a wrong login after an anonymous request got %s', async (_, responses) => {
    // Harbor gives everyone a token, and a public image to every token.
    await using server = await startWebServer((request) => {
      const isWrong = request.path === '/token' && basicLogin(request) !== undefined
      if (isWrong) return json(200, { token: request.query.has('scope') ? 'of-jo' : 'of-no-one' })
      return registryWith(responses)(request)
    })
    expect(await verify(send, { server: server.url, login, image })).toMatchObject({ kind: 'refused' })
  })

  it.each<[string, Responses]>([
    ['401 of the registry', {}],
    ['403 of the registry', { anonymousManifest: () => error(403, 'DENIED', 'No.') }],
    ['404 of the registry', { anonymousManifest: () => error(404, 'NAME_UNKNOWN', 'None.') }],
    ['401 of the token server', { anonymousToken: () => json(401, {}) }],
    ['403 of the token server', { anonymousToken: () => json(403, {}) }],
    ['400 of the token server', { anonymousToken: () => error(400, 'UNAUTHORIZED', 'Log in.') }],
  ])('is private when an anonymous request gets %s', async (_, responses) => {
    expect((await verifyAt(responses)).result).toMatchObject({ kind: 'can-pull' })
  })

  it.each<[string, Responses]>([
    ['is returned', { anonymousManifest: () => json(200, {}) }],
    [
      'is returned after a redirect',
      {
        anonymousManifest: ({ path }) =>
          path.endsWith('/1') ? { status: 307, headers: { location: '/v2/team/app/manifests/2' } } : json(200, {}),
      },
    ],
    [
      'is returned after a request that failed',
      { anonymousManifest: once(() => error(503, 'UNAVAILABLE', 'Later.'), json(200, {})) },
    ],
  ])('is public when it %s', async (_, responses) => {
    expect((await verifyAt(responses)).result).toMatchObject({ kind: 'image-public' })
  })
})

function once(first: Respond, then: FakeResponse): Respond {
  let count = 0
  return (request) => (count++ === 0 ? first(request) : then)
}

const onHead =
  (response: FakeResponse): Respond =>
  ({ method }) =>
    method === 'HEAD' ? response : undefined

describe('a registry that responds to HEAD with', () => {
  it.each([301, 400, 403, 405, 406, 412, 500, 501, 503])(
    '%d, and to GET with the manifest, lets it pull',
    async (status) => {
      const { result, journal } = await verifyAt({
        manifest: onHead({ status }),
        anonymousManifest: onHead({ status }),
      })
      expect(result).toMatchObject({ kind: 'can-pull' })
      expect(
        journal.filter(({ method, headers }) => method === 'HEAD' && headers.authorization === 'Bearer of-jo'),
      ).toHaveLength(1)
    },
  )

  it('501, and with a public manifest to GET, is public', async () => {
    const refusal: Respond = ({ method }) => (method === 'HEAD' ? { status: 501 } : json(200, {}))
    expect((await verifyAt({ manifest: refusal, anonymousManifest: refusal })).result.kind).toBe('image-public')
  })

  it('429 gets one more request, for the reason and the time to wait', async () => {
    const limited = error(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.', { 'retry-after': '3600' })
    const { result, journal } = await verifyAt({ manifest: () => limited })
    expect(result).toMatchObject({
      kind: 'unavailable',
      error: {
        code: 'registry-rate-limited',
        message: expect.stringMatching(
          /GET \S+ returned 429 TOOMANYREQUESTS: You have reached your pull rate limit\.$/,
        ),
        hint: expect.stringContaining('3600 s'),
      },
    })
    const manifests = journal.filter(({ headers }) => headers.authorization === 'Bearer of-jo')
    expect(manifests.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
  })
})

describe('the reason why a login does not get the manifest', () => {
  it.each<[number, string, string, string, RegExp]>([
    [
      400,
      'NAME_INVALID',
      'Missing image name.',
      'registry-rejected',
      /Check `verify-image`: its namespace, name and tag\.$/,
    ],
    [400, 'TAG_INVALID', 'No tag.', 'registry-rejected', /Check `verify-image`: its namespace, name and tag\.$/],
    [400, 'OTHER', 'Bad.', 'registry-rejected', /Check `verify-image`, or ask the operators/],
    [405, 'UNSUPPORTED', 'No.', 'registry-rejected', /ask the operators/],
    [410, 'GONE', 'This registry was shut down.', 'registry-not-found', /`verify-image` and `docker-server`/],
    [
      412,
      'PROJECTPOLICYVIOLATION',
      'current image with 3 vulnerabilities',
      'registry-rejected',
      /policy of the registry/,
    ],
    [422, 'OTHER', 'Bad.', 'registry-rejected', /ask the operators/],
    [451, 'DENIED', 'Unavailable For Legal Reasons', 'registry-rejected', /legal reasons/],
  ])('%d %s: %s', async (status, serverCode, message, code, hint) => {
    const { result } = await verifyAt({ manifest: () => error(status, serverCode, message) })
    expect(result).toMatchObject({
      kind: 'unavailable',
      error: {
        code,
        message: expect.stringContaining(`returned ${status} ${serverCode}: ${message}`),
        hint: expect.stringMatching(hint),
        details: { status, serverCode },
      },
    })
    expect(result.status === 'failed' && result.error.hint).toMatch(/^The registry accepts the credential\. /)
  })

  it.each([500, 501, 502])('%d is in the error with the words of the server', async (status) => {
    const { result } = await verifyAt({ manifest: () => error(status, 'UNKNOWN', 'NoSuchBucket') })
    expect(result).toMatchObject({
      kind: 'unavailable',
      error: {
        code: 'registry-server-error',
        message: expect.stringContaining(`returned ${status} UNKNOWN: NoSuchBucket`),
      },
    })
  })

  it('is the login where that is wrong, whatever the manifest says', async () => {
    await using server = await startWebServer((request) => {
      const unauthorized = error(401, 'UNAUTHORIZED', 'Log in.', { 'www-authenticate': 'Basic realm="r"' })
      return request.path === '/v2/' ? unauthorized : error(400, 'NAME_INVALID', 'No.')
    })
    expect(await verify(send, { server: server.url, login, image })).toMatchObject({ kind: 'refused' })
  })
})

describe('a registry with Basic authentication', () => {
  const wrong = { ...login, password: 'a wrong password' }

  /** @param isOpen whether `GET /v2/` needs no login */
  const basicRegistry =
    (isOpen: boolean, manifest?: FakeResponse): Handler =>
    (request) => {
      const isRight = basicLogin(request)?.password === login.password
      if (request.path === '/v2/' && isOpen) return json(200, {})
      if (isRight) return (request.path !== '/v2/' && manifest) || json(200, {})
      return error(401, 'UNAUTHORIZED', 'Wrong password.', { 'www-authenticate': 'Basic realm="r"' })
    }
  const logins = (journal: readonly Pick<RecordedRequest, 'headers'>[]) =>
    journal.filter(({ headers }) => headers.authorization !== undefined)

  it.each([
    ['with an image', false, image],
    ['without an image', false, undefined],
    ['with an image, and an open `GET /v2/`', true, image],
  ])('gets a wrong password once, %s, and its reason is in the error', async (_, isOpen, image) => {
    await using server = await startWebServer(basicRegistry(isOpen))
    expect(await verify(send, { server: server.url, login: wrong, image })).toMatchObject({
      kind: 'refused',
      error: { message: expect.stringContaining('returned 401 UNAUTHORIZED: Wrong password.') },
    })
    expect(logins(server.journal)).toHaveLength(1)
  })

  it.each([false, true])('lets the right one pull; `GET /v2/` is open: %s', async (isOpen) => {
    await using server = await startWebServer(basicRegistry(isOpen))
    expect(await verify(send, { server: server.url, login, image })).toMatchObject({ kind: 'can-pull' })
    await using other = await startWebServer(basicRegistry(isOpen, error(403, 'DENIED', 'No.')))
    expect(await verify(send, { server: other.url, login, image })).toMatchObject({ kind: 'forbidden' })
  })

  it('that denies `GET /v2/` to a login which can pull lets it pull', async () => {
    await using server = await startWebServer((request) =>
      request.path === '/v2/' && basicLogin(request) ? error(403, 'DENIED', 'No.') : basicRegistry(false)(request),
    )
    expect(await verify(send, { server: server.url, login, image })).toMatchObject({ kind: 'can-pull' })
  })
})
