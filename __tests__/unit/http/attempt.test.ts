import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { describe, expect, it } from 'vitest'
import { type AttemptOptions, sendAttempt } from '../../../src/http/attempt.ts'
import { BodyTooLarge, MAX_ERROR_BYTES, MAX_RESPONSE_BYTES } from '../../../src/http/body.ts'

/** A server, the paths that it was asked for, and connections to it: one after the other, unless a test allows more. */
async function open(answer: RequestListener, { connections = 1 } = {}) {
  const paths: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent({ connections })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    paths,
    server,
    send: (path: string, options: Partial<AttemptOptions> = {}) =>
      sendAttempt(agent, { origin, path, method: 'GET', timeoutMs: 30_000, signals: [], ...options }),
    async [Symbol.asyncDispose]() {
      await agent.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('an attempt', () => {
  it('receives the response, not what is sent before it', async () => {
    await using server = await open((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => {
        response.writeHead(201, { 'x-why': ['a', 'b'] })
        // A byte order mark, and a character whose bytes come one by one.
        for (const byte of Buffer.from('\uFEFFgrü')) response.write(Buffer.of(byte))
        response.end('ße')
      })
    })
    const received = await server.send('/')
    expect(received).toMatchObject({ status: 201, text: 'grüße', headers: { 'x-why': ['a', 'b'] } })
    expect(received.headers).not.toHaveProperty('link')
  })

  it.each(['HEAD', 'GET'] as const)('receives a response to %s without a body', async (method) => {
    await using server = await open((_, response) => {
      response.writeHead(method === 'HEAD' ? 200 : 204, method === 'HEAD' ? { 'content-length': 10 } : {}).end()
    })
    expect(await server.send('/', { method })).toMatchObject({ status: method === 'HEAD' ? 200 : 204, text: '' })
  })

  it('that takes too long fails, and its connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await open((request) => request.on('close', closed.resolve))
    await expect(server.send('/', { timeoutMs: 100 })).rejects.toThrow('no response within 0.1 s')
    await closed.promise
  })

  it('fails with what a signal says, before it, while it waits, and in the middle of a body', async () => {
    const begun = Promise.withResolvers<void>()
    await using server = await open((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('the beginning', () => begun.resolve())
    })
    const reason = new Error('enough')
    await expect(server.send('/before', { signals: [AbortSignal.abort(reason)] })).rejects.toBe(reason)
    expect(server.paths).toEqual([])

    const [first, second] = [new AbortController(), new AbortController()]
    const middle = server.send('/middle', { signals: [new AbortController().signal, first.signal] })
    await begun.promise
    const waiting = server.send('/waiting', { signals: [second.signal] })
    second.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    first.abort(reason)
    await expect(middle).rejects.toBe(reason)
    // The connection is free now, and the one that waited for it is not sent.
    const after = new AbortController()
    const next = server.send('/after', { signals: [after.signal] })
    await expect.poll(() => server.paths).toEqual(['/middle', '/after'])
    after.abort(reason)
    await expect(next).rejects.toBe(reason)
  })

  it('that was refused is over when enough of the body was read', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await open((request, response) => {
      request.on('close', closed.resolve)
      response.writeHead(500)
      const write = (): unknown => response.destroyed || (response.write('x'.repeat(9000)) ? setImmediate(write) : 0)
      response.on('drain', write)
      write()
    })
    const { status, text } = await server.send('/')
    expect(status).toBe(500)
    expect(text.length).toBeLessThan(MAX_ERROR_BYTES)
    expect(text.length).toBeGreaterThan(MAX_ERROR_BYTES / 2)
    await closed.promise
  })

  it('whose body has no end fails', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    let bytes = 0
    await using server = await open((_, response) => {
      const write = (): unknown => {
        bytes += chunk.length
        return response.destroyed || (response.write(chunk) ? setImmediate(write) : 0)
      }
      response.on('drain', write)
      write()
    })
    await expect(server.send('/')).rejects.toThrow(BodyTooLarge)
    expect(bytes).toBeGreaterThan(MAX_RESPONSE_BYTES)
    expect(bytes).toBeLessThan(2 * MAX_RESPONSE_BYTES)
  })

  it('fails when the connection ends within the body', async () => {
    await using server = await open((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('the beginning', () => response.destroy())
    })
    await expect(server.send('/')).rejects.toThrow(/other side closed|terminated|socket/i)
  })

  it('with a header that HTTP does not allow fails, each time', async () => {
    await using server = await open((_, response) => response.end())
    const headers = { authorization: 'Bearer a\nb' }
    for (const path of ['/1', '/2']) await expect(server.send(path, { headers })).rejects.toThrow(/authorization/)
    expect(server.paths).toEqual([])
  })
})
