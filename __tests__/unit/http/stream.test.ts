import { Readable } from 'node:stream'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createStream } from '../../../src/http/stream.ts'
import { errorOf } from '../../support/error-of.ts'
import type { Handler } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'

const { signal } = new AbortController()
const stream = createStream(getGlobalDispatcher(), signal)
const operation = 'watch'

const response =
  (...parts: string[]): Handler =>
  () => ({ status: 200, body: Readable.from(parts) })

/** A response without an end. */
const endless = (...parts: string[]): Handler => {
  const body = new Readable({ read() {} })
  for (const part of parts) body.push(part)
  return () => ({ status: 200, body })
}

async function collect(url: string, until = signal): Promise<unknown[]> {
  return await Array.fromAsync(
    stream({ service: 'issuer', operation, url, credentials: { authorization: 'Bearer a' } }, until),
  )
}

describe('a stream', () => {
  it('yields line by line, wherever the chunks end', async () => {
    await using server = await startWebServer(response('{"a":', '1}\n{"a":2}\n{"a":"\u00e4', '"}\n'))
    expect(await collect(server.url)).toEqual([{ a: 1 }, { a: 2 }, { a: 'ä' }])
    expect(server.journal).toMatchObject([
      { headers: { authorization: 'Bearer a', 'user-agent': expect.stringMatching(/^registry-pull-secret\//) } },
    ])
  })

  it('yields an object as soon as it arrives', async () => {
    await using server = await startWebServer(endless('{"a":1}\n'))
    const lines = stream({ service: 'issuer', operation, url: server.url }, signal)
    expect(await lines.next()).toEqual({ done: false, value: { a: 1 } })
    await lines.return(undefined)
  })

  it('ends without an error when its caller aborts it', async () => {
    await using server = await startWebServer(endless('{"a":1}\n'))
    const enough = new AbortController()
    const collected = collect(server.url, enough.signal)
    await expect.poll(() => server.journal[0]?.status).toBe(200)
    enough.abort()
    expect(await collected).toBeInstanceOf(Array)
  })

  it('fails for another status, and reads only the beginning of its body', async () => {
    const body = new Readable({ read() {} })
    body.push(`why: ${'x'.repeat(100_000)}`)
    await using server = await startWebServer(() => ({ status: 403, body }))
    expect(await errorOf(collect(server.url))).toMatchObject({ status: 403, code: 'issuer-access-denied' })
  })

  it('fails when the run is aborted', async () => {
    await using server = await startWebServer(endless())
    const run = new AbortController()
    const lines = createStream(getGlobalDispatcher(), run.signal)(
      { service: 'issuer', operation, url: server.url },
      signal,
    )
    const failure = errorOf(lines.next())
    await expect.poll(() => server.journal[0]?.status).toBe(200)
    run.abort(new Error('cancelled'))
    expect(await failure).toMatchObject({ message: 'Could not watch: cancelled' })
  })

  it('fails when the connection is cut, and does not yield a part of a line', async () => {
    await using server = await startWebServer(endless('{"a":1}\n{"a":2'))
    server.faults.add({ when: {}, fault: { kind: 'cut', ms: 100 } })
    const lines = stream({ service: 'issuer', operation, url: server.url }, signal)
    expect((await lines.next()).value).toEqual({ a: 1 })
    expect(await errorOf(lines.next())).toMatchObject({ name: 'NetworkError' })
  })

  it('fails at a line that is not JSON, without quoting it', async () => {
    await using server = await startWebServer(response('secret\n'))
    const { message } = await errorOf(collect(server.url))
    expect(message).toMatch(/^Could not watch: GET http:.* responded, but a line of 6 characters is not JSON$/)
  })

  it('fails at a line without an end', async () => {
    await using server = await startWebServer(response(...Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024))))
    expect(await errorOf(collect(server.url))).toMatchObject({ message: expect.stringContaining('too long') })
  })

  it.each([
    ['an error', { kind: 'status', status: 410, body: '{"message":"too old"}' }, 410],
    ['a redirect', { kind: 'redirect', to: 'https://registry.invalid' }, 307],
  ] as const)('fails at %s', async (_, fault, status) => {
    await using server = await startWebServer(response())
    server.faults.add({ when: {}, fault })
    expect(await errorOf(collect(server.url))).toMatchObject({ name: 'HttpError', status })
    expect(server.journal).toHaveLength(1)
  })

  it('is not requested over http', async () => {
    expect((await errorOf(collect('http://registry.invalid'))).message).toContain('is not https')
  })
})
