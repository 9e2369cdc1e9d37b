// Which servers see credentials.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { isSafe } from '../../../src/http/address.ts'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { errorOf } from '../../support/error-of.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { type Handler, json } from '../../support/http/exchange.ts'
import { startRefusedClient } from '../../support/http/refused-client.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal, { firstRetryDelayMs: 10 })
const operation = 'try'

const ok: Handler = () => json(200, { fine: true })

describe('a redirect', () => {
  const authorization = 'Bearer a'
  const request = { service: 'issuer' as const, operation, headers: { 'x-own': '1' }, credentials: { authorization } }

  it.each(['GET', 'HEAD'] as const)('of %s sends the credentials to the same origin', async (method) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: { path: '/old' }, fault: { kind: 'redirect', to: '/new?a=1' } })
    const response = await send({ ...request, method, url: `${server.url}/old` })
    expect(response.status).toBe(200)
    expect(response.credentialsDropped).toBeUndefined()
    expect(server.journal[1]).toMatchObject({ method, path: '/new', headers: { authorization } })
  })

  it.each(['GET', 'HEAD'] as const)('of %s does not send the credentials to another origin', async (method) => {
    await using other = await startWebServer(ok)
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: other.url } })
    expect(await send({ ...request, method, url: server.url })).toMatchObject({ status: 200, credentialsDropped: true })
    expect(other.journal).toMatchObject([{ method, headers: { 'x-own': '1' } }])
    expect(other.journal[0]?.headers).not.toHaveProperty('authorization')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('of %s is not followed', async (method) => {
    await using other = await startWebServer(ok)
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: other.url } })
    const error = await errorOf(send({ ...request, method, url: server.url, body: 'secret' }))
    expect(error).toMatchObject({ status: 307, hint: expect.stringContaining('redirects to another address') })
    expect(other.journal).toEqual([])
  })

  it('to http is not followed', async () => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: 'http://registry.invalid/login' } })
    const error = await errorOf(send({ ...request, url: server.url }))
    const { host } = new URL(server.url)
    expect(error.message).toBe(`Could not try: ${host} redirects to http://registry.invalid, which is not https`)
  })

  it('is followed five times', async () => {
    await using server = await startWebServer(() => ({ status: 302, headers: { location: '/' } }))
    expect(await errorOf(send({ ...request, url: server.url }))).toMatchObject({ status: 302 })
    expect(server.journal).toHaveLength(6)
  })

  it.each(['http://', undefined])('without a valid location (%s) is a response like any other', async (location) => {
    await using server = await startWebServer(() => ({ status: 301, headers: location ? { location } : {} }))
    expect(await errorOf(send({ ...request, url: server.url }))).toMatchObject({ status: 301 })
  })
})

describe('an address', () => {
  it.each([
    ['https://registry.example.com', true],
    ['http://localhost:5000', true],
    ['http://127.0.0.1:5000', true],
    ['http://127.1.2.3', true],
    ['http://[::1]:5000', true],
    ['http://registry.example.com', false],
    ['http://10.0.0.1', false],
    ['http://0.0.0.0', false],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost@example.com', false],
    ['ftp://localhost', false],
  ])('%s is safe: %s', (url, safe) => {
    expect(isSafe(new URL(url))).toBe(safe)
  })

  it('that is not safe is rejected before a connection is opened', async () => {
    await using client = startRefusedClient(9)
    const request = {
      service: 'issuer' as const,
      operation,
      url: 'http://registry.invalid/v2/',
      credentials: { authorization: 'Bearer a' },
    }
    expect(await errorOf(client.send(request))).toMatchObject({
      message: 'Could not try: http://registry.invalid is not https',
      hint: expect.stringContaining('Use an https address.'),
    })
    expect(client.connections()).toBe(0)
  })
})

describe('a certificate', () => {
  it('that is not trusted fails the request without a retry', async () => {
    await using server = await startTlsServer()
    const error = await errorOf(send({ service: 'issuer', operation, url: server.url }))
    expect(error).toMatchObject({
      code: 'issuer-untrusted-certificate',
      permanent: true,
      sent: false,
      hint: expect.stringContaining('`ca-certificates`'),
    })
  })

  it('is trusted when `ca-certificates` contains its CA', async () => {
    await using server = await startTlsServer()
    await using dispatcher = disposable(createDispatcher(server.authority, NO_PROXIES))
    const trusting = createSend(dispatcher.value, new AbortController().signal)
    expect((await trusting({ service: 'issuer', operation, url: server.url })).status).toBe(200)
  })

  it('is missing on a port that speaks http', async () => {
    await using server = await startWebServer(ok)
    const error = await errorOf(send({ service: 'issuer', operation, url: server.url.replace('http:', 'https:') }))
    expect(error).toMatchObject({ permanent: true, sent: false, hint: expect.stringContaining('speaks https') })
    expect(error.message).toMatch(/did not respond: it does not speak TLS as expected \(ERR_SSL_\w+\)$/)
  })
})

async function startTlsServer() {
  const authority = await createAuthority('test')
  const server = await startWebServer(ok, await authority.issue({ commonName: 'localhost', hosts: ['127.0.0.1'] }))
  return { ...server, authority: authority.certificate }
}

function disposable<T extends { destroy(): Promise<void> }>(value: T) {
  return { value, [Symbol.asyncDispose]: () => value.destroy() }
}
