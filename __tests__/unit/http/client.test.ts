import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { Failure } from '../../../src/core/errors.ts'
import { createSend, type HttpRequest } from '../../../src/http/client.ts'
import { HttpError, NetworkError, UnexpectedAnswer } from '../../../src/http/errors.ts'
import { failureOf } from '../../support/error-of.ts'
import { type Handler, json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startRefusedClient } from '../../support/http/refused-client.ts'
import { startWebServer, type WebServer } from '../../support/http/web-server.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)
const doing = 'try'

const ok: Handler = () => json(200, { fine: true })
const at = (status: number): Fault => ({ kind: 'status', status, headers: { 'retry-after': '0' } })
const statuses = ({ journal }: WebServer) => journal.map(({ status }) => status)

describe('a request', () => {
  it('says who asks, and carries its own headers, credentials and body', async () => {
    await using server = await startWebServer(ok)
    const headers = { accept: 'text/plain', 'x-own': '1' }
    const credentials = { authorization: 'Bearer a', organization: 'b' }
    await send({ doing, url: `${server.url}/plain` })
    await send({ doing, method: 'POST', url: `${server.url}/full?a=1`, headers, credentials, body: 'grüße' })
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

  it('gives back the answers that its caller expects, and throws the others with the cure of its caller', async () => {
    await using server = await startWebServer(() => json(404, { code: 'GONE' }, { 'x-why': ['a', 'b'] }))
    const answer = await send({ doing, url: server.url, expect: [404] })
    expect(answer).toMatchObject({ status: 404, text: '{"code":"GONE"}', headers: { 'x-why': ['a', 'b'] } })
    const error = await failureOf(
      send({ doing, url: `${server.url}/path?key=hidden`, cures: { 404: 'Look elsewhere.' } }),
    )
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject({ status: 404, code: 'GONE', cure: 'Look elsewhere.' })
    expect(error.message).toBe(`Could not try: GET ${server.url}/path answered 404 GONE`)
  })

  it.each(['', 'no JSON', '[]', 'null', '"text"', '1', '{"token":"hidden'])(
    'takes %j for no JSON object',
    async (body) => {
      await using server = await startWebServer(() => ({ status: 200, body }))
      const answer = await send({ doing, url: server.url })
      expect(() => answer.json()).toThrow(UnexpectedAnswer)
      expect(() => answer.json()).toThrow(`its body of ${body.length} characters is not a JSON object`)
      expect(() => answer.json()).not.toThrow('hidden')
    },
  )
})

describe('an answer that means "not now"', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('is asked for again: %i', async (status) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(status) })
    expect((await send({ doing, url: server.url })).json()).toEqual({ fine: true })
    expect(statuses(server)).toEqual([status, 200])
  })

  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE'] as const)('is asked for again by %s', async (method) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(503) })
    expect((await send({ doing, method, url: server.url })).status).toBe(200)
    expect(server.journal).toMatchObject([{ method }, { method }])
  })

  it('is given up at the fourth time', async () => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, times: 9, fault: at(503) })
    const error = await failureOf(send({ doing, url: server.url }))
    expect(error).toMatchObject({ status: 503, cure: expect.stringContaining('run the job again later') })
    expect(statuses(server)).toEqual([503, 503, 503, 503])
  })

  it.each([
    ['seconds', '3600'],
    ['a date', new Date(Date.now() + 3600_000).toUTCString()],
  ])('is not waited for longer than a minute, asked for in %s', async (_, after) => {
    await using server = await startWebServer(() => json(429, {}, { 'retry-after': after }))
    const error = await failureOf(send({ doing, url: server.url }))
    expect(error.cure).toMatch(/run the job again in 3\d\d\d s\.$/)
    expect(server.journal).toHaveLength(1)
  })

  it('is asked for again at once after a date that has passed', async () => {
    await using server = await startWebServer(ok)
    const headers = { 'retry-after': new Date(0).toUTCString() }
    server.faults.add({ when: {}, times: 3, fault: { kind: 'status', status: 503, headers } })
    expect((await send({ doing, url: server.url })).status).toBe(200)
  })

  it.each([400, 401, 403, 404, 409, 410, 501])('is none of %i', async (status) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: at(status) })
    expect(await failureOf(send({ doing, url: server.url }))).toMatchObject({ status })
    expect(server.journal).toHaveLength(1)
  })
})

describe('a lost answer', () => {
  it.each(['reset-before', 'reset-after', 'truncate'] as const)('is asked for again: %s', async (kind) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault: { kind } })
    expect((await send({ doing, url: server.url })).json()).toEqual({ fine: true })
    expect(statuses(server)).toEqual([undefined, 200])
  })
})

describe('a POST', () => {
  it.each<Fault>([
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'truncate' },
    ...[408, 425, 429, 500, 502, 503, 504].map(at),
  ])('is never repeated once it may have arrived: %j', async (fault) => {
    await using server = await startWebServer(ok)
    server.faults.add({ when: {}, fault })
    const error = await failureOf(send({ doing, method: 'POST', url: server.url, body: 'a' }))
    expect(error).toMatchObject(fault.kind === 'status' ? { status: fault.status } : { sent: true })
    expect(server.journal).toHaveLength(1)
  })

  it('is repeated when the connection was refused', async () => {
    await using server = await startWebServer(ok)
    await using client = startRefusedClient(1)
    await client.send({ doing, method: 'POST', url: server.url, body: 'a' })
    expect(client.connections()).toBe(2)
    expect(server.journal).toMatchObject([{ method: 'POST', body: 'a' }])
  })

  it('says that nothing was sent when every connection was refused', async () => {
    await using client = startRefusedClient(9)
    const error = await failureOf(client.send({ doing, method: 'POST', url: 'http://127.0.0.1:1/' }))
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ sent: false, lasting: false, cure: expect.stringContaining('HTTPS_PROXY') })
    expect(error.message).toContain('POST http://127.0.0.1:1/ gave no answer: connect ECONNREFUSED')
    expect(client.connections()).toBe(4)
  })
})

describe('the signal of a run', () => {
  const reason = new Failure('The job was cancelled', { cure: 'Run it again.' })
  const ending = { message: 'Could not try: The job was cancelled', cure: 'Run it again.', cause: reason }

  it('ends a long pause at once', { timeout: 20_000 }, async () => {
    const controller = new AbortController()
    await using server = await startWebServer(() => json(503, {}, { 'retry-after': '60' }))
    const answered = createSend(getGlobalDispatcher(), controller.signal)({ doing, url: server.url })
    const failed = expect(answered).rejects.toMatchObject(ending)
    await vi.waitFor(() => expect(statuses(server)).toEqual([503]))
    controller.abort(reason)
    await failed
    expect(server.journal).toHaveLength(1)
  })

  it('ends the wait for a server that hangs', { timeout: 20_000 }, async () => {
    const controller = new AbortController()
    await using server = await startWebServer(ok)
    const hang = server.faults.add({ when: {}, times: 9, fault: { kind: 'hang' } })
    const answered = createSend(getGlobalDispatcher(), controller.signal)({ doing, url: server.url })
    const failed = expect(answered).rejects.toMatchObject(ending)
    await vi.waitFor(() => expect(hang.met).toBe(1))
    controller.abort(reason)
    await failed
    expect(server.journal).toHaveLength(1)
  })

  it('lets nothing out when it has come already', async () => {
    await using server = await startWebServer(ok)
    const request: HttpRequest = { doing, method: 'POST', url: server.url }
    await expect(createSend(getGlobalDispatcher(), AbortSignal.abort(reason))(request)).rejects.toMatchObject(ending)
    expect(server.journal).toEqual([])
  })
})
