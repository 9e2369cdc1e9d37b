// What is made of answers that a good registry does not give.
import { type AddressInfo, createServer } from 'node:net'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { type Verdict, works } from '../../../src/registry/verdict.ts'
import { type ImageReference, verify } from '../../../src/registry/verify.ts'
import { basicLogin, type Handler, json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../support/ibm/environment.ts'
import type { Image } from '../../support/registry/image.ts'

const never = new AbortController().signal
const send = createSend(getGlobalDispatcher(), never)
const login = { username: 'token', password: 'some password' }
const team: ImageReference = { repository: 'team/app', reference: '1' }

const reference = ({ repository, tag }: Image): ImageReference => ({ repository, reference: tag })

/** Tries a token of the environment's organization. */
function tryToken({ registryHost, mintToken }: PracticeEnvironment, image: ImageReference): Promise<Verdict> {
  return verify(send, registryHost, { username: 'token', password: mintToken().value }, image)
}

describe('what the registry or its realm says', () => {
  const error = (status: number, code: string, message: string): Fault => ({
    kind: 'status',
    status,
    headers: { 'retry-after': '0' },
    body: JSON.stringify({ errors: [{ code, message }] }),
  })
  const quota = 'Your account has exceeded its pull traffic quota for the current month.'
  const network = 'You must access this account over the private network'

  it.each<['realm' | 'registry', Fault, Partial<Verdict>]>([
    ['realm', error(401, 'UNAUTHORIZED', 'The login credentials are not valid'), { kind: 'refused' }],
    ['realm', error(400, 'BAD', 'Bad Request'), { kind: 'refused' }],
    ['realm', error(403, 'DENIED', 'No.'), { kind: 'forbidden' }],
    ['realm', error(401, 'DENIED', quota), { kind: 'quota', cure: expect.stringContaining('does not help') }],
    ['realm', error(403, 'DENIED', network), { kind: 'private-network', cure: expect.stringContaining('is fine') }],
    ['realm', error(503, 'UNAVAILABLE', 'Later.'), { kind: 'unavailable', cure: expect.stringContaining('later') }],
    [
      'realm',
      error(429, 'TOOMANYREQUESTS', 'Slowly.'),
      { kind: 'unavailable', cure: expect.stringContaining('limits its callers') },
    ],
    ['registry', error(403, 'DENIED', quota), { kind: 'quota' }],
    ['registry', error(403, 'DENIED', network), { kind: 'private-network' }],
    ['registry', error(403, 'DENIED', 'insufficient scope'), { kind: 'forbidden' }],
    ['registry', error(401, 'UNAUTHORIZED', 'Authorization required.'), { kind: 'forbidden' }],
    ['registry', error(404, 'NAME_UNKNOWN', 'repository name not known'), { kind: 'missing' }],
    ['registry', error(503, 'UNAVAILABLE', 'Later.'), { kind: 'unavailable' }],
    ['registry', { kind: 'reset-before' }, { kind: 'unavailable', cure: expect.stringContaining('firewall') }],
  ])('the %s with %o', { timeout: 20_000 }, async (server, fault, expected) => {
    await using environment = await startPracticeEnvironment()
    const path = server === 'registry' ? /manifests/ : /./
    environment.faults.add({ when: { server, path }, times: 99, fault })
    expect(await tryToken(environment, team)).toMatchObject(expected)
  })

  it('is not taken from a proxy that refuses HEAD alone', async () => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({
      when: { server: 'registry', method: 'HEAD' },
      times: 99,
      fault: error(405, 'UNSUPPORTED', ''),
    })
    expect(await tryToken(environment, team)).toMatchObject({ kind: 'pulls' })
    expect(await tryToken(environment, reference(environment.publicImage))).toMatchObject({ kind: 'public' })
  })
})

describe('Basic', () => {
  it.each(['http://realm.example.com/token', 'ftp://localhost/token'])('is not sent to the realm %s', async (realm) => {
    await using server = await startWebServer(challenge(`Bearer realm="${realm}",service="registry"`))
    const tried = verify(send, server.url, login, undefined)
    await expect(tried).rejects.toThrow(/^Could not get a token of the registry .* is not https$/)
    expect(server.journal.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  it.each(['Bearer service="registry"', 'Bearer realm=""', 'Bearer realm="https://"'])(
    'is not sent when the challenge names no realm: %s',
    async (header) => {
      await using server = await startWebServer(challenge(header))
      await expect(verify(send, server.url, login, undefined)).rejects.toThrow(/answered, but .*names no token server$/)
      expect(server.journal).toHaveLength(1)
    },
  )

  it('does not follow the realm to another origin', async () => {
    await using environment = await startPracticeEnvironment()
    await using other = await startWebServer(() => json(200, { token: 'a' }))
    environment.faults.add({ when: { server: 'realm' }, times: 9, fault: { kind: 'redirect', to: other.url } })
    expect(await tryToken(environment, team)).toMatchObject({ kind: 'refused' })
    expect(new Set(other.journal.map(({ headers }) => headers.authorization))).toEqual(new Set([undefined]))
  })

  it('is what some registries ask for themselves', async () => {
    const ask = challenge('Basic realm="files"')
    const isLogin = (request: Parameters<Handler>[0]) => basicLogin(request)?.password === login.password
    await using server = await startWebServer((request) => (isLogin(request) ? json(200, {}) : ask(request)))
    expect(await verify(send, server.url, login, undefined)).toMatchObject({ kind: 'accepted' })
    expect(await verify(send, server.url, login, team)).toMatchObject({ kind: 'pulls' })
    const wrong = { ...login, password: 'wrong password' }
    for (const image of [undefined, team]) {
      const result = await verify(send, server.url, wrong, image)
      expect(result).toMatchObject({
        kind: 'refused',
        sentence: expect.stringContaining('(401 UNAUTHORIZED: Log in.)'),
      })
    }
  })

  function challenge(header: string): Handler {
    return () => json(401, { errors: [{ code: 'UNAUTHORIZED', message: 'Log in.' }] }, { 'www-authenticate': header })
  }
})

describe('something else', () => {
  it.each([404, 403, 301])('that answers %i is no registry', async (status) => {
    await using server = await startWebServer(() => ({ status, body: '<h1>Welcome</h1>' }))
    for (const image of [undefined, team]) {
      const result = await verify(send, server.url, login, image)
      expect(result.kind).toBe(status === 301 ? 'unavailable' : 'no-registry')
      expect(works(result)).toBe(false)
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it('that asks for no login proves nothing, and never sees one', async () => {
    await using server = await startWebServer(() => json(200, {}))
    for (const image of [undefined, team]) {
      const result = await verify(send, server.url, login, image)
      expect(result).toMatchObject({ kind: 'open', cure: expect.stringContaining('`docker-server`') })
    }
    expect(server.journal.filter(({ headers }) => headers.authorization)).toEqual([])
  })

  it('that asks for a login at private images only is asked for one', async () => {
    await using environment = await startPracticeEnvironment()
    const greeting: Fault = { kind: 'status', status: 200, body: '{}' }
    environment.faults.add({ when: { server: 'registry', path: '/v2/' }, times: 99, fault: greeting })
    expect(await tryToken(environment, team)).toMatchObject({ kind: 'pulls' })
    expect(await verify(send, environment.registryHost, login, team)).toMatchObject({ kind: 'refused' })
  })

  it('that is silent is unavailable', { timeout: 20_000 }, async () => {
    const result = await verify(send, 'http://127.0.0.1:1', login, undefined)
    expect(result).toMatchObject({ kind: 'unavailable', sentence: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('the host', () => {
  it.each(['127.0.0.1', 'localhost'])('%s is asked by https, then by http', async (hostname) => {
    for (const tls of [false, true]) {
      await using environment = await startPracticeEnvironment({ tls })
      const dispatcher = createDispatcher(environment.certificateAuthority)
      const server = environment.registryHost.replace('127.0.0.1', hostname)
      const { value: password } = environment.mintToken()
      const result = await verify(createSend(dispatcher, never), server, { username: 'token', password }, team)
      expect(result).toMatchObject({ kind: 'pulls', sentence: expect.stringContaining(`${server} opens`) })
      await dispatcher.destroy()
    }
  })

  it('is asked by https once only where http is another way', async () => {
    const hellos: number[] = []
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', ([first]) => {
          hellos.push(first ?? 0)
          socket.destroy()
        })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const result = await verify(send, `127.0.0.1:${port}`, { username: 'token', password: 'none' }, undefined)
    server.close()
    expect(result.kind).toBe('unavailable')
    // A TLS connection begins with byte 22, a request with a letter: http is asked again when it is silent, too.
    expect(hellos.filter((first) => first === 22)).toHaveLength(1)
    expect(hellos.length).toBeGreaterThan(2)
  })

  it.each(['', '/', '/v1/', '/team'])('may be an address that ends with "%s"', async (path) => {
    await using environment = await startPracticeEnvironment()
    const { value: password } = environment.mintToken()
    const result = await verify(send, environment.registry + path, { username: 'token', password }, team)
    expect(result.kind).toBe('pulls')
  })
})
