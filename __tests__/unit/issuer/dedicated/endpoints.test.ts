import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { HttpError, UnexpectedResponse } from '../../../../src/http/errors.ts'
import { discoverLogin } from '../../../../src/issuer/dedicated/endpoints.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { startFakeIbm } from '../../../support/ibm/environment.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

describe('the login server', () => {
  it.each(['on', 'off'] as const)('comes from /v2/info with its path, with API v2 %s', async (v2) => {
    await using environment = await startFakeIbm({ switches: { v2 } })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
    expect(new URL(environment.uaa).pathname).toBe('/UAALoginServerWAR')
    expect(environment.journal).toMatchObject([{ method: 'GET', path: '/v2/info' }])
    expect(environment.journal[0]?.headers).not.toHaveProperty('authorization')
  })

  it('comes from / when /v2/info does not exist', async () => {
    await using environment = await startFakeIbm({ switches: { v2: 'absent' } })
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
    { kind: 'status', status: 200, body: '{"authorization_endpoint":"not a URL"}' },
  ])('comes from / when /v2/info returns %o', async (fault) => {
    await using environment = await startFakeIbm()
    environment.faults.add({ when: { path: '/v2/info' }, fault })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
  })

  it.each([
    ['/v2/info', { authorization_endpoint: 'https://login.example.com/UAALoginServerWAR//' }],
    ['/', { links: { login: { href: 'https://login.example.com/UAALoginServerWAR/' } } }],
  ])('from %s is returned without final slashes', async (endpoint, body) => {
    await using server = await startWebServer(({ path }) => (path === endpoint ? json(200, body) : json(404, {})))
    expect(await discoverLogin(send, server.url)).toBe('https://login.example.com/UAALoginServerWAR')
  })

  it('is requested again when the API is temporarily unavailable', async () => {
    await using environment = await startFakeIbm()
    const fault: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '0' } }
    environment.faults.add({ when: { path: '/v2/info' }, fault })
    expect(await discoverLogin(send, environment.api)).toBe(environment.uaa)
  })
})

describe('a missing login server', () => {
  it.each([{}, { links: null }, { links: { login: null } }, { links: { login: { href: 7 } } }])(
    'is reported for %j',
    async (body) => {
      await using server = await startWebServer(({ path }) => (path === '/' ? json(200, body) : json(404, {})))
      const discovered = discoverLogin(send, server.url)
      await expect(discovered).rejects.toBeInstanceOf(UnexpectedResponse)
      await expect(discovered).rejects.toThrow('the response names no login server')
    },
  )

  it('is reported for a server that is not a Cloud Foundry API', async () => {
    await using server = await startWebServer(() => json(404, { error: 'Not Found' }))
    const discovered = discoverLogin(send, server.url)
    await expect(discovered).rejects.toBeInstanceOf(HttpError)
    await expect(discovered).rejects.toMatchObject({ status: 404, hint: expect.stringContaining('`api-endpoint`') })
  })

  it('is reported for a web site', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: '<h1>Welcome</h1>' }))
    await expect(discoverLogin(send, server.url)).rejects.toMatchObject({
      name: 'UnexpectedResponse',
      hint: expect.stringContaining('Check the endpoint'),
    })
  })
})
