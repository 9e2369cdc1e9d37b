import { Readable } from 'node:stream'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { ActionError } from '../../../src/core/errors.ts'
import { MAX_ERROR_BYTES, MAX_RESPONSE_BYTES } from '../../../src/http/body.ts'
import { createSend, type HttpRequest } from '../../../src/http/client.ts'
import { createDispatcher } from '../../../src/http/dispatcher.ts'
import { HttpError, NetworkError, ResponseTooLarge, UnexpectedResponse } from '../../../src/http/errors.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { mask } from '../../../src/runner/mask.ts'
import { errorOf } from '../../support/error-of.ts'
import { type Handler, json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startRefusedClient } from '../../support/http/refused-client.ts'
import { startWebServer, type WebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal, { firstRetryDelayMs: 10 })
const operation = 'try'

const ok: Handler = () => json(200, { fine: true })
const at = (status: number): Fault => ({ kind: 'status', status, headers: { 'retry-after': '0' } })
const statuses = ({ journal }: WebServer) => journal.map(({ status }) => status)

describe('a request', () => {
  it('has a user agent, and the headers, credentials and body of its caller', async () => {
    await using server = await startWebServer(ok)
    const headers = { accept: 'text/plain', 'x-own': '1' }
    const credentials = { authorization: 'Bearer a', organization: 'b' }
    await send({ service: 'issuer', operation, url: `${server.url}/plain` })
    await send({
      service: 'issuer',
      operation,
      method: 'POST',
      url: `${server.url}/full?a=1`,
      headers,
      credentials,
      body: 'grüße',
    })
    const userAgent = `registry-pull-secret/${packageJson.version}`
    expect(server.journal).toMatchObject([
      { method: 'GET', path: '/plain', headers: { 'user-agent': userAgent, accept: 'application/json' }, body: '' },
      {
        method: 'POST',
        path: '/full',
        headers: { 'user-agent': userAgent, ...headers, ...credentials },
        body: 'grüße',
      },
    ])
    expect(server.journal[0]?.headers).not.toHaveProperty('authorization')
    expect(String(server.journal[1]?.query)).toBe('a=1')
  })

  it('returns expected statuses and throws the others with the hint of its caller', async () => {
    await using server = await startWebServer(() => json(404, { code: 'GONE' }, { 'x-why': ['a', 'b'] }))
    const response = await send({ service: 'issuer', operation, url: server.url, expectedStatuses: [404] })
    expect(response).toMatchObject({ status: 404, text: '{"code":"GONE"}', headers: { 'x-why': ['a', 'b'] } })
    const error = await errorOf(
      send({
        service: 'issuer',
        operation,
        url: `${server.url}/path?key=hidden`,
        hints: () => ({ 404: 'Look elsewhere.' }),
      }),
    )
    expect(error).toBeInstanceOf(HttpError)
    const details = { status: 404, serverCode: 'GONE', host: new URL(server.url).host }
    expect(error).toMatchObject({ status: 404, code: 'issuer-not-found', details, hint: 'Look elsewhere.' })
    expect(error.message).toBe(`Could not try: GET ${server.url}/path returned 404 GONE`)
  })

  it.each(['', 'no JSON', '[]', 'null', '"text"', '1', '{"token":"hidden'])(
    'rejects %j, which is not a JSON object',
    async (body) => {
      await using server = await startWebServer(() => ({ status: 200, body }))
      const response = await send({ service: 'issuer', operation, url: server.url })
      expect(() => response.json()).toThrow(UnexpectedResponse)
      expect(() => response.json()).toThrow(`its body of ${body.length} characters is not a JSON object`)
      expect(() => response.json()).not.toThrow('hidden')
    },
  )
})

describe('a response', () => {
  const sendOnce = createSend(createDispatcher(undefined, NO_PROXIES), new AbortController().signal)

  it('may have 64 MiB', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: Buffer.alloc(MAX_RESPONSE_BYTES, ' ') }))
    const response = await sendOnce({ service: 'issuer', operation, url: server.url })
    expect(response.text.length).toBe(64 * 1024 * 1024)
  })

  it('is refused when it is larger, and not asked for again', async () => {
    await using server = await startWebServer(() => ({ status: 200, body: Buffer.alloc(MAX_RESPONSE_BYTES + 1, ' ') }))
    const error = await errorOf(sendOnce({ service: 'issuer', operation, url: server.url }))
    expect(error).toBeInstanceOf(ResponseTooLarge)
    expect(error).toMatchObject({
      code: 'issuer-unexpected-response',
      message: `Could not try: GET ${server.url}/ responded, but its body is larger than 64 MiB`,
      hint: expect.stringContaining('Check the endpoint'),
    })
    expect(server.journal).toHaveLength(1)
  })

  it('without a length is refused when it is larger, whatever the dispatcher allows', async () => {
    const zeros = new Readable({ read: (size) => void zeros.push(Buffer.alloc(Math.max(size, 65_536), ' ')) })
    await using server = await startWebServer(() => ({ status: 200, body: zeros }))
    expect(await errorOf(send({ service: 'issuer', operation, url: server.url }))).toBeInstanceOf(ResponseTooLarge)
  })

  /** An error body whose end never comes. */
  const endless = (text: string): Handler => {
    const body = new Readable({ read() {} })
    body.push(text)
    return () => ({ status: 403, body })
  }

  it('of an error is read only at its beginning', async () => {
    await using server = await startWebServer(endless(`why: ${'x'.repeat(MAX_ERROR_BYTES)}`))
    const error = await errorOf(sendOnce({ service: 'issuer', operation, url: server.url }))
    expect(error).toMatchObject({ status: 403, code: 'issuer-access-denied' })
    expect(error.message).toContain('returned 403 why: xxx')
  })

  it('of an error shows no part of a secret that goes past the part that is read', async () => {
    const secret = mask('correct-horse-battery-staple')
    const space = ' '.repeat(MAX_ERROR_BYTES)
    await using server = await startWebServer(endless(`why: ${space.slice(15)}${secret} ${space}`))
    const error = await errorOf(sendOnce({ service: 'issuer', operation, url: server.url }))
    expect(error.message).toMatch(/returned 403 why:$/)
  })
})

describe('a retryable status', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('is retried: %i', async (status) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(status) })
    expect((await send({ service: 'issuer', operation, url: server.url })).json()).toEqual({ fine: true })
    expect(statuses(server)).toEqual([status, 200])
  })

  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE'] as const)('is retried with %s', async (method) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(503) })
    expect((await send({ service: 'issuer', operation, method, url: server.url })).status).toBe(200)
    expect(server.journal).toMatchObject([{ method }, { method }])
  })

  it('fails at the fourth attempt', async () => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, times: 9, fault: at(503) })
    const error = await errorOf(send({ service: 'issuer', operation, url: server.url }))
    expect(error).toMatchObject({ status: 503, hint: expect.stringContaining('run the job again later') })
    expect(statuses(server)).toEqual([503, 503, 503, 503])
  })

  it.each([
    ['seconds', '3600'],
    ['a date', new Date(Date.now() + 3600_000).toUTCString()],
  ])('is not retried when Retry-After, as %s, is longer than a minute', async (_, after) => {
    await using server = await startWebServer(() => json(429, {}, { 'retry-after': after }))
    const error = await errorOf(send({ service: 'issuer', operation, url: server.url }))
    expect(error.hint).toMatch(/run the job again in 3\d\d\d s\.$/)
    expect(server.journal).toHaveLength(1)
  })

  it('is retried at once when the date in Retry-After has passed', async () => {
    await using server = await startWebServer(ok)
    const headers = { 'retry-after': new Date(0).toUTCString() }
    server.faults.add({ when: {}, times: 3, fault: { kind: 'status', status: 503, headers } })
    expect((await send({ service: 'issuer', operation, url: server.url })).status).toBe(200)
  })

  it.each([400, 401, 403, 404, 409, 410, 501])('is not %i', async (status) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(status) })
    expect(await errorOf(send({ service: 'issuer', operation, url: server.url }))).toMatchObject({ status })
    expect(server.journal).toHaveLength(1)
  })
})

describe('a lost response', () => {
  it.each(['reset-before', 'reset-after', 'truncate'] as const)('is retried: %s', async (kind) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind } })
    expect((await send({ service: 'issuer', operation, url: server.url })).json()).toEqual({ fine: true })
    expect(statuses(server)).toEqual([undefined, 200])
  })
})

describe('a POST', () => {
  it.each<Fault>([
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'truncate' },
    ...[408, 425, 429, 500, 502, 503, 504].map(at),
  ])('is not repeated when it may have arrived: %j', async (fault) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault })
    const error = await errorOf(send({ service: 'issuer', operation, method: 'POST', url: server.url, body: 'a' }))
    expect(error).toMatchObject(fault.kind === 'status' ? { status: fault.status } : { sent: true })
    expect(server.journal).toHaveLength(1)
  })

  it('is repeated after a refused connection', async () => {
    await using server = await startWebServer(ok)
    await using client = startRefusedClient(1)
    await client.send({ service: 'issuer', operation, method: 'POST', url: server.url, body: 'a' })
    expect(client.connections()).toBe(2)
    expect(server.journal).toMatchObject([{ method: 'POST', body: 'a' }])
  })

  it('reports that nothing was sent when every connection is refused', async () => {
    await using client = startRefusedClient(9)
    const error = await errorOf(
      client.send({ service: 'issuer', operation, method: 'POST', url: 'http://127.0.0.1:1/' }),
    )
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({
      code: 'issuer-unreachable',
      sent: false,
      permanent: false,
      hint: expect.stringContaining('The address is that of this runner itself'),
    })
    expect(error.message).toContain('POST http://127.0.0.1:1/ did not respond: connect ECONNREFUSED')
    expect(client.connections()).toBe(4)
  })
})

describe('the signal of a run', () => {
  const reason = new ActionError('cancelled', 'The job was cancelled', { hint: 'Run it again.' })
  const aborted = {
    code: 'cancelled',
    message: 'Could not try: The job was cancelled',
    hint: 'Run it again.',
    cause: reason,
  }

  it('aborts a retry delay', async () => {
    const controller = new AbortController()
    await using server = await startWebServer(() => json(503, {}, { 'retry-after': '60' }))
    const sending = createSend(
      getGlobalDispatcher(),
      controller.signal,
    )({ service: 'issuer', operation, url: server.url })
    const failed = expect(sending).rejects.toMatchObject(aborted)
    await vi.waitFor(() => expect(statuses(server)).toEqual([503]))
    controller.abort(reason)
    await failed
    expect(server.journal).toHaveLength(1)
  })

  it('aborts a request to a server that hangs', async () => {
    const controller = new AbortController()
    await using server = await startWebServer(ok)
    const hang = server.faults.add({ when: {}, times: 9, fault: { kind: 'hang' } })
    const sending = createSend(
      getGlobalDispatcher(),
      controller.signal,
    )({ service: 'issuer', operation, url: server.url })
    const failed = expect(sending).rejects.toMatchObject(aborted)
    await vi.waitFor(() => expect(hang.met).toBe(1))
    controller.abort(reason)
    await failed
    expect(server.journal).toHaveLength(1)
  })

  it('prevents a request when it is aborted already', async () => {
    await using server = await startWebServer(ok)
    const request: HttpRequest = { service: 'issuer' as const, operation, method: 'POST', url: server.url }
    await expect(createSend(getGlobalDispatcher(), AbortSignal.abort(reason))(request)).rejects.toMatchObject(aborted)
    expect(server.journal).toEqual([])
  })
})

it.each(['a\nb', 'a\r\nx-injected: 1', 'a\0', '\u{1f600}'])(
  'a header with %j is an error that does not quote it',
  async (value) => {
    const sending = send({
      service: 'cluster',
      operation: 'try',
      url: 'https://127.0.0.1:9',
      credentials: { authorization: value },
    })
    await expect(sending).rejects.toMatchObject({
      code: 'cluster-login-failed',
      message:
        'Could not try: the header authorization would contain a line break or another character that HTTP does not allow',
    })
  },
)
