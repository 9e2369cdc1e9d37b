import { Agent, request } from 'undici'
import { expect, it, vi } from 'vitest'
import { Faults } from './faults.ts'
import { type JournalEntry, startHttpServer } from './http-server.ts'

const TEXT = JSON.stringify({ text: 'x'.repeat(100) })

/** A server that counts how often it has acted. */
async function startCounter() {
  const journal: JournalEntry[] = []
  const faults = new Faults()
  let acted = 0
  const handle = () => {
    acted++
    return { status: 200, headers: { 'content-type': 'application/json' }, body: TEXT }
  }
  const server = await startHttpServer(() => [{ server: 'cf', path: /^/, handle }], { journal, faults })
  const agent = new Agent()
  return {
    journal,
    faults,
    acted: () => acted,
    async ask(path = '/', signal?: AbortSignal) {
      const { statusCode, headers, body } = await request(server.url + path, {
        dispatcher: agent,
        method: 'POST',
        body: 'sent',
        ...(signal && { signal }),
      })
      return { status: statusCode, headers, text: await body.text() }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await agent.destroy()
    },
  }
}

it('keeps a journal of every request', async () => {
  await using server = await startCounter()
  await server.ask('/path?a=1&a=2')
  expect(server.journal).toEqual([
    {
      server: 'cf',
      method: 'POST',
      path: '/path',
      port: expect.any(Number),
      credentials: [],
      query: new URLSearchParams('a=1&a=2'),
      headers: expect.objectContaining({ 'content-length': '4' }),
      body: 'sent',
      status: 200,
      at: expect.any(Date),
    },
  ])
})

it('answers a planned status instead of acting', async () => {
  await using server = await startCounter()
  const fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'later' } as const
  server.faults.add({ when: {}, fault })
  expect(await server.ask()).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, text: 'later' })
  expect(server.acted()).toBe(0)
  expect(server.journal[0]?.status).toBe(429)
})

it('redirects', async () => {
  await using server = await startCounter()
  server.faults.add({ when: {}, fault: { kind: 'redirect', to: 'https://elsewhere.invalid/' } })
  expect(await server.ask()).toMatchObject({ status: 307, headers: { location: 'https://elsewhere.invalid/' } })
  expect(server.acted()).toBe(0)
})

it.each([
  ['reset-before', 0],
  ['reset-after', 1],
] as const)('cuts the connection: %s', async (kind, acted) => {
  await using server = await startCounter()
  server.faults.add({ when: {}, fault: { kind } })
  await expect(server.ask()).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(server.acted()).toBe(acted)
  expect(server.journal.map(({ status }) => status)).toEqual([undefined])
})

it.each([
  ['hang', 0],
  ['hang-after', 1],
] as const)('never answers: %s', async (kind, acted) => {
  await using server = await startCounter()
  const planned = server.faults.add({ when: {}, fault: { kind } })
  const client = new AbortController()
  const asked = server.ask('/', client.signal)
  await vi.waitFor(() => expect([planned.met, server.acted()]).toEqual([1, acted]))
  client.abort()
  await expect(asked).rejects.toThrow('aborted')
  expect(server.journal[0]?.status).toBeUndefined()
})

it('acts later, when the client is gone', async () => {
  await using server = await startCounter()
  const late = Promise.withResolvers<void>()
  const planned = server.faults.add({ when: {}, fault: { kind: 'late', until: late.promise } })
  const client = new AbortController()
  const asked = server.ask('/', client.signal)
  await vi.waitFor(() => expect(planned.met).toBe(1))
  client.abort()
  await expect(asked).rejects.toThrow('aborted')
  expect(server.acted()).toBe(0)
  late.resolve()
  await vi.waitFor(() => expect(server.acted()).toBe(1))
  expect(server.journal[0]?.status).toBeUndefined()
})

it('ends while a request hangs', async () => {
  const server = await startCounter()
  const planned = server.faults.add({ when: {}, fault: { kind: 'hang' } })
  const ended = expect(server.ask()).rejects.toThrow()
  await vi.waitFor(() => expect(planned.met).toBe(1))
  await server[Symbol.asyncDispose]()
  await ended
})

it.each([
  ['{"items":[{},{}]}', 2_000_017],
  ['{"items":null}', 14],
])('makes a list longer: %s', async (list, length) => {
  const faults = new Faults()
  const handle = () => ({ status: 200, body: list })
  await using server = await startHttpServer(() => [{ server: 'cf', path: /^/, handle }], { journal: [], faults })
  faults.add({ when: {}, fault: { kind: 'inflate', bytes: 1_000_000 } })
  const text = await (await request(server.url)).body.text()
  expect(text).toHaveLength(length)
  expect(JSON.parse(text)).toEqual(JSON.parse(list))
})

it('cuts an answer short of its length', async () => {
  await using server = await startCounter()
  server.faults.add({ when: {}, fault: { kind: 'truncate' } })
  await expect(server.ask()).rejects.toThrow()
  expect(server.acted()).toBe(1)
})

it('ends JSON in the middle', async () => {
  await using server = await startCounter()
  server.faults.add({ when: {}, fault: { kind: 'truncated-json' } })
  const { status, headers, text } = await server.ask()
  expect(status).toBe(200)
  expect(TEXT.startsWith(text)).toBe(true)
  expect(headers['content-length']).toBe(String(Math.floor(TEXT.length / 2)))
  expect(() => JSON.parse(text)).toThrow()
})

it('answers late, while others are answered', async () => {
  await using server = await startCounter()
  server.faults.add({ when: { path: '/late' }, fault: { kind: 'delay', ms: 300 } })
  const answered: string[] = []
  const ask = async (path: string) => {
    expect(await server.ask(path)).toMatchObject({ status: 200, text: TEXT })
    answered.push(path)
  }
  await Promise.all([ask('/late'), ask('/other')])
  expect(answered).toEqual(['/other', '/late'])
})

it('picks requests by server, method, path or a function, as often as planned', async () => {
  await using server = await startCounter()
  const fault = { kind: 'status', status: 500 } as const
  for (const when of [{ server: 'uaa' }, { method: 'GET' }, { path: '/other' }, { path: /^\/o/ }] as const) {
    server.faults.add({ when, fault })
  }
  expect((await server.ask('/path')).status).toBe(200)
  server.faults.clear()

  const planned = server.faults.add({ when: { server: 'cf', method: 'POST', path: '/path' }, times: 2, fault })
  server.faults.add({ when: ({ body }) => body === 'sent', fault: { kind: 'status', status: 502 } })
  const statuses: number[] = []
  for (let count = 0; count < 4; count++) statuses.push((await server.ask('/path')).status)
  expect(statuses).toEqual([500, 500, 502, 200])
  expect(planned.met).toBe(2)
})
