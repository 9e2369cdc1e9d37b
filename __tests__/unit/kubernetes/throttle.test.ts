// What becomes of requests that an API server puts off, as its priority and fairness does.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/core/errors.ts'
import { connect } from '../../../src/kubernetes/client.ts'
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts'
import { failureOf } from '../../support/error-of.ts'
import { type Handler, json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import type { JournalEntry } from '../../support/http/http-server.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const later = (after?: string): Fault => ({
  kind: 'status',
  status: 429,
  ...(after !== undefined && { headers: { 'retry-after': after } }),
})

/** An API server, and a cluster that asks it. */
async function openScene(concurrency: number, handle: Handler = () => json(200, {})) {
  const server = await startWebServer(handle)
  const entry = { context: 'practice', server: server.url, certificateAuthority: '', user: { token: 't' } }
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig([entry]) })
  const run = new AbortController()
  const cluster = connect(config, 'practice', concurrency, run.signal)
  const ask = (method: 'GET' | 'POST' = 'GET') => cluster.request({ doing: 'try', method, path: '/' })
  return {
    ...server,
    run,
    ask,
    askOften: (count: number) => Promise.all(Array.from({ length: count }, () => ask())),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const isRefusal = ({ status }: JournalEntry) => status === 429

/** The requests that came within so many milliseconds after this one. */
function soonAfter(journal: readonly JournalEntry[], { at }: JournalEntry, milliseconds: number): JournalEntry[] {
  return journal.filter((one) => one.at > at && one.at.getTime() - at.getTime() < milliseconds)
}

describe('an API server that answers 429', () => {
  it('is left alone by everybody for the time that it names', async () => {
    await using scene = await openScene(4)
    scene.faults.add({ when: {}, times: 3, fault: later('2') })
    await scene.askOften(30)
    expect(scene.journal.filter(isRefusal)).toHaveLength(3)
    expect(scene.journal).toHaveLength(33)
    // Those that were on their way already may still arrive.
    for (const refusal of scene.journal.filter(isRefusal)) {
      expect(soonAfter(scene.journal, refusal, 1950).length).toBeLessThan(4)
    }
  })

  it('is left alone also by the one that tries again for another reason', async () => {
    await using scene = await openScene(2)
    scene.faults.add({ when: { method: 'POST' }, fault: later('3') })
    scene.faults.add({ when: {}, fault: { kind: 'status', status: 503, headers: { 'retry-after': '1' } } })
    await Promise.all([scene.ask(), scene.ask('POST')])
    const [refusal] = scene.journal.filter(isRefusal)
    const again = scene.journal.slice(2)
    expect(again.map(({ method }) => method).sort()).toEqual(['GET', 'POST'])
    for (const { at } of again) expect(at.getTime() - Number(refusal?.at)).toBeGreaterThan(2950)
  })

  it('is asked again for longer than one that fails, also by POST', { timeout: 20_000 }, async () => {
    await using scene = await openScene(1)
    scene.faults.add({ when: {}, times: 6, fault: later() })
    expect((await scene.ask('POST')).status).toBe(200)
    expect(scene.journal).toHaveLength(7)
  })

  it('gets fewer at a time, until all it lets through is what it takes', async () => {
    let inFlight = 0
    await using scene = await openScene(16, async () => {
      inFlight++
      await sleep(20)
      return inFlight-- > 4 ? json(429, {}, { 'retry-after': '1' }) : json(200, {})
    })
    using captured = captureLog()
    const answers = await scene.askOften(300)
    expect(answers.map(({ status }) => status)).toEqual(Array(300).fill(200))
    expect(scene.journal.filter(isRefusal).length).toBeLessThan(60)
    const lines = captured.lines.filter((line) => line.includes('The cluster practice has too many requests'))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThan(10)
    expect(captured.lines).toEqual(lines)
  })

  it('is not waited for longer than a minute', async () => {
    await using scene = await openScene(1)
    scene.faults.add({ when: {}, fault: later('61') })
    const failure = await failureOf(scene.ask())
    expect(failure).toMatchObject({ status: 429, cure: expect.stringContaining('run the job again in 61 s') })
    expect(scene.journal).toHaveLength(1)
  })

  it('does not outlast the run', async () => {
    await using scene = await openScene(2)
    const fault = scene.faults.add({ when: {}, times: 2, fault: later('60') })
    const asked = Promise.allSettled([scene.ask(), scene.ask(), scene.ask()])
    await expect.poll(() => fault.met).toBe(2)
    scene.run.abort(new Failure('The job was cancelled'))
    for (const outcome of await asked) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'Could not try: The job was cancelled' } })
    }
    expect(scene.journal).toHaveLength(2)
  })
})
