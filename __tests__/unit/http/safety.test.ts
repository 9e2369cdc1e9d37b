// Where http.ts sends credentials, and where it does not.
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { isSafe } from '../../../src/http/address.ts'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { failureOf } from '../../support/error-of.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { type Handler, json } from '../../support/http/exchange.ts'
import { startRefusedClient } from '../../support/http/refused-client.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)
const doing = 'try'

const ok: Handler = () => json(200, { fine: true })

describe('a redirect', () => {
  const authorization = 'Bearer a'
  const request = { doing, headers: { 'x-own': '1' }, credentials: { authorization } }

  it.each(['GET', 'HEAD'] as const)('of %s shows the credentials to the same origin', async (method) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: { path: '/old' }, fault: { kind: 'redirect', to: '/new?a=1' } })
    expect((await send({ ...request, method, url: `${server.url}/old` })).status).toBe(200)
    expect(server.journal[1]).toMatchObject({ method, path: '/new', headers: { authorization } })
  })

  it.each(['GET', 'HEAD'] as const)('of %s hides the credentials from another origin', async (method) => {
    await using other = await startWebServer(ok)
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: other.url } })
    expect((await send({ ...request, method, url: server.url })).status).toBe(200)
    expect(other.journal).toMatchObject([{ method, headers: { 'x-own': '1' } }])
    expect(other.journal[0]?.headers).not.toHaveProperty('authorization')
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('of %s is not followed', async (method) => {
    await using other = await startWebServer(ok)
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: other.url } })
    const error = await failureOf(send({ ...request, method, url: server.url, body: 'secret' }))
    expect(error).toMatchObject({ status: 307, cure: expect.stringContaining('points elsewhere') })
    expect(other.journal).toEqual([])
  })

  it('to http is refused', async () => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind: 'redirect', to: 'http://registry.invalid/login' } })
    const error = await failureOf(send({ ...request, url: server.url }))
    expect(error.message).toBe('Could not try: http://registry.invalid is not https')
  })

  it('in a circle is left', async () => {
    await using server = await startWebServer(() => ({ status: 302, headers: { location: '/' } }))
    expect(await failureOf(send({ ...request, url: server.url }))).toMatchObject({ status: 302 })
    expect(server.journal).toHaveLength(6)
  })

  it.each(['http://', undefined])('to nowhere (%s) is an answer like any other', async (location) => {
    await using server = await startWebServer(() => ({ status: 301, headers: location ? { location } : {} }))
    expect(await failureOf(send({ ...request, url: server.url }))).toMatchObject({ status: 301 })
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

  it('that is not safe is refused before anything is sent', async () => {
    await using client = startRefusedClient(9)
    const request = { doing, url: 'http://registry.invalid/v2/', credentials: { authorization: 'Bearer a' } }
    expect(await failureOf(client.send(request))).toMatchObject({
      message: 'Could not try: http://registry.invalid is not https',
      cure: expect.stringContaining('Only https'),
    })
    expect(client.connections()).toBe(0)
  })
})

describe('a certificate', () => {
  it('that nobody here trusts ends the request at once, and names the cure', async () => {
    await using server = await startTlsServer()
    const error = await failureOf(send({ doing, url: server.url }))
    expect(error).toMatchObject({ lasting: true, sent: false, cure: expect.stringContaining('`ca-certificates`') })
  })

  it('is trusted by its authority', async () => {
    await using server = await startTlsServer()
    await using dispatcher = disposable(createDispatcher(server.authority))
    const trusting = createSend(dispatcher.value, new AbortController().signal)
    expect((await trusting({ doing, url: server.url })).status).toBe(200)
  })

  it('is not there where http is spoken', async () => {
    await using server = await startWebServer(ok)
    const error = await failureOf(send({ doing, url: server.url.replace('http:', 'https:') }))
    expect(error).toMatchObject({ lasting: true, sent: false, cure: expect.stringContaining('speaks https') })
    expect(error.message).toMatch(/gave no answer: it does not speak TLS as expected \(ERR_SSL_\w+\)$/)
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
