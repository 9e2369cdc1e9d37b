// Responses that say nothing about a credential: none of them may lead to a new one.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { verify } from '../../../src/registry/verify.ts'
import { basicLogin, bearerToken, type FakeResponse, type Handler, json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal, { firstRetryDelayMs: 1 })
const login = { username: 'jo', password: 'a password of jo' }
const images = [undefined, { repository: 'team/app', reference: '1' }]

/** A registry whose token server responds to a login with `response`, and gives anonymous tokens. */
const registryWith =
  (response: FakeResponse): Handler =>
  (request) => {
    if (request.path === '/token') return basicLogin(request) ? response : json(200, { token: 'anonymous' })
    if (bearerToken(request) === 'of-jo') return json(200, {})
    const challenge = `Bearer realm="http://${request.headers.host}/token",service="registry"`
    return json(401, { errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': challenge })
  }

const page = (status: number, text: string): FakeResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${text}</title></head></html>`,
})

const error = (code: string) => json(400, { errors: [{ code, message: 'No.' }] })

describe('a token server that responds to a login with', () => {
  it.each<[string, FakeResponse, object]>([
    ['200 without a token', json(200, { status: 'maintenance' }), { message: /its body has no usable token$/ }],
    ['200 and an empty token', json(200, { token: '' }), { message: /no usable token$/ }],
    ['200 and a token of two lines', json(200, { token: 'of-\njo' }), { message: /no usable token$/ }],
    ['200 and a list', json(200, [{ token: 'of-jo' }]), { message: /is not a JSON object$/ }],
    ['200 and a web page', page(200, 'Sign in'), { message: /is not a JSON object$/ }],
    ['201 and no body', { status: 201 }, { message: /returned 201/ }],
    ['204', { status: 204 }, { message: /returned 204/ }],
    [
      'the page of a web server for a long header',
      page(400, '400 Request Header Or Cookie Too Large'),
      { message: /returned 400 400 Request Header Or Cookie Too Large$/ },
    ],
    ['400 for another reason', error('NAME_INVALID'), { message: /returned 400 NAME_INVALID: No\.$/ }],
    ['400 of OAuth for another reason', json(400, { error: 'invalid_scope' }), { message: /400 invalid_scope$/ }],
    ['404', page(404, 'Not Found'), { message: /returned 404 Not Found$/ }],
    ['410', page(410, 'Gone'), { message: /returned 410 Gone$/ }],
    ['412', page(412, 'No'), { message: /returned 412 No$/ }],
    ['a redirect to nowhere', { status: 302 }, { message: /returned 302$/ }],
  ])('%s is unavailable', async (_, response, { message }: { message?: RegExp }) => {
    await using server = await startWebServer(registryWith(response))
    for (const image of images) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        status: 'failed',
        kind: 'unavailable',
        error: {
          code: expect.stringMatching(/^registry-(?:unexpected-response|rejected|not-found)$/),
          message: expect.stringMatching(message ?? /^$/),
          hint: expect.stringMatching(/operators of the registry|Check the endpoint|redirects/),
          details: { host: new URL(server.url).host },
        },
      })
    }
  })

  it.each<[string, FakeResponse]>([
    ['a code of registries', error('UNAUTHORIZED')],
    ['another code of registries', error('DENIED')],
    ['the code of IBM for an unknown user', error('UNSUPPORTED')],
    ['a code of OAuth', json(400, { error: 'invalid_grant' })],
    ['no body', { status: 400 }],
    ['another code of OAuth', json(400, { error: 'invalid_client', error_description: 'Bad credentials' })],
  ])('400 and %s is refused', async (_, response) => {
    await using server = await startWebServer(registryWith(response))
    for (const image of images) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({ kind: 'refused' })
    }
  })
})

describe('a redirect to another origin', () => {
  it.each<[string, FakeResponse]>([
    ['an anonymous token', json(200, { token: 'of-jo' })],
    ['401', json(401, { errors: [{ code: 'UNAUTHORIZED' }] })],
    ['403', json(403, { errors: [{ code: 'DENIED' }] })],
    ['400', error('UNAUTHORIZED')],
  ])('of the token server, which returns %s, is unavailable', async (_, response) => {
    await using other = await startWebServer(() => response)
    await using server = await startWebServer(
      registryWith({ status: 307, headers: { location: `${other.url}/token` } }),
    )
    const { host } = new URL(server.url)
    for (const image of images) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        kind: 'unavailable',
        error: {
          code: 'registry-unexpected-response',
          message: `Could not log in to registry ${host}: GET ${other.url}/token responded, but ${host} redirected there, and the credential is not sent to another origin`,
        },
      })
    }
    expect(other.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it.each<[string, (other: string) => string]>([
    ['Bearer', (other) => `Bearer realm="${other}/token",service="registry"`],
    ['Basic', () => 'Basic realm="registry"'],
  ])('of a registry with %s that has moved is unavailable', async (_, challenge) => {
    await using other = await startWebServer((request) => {
      const self = `http://${request.headers.host}`
      if (request.path === '/token') return json(200, { token: 'of-jo' })
      return request.headers.authorization ? json(200, {}) : json(401, {}, { 'www-authenticate': challenge(self) })
    })
    await using server = await startWebServer(({ incoming }) => {
      return { status: 308, headers: { location: other.url + incoming.url } }
    })
    for (const image of images) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        kind: 'unavailable',
        error: {
          code: 'registry-unexpected-response',
          message: expect.stringContaining(`${new URL(server.url).host} redirected there`),
          hint: expect.stringContaining('use its host as `docker-server`'),
        },
      })
    }
  })

  it('of a registry that then lets anyone in is no accepted login', async () => {
    await using other = await startWebServer(() => json(200, {}))
    await using server = await startWebServer((request) => {
      const unauthorized = json(401, {}, { 'www-authenticate': 'Basic realm="registry"' })
      return basicLogin(request) ? { status: 307, headers: { location: other.url } } : unauthorized
    })
    const result = await verify(send, { server: server.url, login, image: undefined })
    expect(result).toMatchObject({ kind: 'unavailable' })
  })

  it('of a manifest to its storage lets the login pull', async () => {
    await using storage = await startWebServer(() => json(200, {}))
    await using server = await startWebServer((request) => {
      const isImage = request.path.includes('/manifests/')
      const isAllowed = basicLogin(request)?.password === login.password
      if (!isAllowed) return json(401, {}, { 'www-authenticate': 'Basic realm="registry"' })
      return isImage ? { status: 307, headers: { location: storage.url } } : json(200, {})
    })
    expect(await verify(send, { server: server.url, login, image: images[1] })).toMatchObject({ kind: 'can-pull' })
  })
})

it.each([400, 404, 405, 406, 410, 422, 451])(
  'a registry that responds to the login with %d is unavailable',
  async (status) => {
    await using server = await startWebServer((request) =>
      basicLogin(request) ? page(status, 'No') : json(401, {}, { 'www-authenticate': 'Basic realm="registry"' }),
    )
    for (const image of images) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        kind: 'unavailable',
        error: { status, hint: expect.stringContaining('operators of the registry') },
      })
    }
  },
)
