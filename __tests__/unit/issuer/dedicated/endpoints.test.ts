import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { HttpError, UnexpectedAnswer } from '../../../../src/http/errors.ts'
import { discoverLogin } from '../../../../src/issuer/dedicated/endpoints.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startPracticeEnvironment } from '../../../support/ibm/environment.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

describe('the login server', () => {
  it.each(['on', 'off'] as const)('is told by /v2/info with API v2 %s, its path included', async (v2) => {
    await using environment = await startPracticeEnvironment({ switches: { v2 } })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
    expect(new URL(environment.uaa).pathname).toBe('/UAALoginServerWAR')
    expect(environment.journal).toMatchObject([{ method: 'GET', path: '/v2/info' }])
    expect(environment.journal[0]?.headers).not.toHaveProperty('authorization')
  })

  it('is told by / where /v2/info is gone', async () => {
    await using environment = await startPracticeEnvironment({ switches: { v2: 'absent' } })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
    expect(environment.journal.map(({ path, status }) => [path, status])).toEqual([
      ['/v2/info', 404],
      ['/', 200],
    ])
  })

  it.each<Fault>([
    ...[403, 410, 501].map((status) => ({ kind: 'status', status }) as const),
    { kind: 'status', status: 200, body: '{"name":"Bluemix"}' },
    { kind: 'status', status: 200, body: '{"authorization_endpoint":null}' },
    { kind: 'status', status: 200, body: '{"authorization_endpoint":"no address"}' },
  ])('is told by / when /v2/info answers %o', async (fault) => {
    await using environment = await startPracticeEnvironment()
    environment.faults.add({ when: { path: '/v2/info' }, fault })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
  })

  it.each([
    ['/v2/info', { authorization_endpoint: 'https://login.example.com/UAALoginServerWAR//' }],
    ['/', { links: { login: { href: 'https://login.example.com/UAALoginServerWAR/' } } }],
  ])('has no final slash, told by %s', async (told, body) => {
    await using server = await startWebServer(({ path }) => (path === told ? json(200, body) : json(404, {})))
    expect(await discoverLogin(send, server.url)).toBe('https://login.example.com/UAALoginServerWAR')
  })

  it('is asked for again when the API is not there for a moment', async () => {
    await using environment = await startPracticeEnvironment()
    const fault: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '0' } }
    environment.faults.add({ when: { path: '/v2/info' }, fault })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
  })
})

describe('no login server', () => {
  it.each([{}, { links: null }, { links: { login: null } }, { links: { login: { href: 7 } } }])(
    'is named by %j',
    async (body) => {
      await using server = await startWebServer(({ path }) => (path === '/' ? json(200, body) : json(404, {})))
      const discovered = discoverLogin(send, server.url)
      await expect(discovered).rejects.toBeInstanceOf(UnexpectedAnswer)
      await expect(discovered).rejects.toThrow('it names no login server')
    },
  )

  it('is at an address that is no Cloud Foundry API', async () => {
    await using server = await startWebServer(() => json(404, { error: 'Not Found' }))
    const discovered = discoverLogin(send, server.url)
    await expect(discovered).rejects.toBeInstanceOf(HttpError)
    await expect(discovered).rejects.toMatchObject({ status: 404, cure: expect.stringContaining('`api-endpoint`') })
  })

  it('is at a web site', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: '<h1>Welcome</h1>' }))
    await expect(discoverLogin(send, server.url)).rejects.toMatchObject({
      name: 'UnexpectedAnswer',
      cure: expect.stringContaining('Check that the endpoint is right'),
    })
  })
})
