import { Readable } from 'node:stream'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createStream } from '../../../src/http/stream.ts'
import { failureOf } from '../../support/error-of.ts'
import type { Handler } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const { signal } = new AbortController()
const stream = createStream(getGlobalDispatcher(), signal)
const doing = 'watch'

const answer =
  (...parts: string[]): Handler =>
  () => ({ status: 200, body: Readable.from(parts) })

/** What never ends by itself. */
const endless = (...parts: string[]): Handler => {
  const body = new Readable({ read() {} })
  for (const part of parts) body.push(part)
  return () => ({ status: 200, body })
}

async function collect(url: string, until = signal): Promise<unknown[]> {
  return await Array.fromAsync(stream({ doing, url, credentials: { authorization: 'Bearer a' } }, until))
}

describe('a stream', () => {
  it('comes line by line, wherever it is broken up', async () => {
    await using server = await startWebServer(answer('{"a":', '1}\n{"a":2}\n{"a":"\u00e4', '"}\n'))
    expect(await collect(server.url)).toEqual([{ a: 1 }, { a: 2 }, { a: 'ä' }])
    expect(server.journal).toMatchObject([
      { headers: { authorization: 'Bearer a', 'user-agent': expect.stringMatching(/^registry-pull-secret\//) } },
    ])
  })

  it('shows an object as soon as it is there', async () => {
    await using server = await startWebServer(endless('{"a":1}\n'))
    const lines = stream({ doing, url: server.url }, signal)
    expect(await lines.next()).toEqual({ done: false, value: { a: 1 } })
    await lines.return(undefined)
  })

  it('ends quietly when nobody wants more', async () => {
    await using server = await startWebServer(endless('{"a":1}\n'))
    const enough = new AbortController()
    const collected = collect(server.url, enough.signal)
    await expect.poll(() => server.journal[0]?.status).toBe(200)
    enough.abort()
    expect(await collected).toBeInstanceOf(Array)
  })

  it('fails with the run', async () => {
    await using server = await startWebServer(endless())
    const run = new AbortController()
    const lines = createStream(getGlobalDispatcher(), run.signal)({ doing, url: server.url }, signal)
    const failure = failureOf(lines.next())
    await expect.poll(() => server.journal[0]?.status).toBe(200)
    run.abort(new Error('cancelled'))
    expect(await failure).toMatchObject({ message: 'Could not watch: cancelled' })
  })

  it('that is cut fails, and gives no half of a line', async () => {
    await using server = await startWebServer(endless('{"a":1}\n{"a":2'))
    server.faults.add({ when: {}, fault: { kind: 'cut', ms: 100 } })
    const lines = stream({ doing, url: server.url }, signal)
    expect((await lines.next()).value).toEqual({ a: 1 })
    expect(await failureOf(lines.next())).toMatchObject({ name: 'NetworkError' })
  })

  it('of no JSON fails without quoting it', async () => {
    await using server = await startWebServer(answer('secret\n'))
    const { message } = await failureOf(collect(server.url))
    expect(message).toMatch(/^Could not watch: GET http:.* answered, but a line of 6 characters is not JSON$/)
  })

  it('of one line without end fails', async () => {
    await using server = await startWebServer(answer(...Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024))))
    expect(await failureOf(collect(server.url))).toMatchObject({ message: expect.stringContaining('has no end') })
  })

  it.each([
    ['an error', { kind: 'status', status: 410, body: '{"message":"too old"}' }, 410],
    ['a redirect', { kind: 'redirect', to: 'https://registry.invalid' }, 307],
  ] as const)('that is %s instead fails', async (_, fault, status) => {
    await using server = await startWebServer(answer())
    server.faults.add({ when: {}, fault })
    expect(await failureOf(collect(server.url))).toMatchObject({ name: 'HttpError', status })
    expect(server.journal).toHaveLength(1)
  })

  it('is not asked for by http', async () => {
    expect((await failureOf(collect('http://registry.invalid'))).message).toContain('is not https')
  })
})
