// Responses beyond those of a correct registry: errors, proxies, and servers that are not registries.
import { type AddressInfo, createServer } from 'node:net'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend, type Send } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { NetworkError } from '../../../src/http/errors.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import type { ImageReference } from '../../../src/registry/reference.ts'
import type { UnverifiedKind, Verification } from '../../../src/registry/verification.ts'
import { verify } from '../../../src/registry/verify.ts'
import { basicLogin, type Handler, json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'
import type { Image } from '../../support/registry/image.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
/** For servers whose error is independent of how often they are asked. */
const sendOnce: Send = (request) => send({ ...request, maxAttempts: 1 })
const login = { username: 'token', password: 'some password' }
const team: ImageReference = { repository: 'team/app', reference: '1' }

const firewallMessage = "client with IP '192.0.2.1' is not allowed access."
/** https://learn.microsoft.com/en-us/azure/container-registry/container-registry-access-selected-networks */
const firewall = JSON.stringify({ errors: [{ code: 'DENIED', message: firewallMessage }] })

const reference = ({ repository, tag }: Image): ImageReference => ({ repository, reference: tag })

/** Verifies a valid token of the environment's organization. */
function verifyToken(environment: FakeIbm, image: ImageReference, through = send): Promise<Verification> {
  const login = { username: 'token', password: environment.mintToken().value }
  return verify(through, { server: environment.registryHost, login, image })
}

describe('a response of the registry or its token server', () => {
  const error = (status: number, code: string, message: string): Fault => ({
    kind: 'status',
    status,
    headers: { 'retry-after': '0' },
    body: JSON.stringify({ errors: [{ code, message }] }),
  })
  const quota = 'Your account has exceeded its pull traffic quota for the current month.'
  const network = 'You must access this account over the private network'

  it.each<['realm' | 'registry', Fault, UnverifiedKind, object]>([
    [
      'realm',
      error(401, 'UNAUTHORIZED', 'The login credentials are not valid'),
      'refused',
      { code: 'registry-login-failed', details: { status: 401, serverCode: 'UNAUTHORIZED' } },
    ],
    [
      'realm',
      error(400, 'UNSUPPORTED', 'The requested authentication method is not supported.'),
      'refused',
      { code: 'registry-login-failed', details: { status: 400, serverCode: 'UNSUPPORTED' } },
    ],
    [
      'realm',
      error(403, 'DENIED', 'No.'),
      'forbidden',
      {
        code: 'registry-access-denied',
        details: { status: 403 },
        hint: expect.stringContaining('credential is right'),
      },
    ],
    [
      'realm',
      error(403, 'DENIED', 'Your authorization token has expired.'),
      'refused',
      { code: 'registry-login-failed', details: { status: 403, serverCode: 'DENIED' } },
    ],
    [
      'realm',
      error(401, 'DENIED', quota),
      'quota',
      { code: 'registry-quota-exceeded', details: { status: 401 }, hint: expect.stringContaining('does not help') },
    ],
    [
      'realm',
      error(403, 'DENIED', network),
      'private-network',
      { code: 'registry-private-network', details: { status: 403 }, hint: expect.stringContaining('is valid') },
    ],
    ['realm', error(404, 'GONE', 'No.'), 'unavailable', { name: 'HttpError', code: 'registry-not-found', status: 404 }],
    [
      'realm',
      error(503, 'UNAVAILABLE', 'Later.'),
      'unavailable',
      { name: 'HttpError', code: 'registry-server-error', hint: expect.stringContaining('later') },
    ],
    [
      'realm',
      error(429, 'TOOMANYREQUESTS', 'Slowly.'),
      'unavailable',
      { name: 'HttpError', code: 'registry-rate-limited', status: 429, hint: expect.stringContaining('later') },
    ],
    ['realm', error(403, 'DENIED', firewallMessage), 'unreachable', { code: 'registry-unreachable' }],
    ['registry', error(403, 'DENIED', quota), 'quota', { code: 'registry-quota-exceeded' }],
    ['registry', error(403, 'DENIED', network), 'private-network', { code: 'registry-private-network' }],
    ['registry', error(403, 'DENIED', 'insufficient scope'), 'forbidden', { code: 'registry-access-denied' }],
    [
      'registry',
      error(401, 'UNAUTHORIZED', 'Authorization required.'),
      'forbidden',
      { code: 'registry-access-denied', details: { status: 401, serverCode: 'UNAUTHORIZED' } },
    ],
    ['registry', error(503, 'UNAVAILABLE', 'Later.'), 'unavailable', { code: 'registry-server-error' }],
    [
      'registry',
      { kind: 'reset-before' },
      'unreachable',
      { code: 'registry-unreachable', hint: expect.stringContaining('firewall') },
    ],
  ])('%s %o: %s', async (server, fault, kind, expected) => {
    await using environment = await startFakeIbm()
    const path = server === 'registry' ? /manifests/ : /./
    environment.faults.add({ when: { server, path }, times: 99, fault })
    const through = fault.kind === 'status' ? send : sendOnce
    const result = await verifyToken(environment, team, through)
    expect(result).toMatchObject({ status: 'failed', kind, error: expected })
    expect(result.status === 'failed' && result.error.details.host).toBe(environment.registryHost)
  })

  it('registry 404: image-missing', async () => {
    await using environment = await startFakeIbm()
    const fault = error(404, 'NAME_UNKNOWN', 'repository name not known')
    environment.faults.add({ when: { server: 'registry', path: /manifests/ }, times: 99, fault })
    expect(await verifyToken(environment, team)).toMatchObject({ status: 'verified', kind: 'image-missing' })
  })

  it('is read with GET when a proxy refuses HEAD', async () => {
    await using environment = await startFakeIbm()
    environment.faults.add({
      when: { server: 'registry', method: 'HEAD' },
      times: 99,
      fault: error(405, 'UNSUPPORTED', ''),
    })
    expect(await verifyToken(environment, team)).toMatchObject({ kind: 'can-pull' })
    expect(await verifyToken(environment, reference(environment.publicImage))).toMatchObject({ kind: 'image-public' })
  })
})

describe('the Basic header', () => {
  it.each(['http://realm.example.com/token', 'ftp://localhost/token'])(
    'is not sent to token server %s',
    async (realm) => {
      await using server = await startWebServer(challenge(`Bearer realm="${realm}",service="registry"`))
      const result = verify(send, { server: server.url, login, image: undefined })
      await expect(result).rejects.toThrow(/^Could not log in to registry \S+: .* is not https$/)
      expect(server.journal.map(({ headers }) => headers.authorization)).toEqual([undefined])
    },
  )

  it.each(['Bearer service="registry"', 'Bearer realm=""', 'Bearer realm="https://"'])(
    'is not sent when the challenge names no token server: %s',
    async (header) => {
      await using server = await startWebServer(challenge(header))
      expect(await verify(send, { server: server.url, login, image: undefined })).toMatchObject({
        kind: 'unavailable',
        error: { message: expect.stringMatching(/responded, but .*names no token server$/) },
      })
      expect(server.journal).toHaveLength(1)
    },
  )

  it('does not follow a redirect of the token server to another origin', async () => {
    await using environment = await startFakeIbm()
    await using other = await startWebServer(() => json(200, { token: 'a' }))
    environment.faults.add({ when: { server: 'realm' }, times: 9, fault: { kind: 'redirect', to: other.url } })
    expect(await verifyToken(environment, team)).toMatchObject({ kind: 'unavailable' })
    expect(new Set(other.journal.map(({ headers }) => headers.authorization))).toEqual(new Set([undefined]))
  })

  it('is sent to the registry itself after a Basic challenge', async () => {
    const unauthorized = challenge('Basic realm="files"')
    const isLogin = (request: Parameters<Handler>[0]) => basicLogin(request)?.password === login.password
    await using server = await startWebServer((request) => (isLogin(request) ? json(200, {}) : unauthorized(request)))
    expect(await verify(send, { server: server.url, login, image: undefined })).toMatchObject({ kind: 'accepted' })
    expect(await verify(send, { server: server.url, login, image: team })).toMatchObject({ kind: 'can-pull' })
    const wrong = { ...login, password: 'wrong password' }
    for (const image of [undefined, team]) {
      const result = await verify(send, { server: server.url, login: wrong, image })
      expect(result).toMatchObject({
        kind: 'refused',
        error: {
          code: 'registry-login-failed',
          message: expect.stringMatching(/^Could not log in to registry \S+: .* returned 401 UNAUTHORIZED: Log in\.$/),
          details: { host: new URL(server.url).host, status: 401, serverCode: 'UNAUTHORIZED' },
        },
      })
    }
  })

  function challenge(header: string): Handler {
    return () => json(401, { errors: [{ code: 'UNAUTHORIZED', message: 'Log in.' }] }, { 'www-authenticate': header })
  }
})

describe('a server', () => {
  it('that returns 404 and no challenge is not a registry', async () => {
    await using server = await startWebServer(() => ({ status: 404, body: '<h1>Welcome</h1>' }))
    for (const image of [undefined, team]) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        status: 'failed',
        kind: 'not-a-registry',
        error: {
          code: 'registry-unexpected-response',
          message: expect.stringContaining('status 404 and no login challenge: it is not a registry'),
          hint: expect.stringContaining('`docker-server`'),
          details: { host: new URL(server.url).host, status: 404 },
        },
      })
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it.each([
    ['with its own words', firewall, `returned 403 DENIED: ${firewallMessage}`],
    ['with a page', '<h1>Forbidden</h1>', 'returned 403'],
  ])('that forbids `GET /v2/` %s does not let this runner in', async (_, body, message) => {
    await using server = await startWebServer(() => ({ status: 403, body }))
    for (const image of [undefined, team]) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        kind: 'unreachable',
        error: {
          code: 'registry-unreachable',
          message: expect.stringContaining(message),
          hint: expect.stringMatching(/not reachable from this runner.*`docker-server`.*`verify: false`/),
          details: { host: new URL(server.url).host, status: 403 },
        },
      })
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it.each<[string, Record<string, string>, string]>([
    ['', { 'content-type': 'text/html' }, '<h1>Welcome</h1>'],
    [' in upper case', { 'content-type': 'Text/HTML; charset=utf-8' }, '<h1>Welcome</h1>'],
    [' without a content type', {}, '\n<!DOCTYPE html><h1>Welcome</h1>'],
  ])('that returns a web page%s is not a registry', async (_, headers, body) => {
    await using server = await startWebServer(() => ({ status: 200, headers, body }))
    expect(await verify(send, { server: server.url, login, image: team })).toMatchObject({
      kind: 'not-a-registry',
      error: { message: expect.stringContaining('a web page') },
    })
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it('that redirects to nowhere is unavailable', async () => {
    await using server = await startWebServer(() => ({ status: 301, body: '<h1>Welcome</h1>' }))
    for (const image of [undefined, team]) {
      const result = await verify(send, { server: server.url, login, image })
      expect(result).toMatchObject({ status: 'failed', kind: 'unavailable', error: { name: 'HttpError', status: 301 } })
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it('that requires no login does not get the login, and verifies nothing', async () => {
    await using server = await startWebServer(() => json(200, {}))
    for (const image of [undefined, team]) {
      expect(await verify(send, { server: server.url, login, image })).toMatchObject({
        status: 'verified',
        kind: 'no-login-required',
        hint: expect.stringMatching(/`verify-image` to a private image.*`docker-server`/),
      })
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it('that requires a login for private images only gets the login for them', async () => {
    await using environment = await startFakeIbm()
    const ping: Fault = { kind: 'status', status: 200, body: '{}' }
    environment.faults.add({ when: { server: 'registry', path: '/v2/' }, times: 99, fault: ping })
    expect(await verifyToken(environment, team)).toMatchObject({ kind: 'can-pull' })
    expect(await verify(send, { server: environment.registryHost, login, image: team })).toMatchObject({
      kind: 'refused',
    })
  })

  it('that does not respond is not reachable from this runner', async () => {
    const result = await verify(sendOnce, { server: 'http://127.0.0.1:1', login, image: undefined })
    expect(result).toMatchObject({
      kind: 'unreachable',
      error: {
        code: 'registry-unreachable',
        message: expect.stringContaining('ECONNREFUSED'),
        hint: expect.stringMatching(/not reachable from this runner.*nothing listens there.*`verify: false`/),
      },
    })
    expect(result.status === 'failed' && result.error.cause).toBeInstanceOf(NetworkError)
  })
})

describe('a loopback host without a scheme', () => {
  it.each(['127.0.0.1', 'localhost'])('%s is tried over https, then over http', async (hostname) => {
    for (const tls of [false, true]) {
      await using environment = await startFakeIbm({ tls })
      const dispatcher = createDispatcher(environment.certificateAuthority, NO_PROXIES)
      const server = environment.registryHost.replace('127.0.0.1', hostname)
      const login = { username: 'token', password: environment.mintToken().value }
      const result = await verify(createSend(dispatcher, never), { server, login, image: team })
      expect(result).toMatchObject({
        kind: 'can-pull',
        server,
        host: server,
      })
      await dispatcher.destroy()
    }
  })

  it('is tried over https once, and retried over http', async () => {
    const firstBytes: number[] = []
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', ([first]) => {
          firstBytes.push(first ?? 0)
          socket.destroy()
        })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const sendTwice: Send = (request) => send({ maxAttempts: 2, ...request })
    const result = await verify(sendTwice, { server: `127.0.0.1:${port}`, login, image: undefined })
    server.close()
    expect(result.kind).toBe('unreachable')
    // A TLS connection begins with byte 22, an HTTP request with a letter.
    expect(firstBytes.filter((first) => first === 22)).toHaveLength(1)
    expect(firstBytes).toHaveLength(3)
  })
})

it.each(['', '/', '/v1/', '/team'])('a server can be a URL that ends with "%s"', async (path) => {
  await using environment = await startFakeIbm()
  const login = { username: 'token', password: environment.mintToken().value }
  const result = await verify(send, { server: environment.registry + path, login, image: team })
  expect(result.kind).toBe('can-pull')
})
