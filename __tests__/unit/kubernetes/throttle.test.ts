// What happens to requests that an API server rejects with 429, as its priority and fairness does.
import { MockAgent } from 'undici'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { createSend } from '../../../src/http/client.ts'
import { HttpError } from '../../../src/http/errors.ts'
import type { HttpResponse } from '../../../src/http/response.ts'
import { connect } from '../../../src/kubernetes/client.ts'
import { Throttle } from '../../../src/kubernetes/throttle.ts'
import { errorOf } from '../../support/error-of.ts'
import { json } from '../../support/http/exchange.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const LATENCY_MS = 20

const exchange = { service: 'cluster', operation: 'try', from: 'GET https://k', host: 'k' } as const
const { signal } = new AbortController()

function respond(status: number, retryAfterMs?: number): HttpResponse {
  return {
    status,
    headers: {},
    text: '',
    json: () => expect.fail('no body'),
    unexpected: () => expect.fail('no body'),
    error: () => new HttpError(exchange, { status, body: '', retryAfterMs }),
  }
}

/** An API server behind a throttle. `handle` returns its response to the request of this number, when this many are in flight. */
function openServer(concurrency: number, handle: (number: number, inFlight: number) => HttpResponse) {
  const throttle = new Throttle({ cluster: 'test', concurrency, signal })
  const requests: { readonly sentAtMs: number; readonly inFlight: number; status?: number }[] = []
  const startMs = performance.now()
  let inFlight = 0
  const send = async () => {
    inFlight++
    const request = { sentAtMs: performance.now() - startMs, inFlight, status: 0 }
    const number = requests.push(request)
    await new Promise((resolve) => setTimeout(resolve, LATENCY_MS))
    const response = handle(number, inFlight)
    request.status = response.status
    inFlight--
    return response
  }
  return {
    requests,
    request: () => throttle.run(send),
    requestAll: (count: number) => Promise.all(Array.from({ length: count }, () => throttle.run(send))),
    rejected: () => requests.filter(({ status }) => status === 429).length,
  }
}

describe('an API server that returns 429', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('gets no request before Retry-After is over', async () => {
    const server = openServer(4, (number) => (number <= 3 ? respond(429, 2000) : respond(200)))
    const responses = server.requestAll(30)
    await vi.advanceTimersByTimeAsync(LATENCY_MS + 1999)
    expect(server.requests.map(({ sentAtMs }) => sentAtMs)).toEqual([0, 0, 0, 0])
    await vi.advanceTimersByTimeAsync(1)
    expect(server.requests).toHaveLength(6)
    await vi.runAllTimersAsync()
    expect((await responses).map(({ status }) => status)).toEqual(Array(30).fill(200))
    expect(server.requests).toHaveLength(33)
  })

  it('gets no request for a second when it names no time', async () => {
    const server = openServer(1, (number) => (number === 1 ? respond(429) : respond(200)))
    const response = server.request()
    await vi.runAllTimersAsync()
    expect((await response).status).toBe(200)
    expect(server.requests.map(({ sentAtMs }) => sentAtMs)).toEqual([0, LATENCY_MS + 1000])
  })

  it('gets no retry for another reason before Retry-After is over', async () => {
    const agent = new MockAgent()
    agent.disableNetConnect()
    const pool = agent.get('https://k')
    const sent: [string, number][] = []
    const startMs = performance.now()
    const reply = (method: string, status: number, headers = {}) =>
      pool.intercept({ path: '/', method }).reply(() => {
        sent.push([method, performance.now() - startMs])
        return { statusCode: status, responseOptions: { headers } }
      })
    reply('GET', 503, { 'retry-after': '1' })
    reply('POST', 429, { 'retry-after': '3' })
    reply('GET', 200)
    reply('POST', 200)
    const throttle = new Throttle({ cluster: 'test', concurrency: 2, signal })
    const send = createSend(agent, signal, { beforeAttempt: () => throttle.waitForPause() })
    const request = (method: 'GET' | 'POST') =>
      throttle.run(() =>
        send({ service: 'cluster', operation: 'try', method, url: 'https://k/', expectedStatuses: [429] }),
      )

    const responses = Promise.all([request('GET'), request('POST')])
    await vi.advanceTimersByTimeAsync(2999)
    expect(sent).toHaveLength(2)
    await vi.runAllTimersAsync()
    expect((await responses).map(({ status }) => status)).toEqual([200, 200])
    expect(sent.map(([method]) => method).sort()).toEqual(['GET', 'GET', 'POST', 'POST'])
    for (const [, sentAtMs] of sent.slice(2)) expect(sentAtMs).toBeGreaterThanOrEqual(3000)
  })

  it('gets half as many requests at a time, and one more after every 100 responses', async () => {
    const server = openServer(16, (number) => (number === 1 ? respond(429) : respond(200)))
    const responses = server.requestAll(1000)
    await vi.runAllTimersAsync()
    await responses
    const slow = server.requests.slice(16)
    const maxInFlight = (from: number, to: number) => Math.max(...slow.slice(from, to).map(({ inFlight }) => inFlight))
    expect([maxInFlight(0, 80), maxInFlight(0, 180), maxInFlight(0, 380)]).toEqual([8, 9, 11])
    expect(maxInFlight(0, Number.POSITIVE_INFINITY)).toBe(16)
  })

  it('gets as many requests as it accepts', async () => {
    using captured = captureLog()
    const server = openServer(16, (_, inFlight) => (inFlight > 4 ? respond(429) : respond(200)))
    const responses = server.requestAll(300)
    await vi.runAllTimersAsync()
    expect((await responses).map(({ status }) => status)).toEqual(Array(300).fill(200))
    expect(server.rejected()).toBeGreaterThan(0)
    expect(server.rejected()).toBeLessThan(60)
    const lines = captured.lines.filter((line) =>
      line.startsWith('The API server of the cluster test reported too many requests: continuing in 1 s, with '),
    )
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThan(10)
    expect(captured.lines).toEqual(lines)
  })

  it('fails the request after a hundred attempts', async () => {
    const server = openServer(1, () => respond(429))
    const failure = errorOf(server.request())
    await vi.runAllTimersAsync()
    expect(await failure).toMatchObject({ code: 'cluster-rate-limited', status: 429 })
    expect(server.requests).toHaveLength(100)
  })

  it('fails the request when Retry-After is longer than a minute', async () => {
    const server = openServer(1, () => respond(429, 61_000))
    const failure = errorOf(server.request())
    await vi.advanceTimersByTimeAsync(LATENCY_MS)
    expect(await failure).toMatchObject({ status: 429, hint: expect.stringContaining('run the job again in 61 s') })
    expect(server.requests).toHaveLength(1)
  })
})

it('ends a pause when the run is aborted', async () => {
  await using server = await startWebServer(() => json(200, {}))
  const fault = { kind: 'status', status: 429, headers: { 'retry-after': '60' } } as const
  const planned = server.faults.add({ when: {}, times: 2, fault })
  const entry = { context: 'test', server: server.url, certificateAuthority: '', user: { token: 't' } }
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig([entry]) })
  const run = new AbortController()
  const cluster = connect({ config, concurrency: 2 }, 'test', run.signal)
  const request = () => cluster.request({ operation: 'try', path: '/' })

  const requests = Promise.allSettled([request(), request(), request()])
  await expect.poll(() => planned.met).toBe(2)
  run.abort(new ActionError('cancelled', 'The job was cancelled'))
  for (const outcome of await requests) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'Could not try: The job was cancelled' } })
  }
  expect(server.journal).toHaveLength(2)
})
