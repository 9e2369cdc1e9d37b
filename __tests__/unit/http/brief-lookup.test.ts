import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { lookUpBriefly, type RequestLimits } from '../../../src/http/brief-lookup.ts'
import { createSend } from '../../../src/http/client.ts'
import { json } from '../../support/http/exchange.ts'
import type { Fault } from '../../support/http/faults.ts'
import { startWebServer } from '../../support/http/web-server.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)
const get = (url: string) => async (limits: RequestLimits) => {
  return (await send({ ...limits, service: 'registry', operation: 'list', url })).json()
}

describe('a brief lookup', () => {
  it('returns what it finds', async () => {
    await using server = await startWebServer(() => json(200, { found: 1 }))
    expect(await lookUpBriefly('things', get(server.url))).toEqual({ found: 1 })
  })

  it.each<Fault>([
    { kind: 'status', status: 401 },
    { kind: 'status', status: 403 },
    { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    { kind: 'status', status: 500 },
    { kind: 'redirect', to: '/elsewhere' },
    { kind: 'reset-after' },
    { kind: 'truncated-json' },
    { kind: 'hang' },
  ])(
    'finds nothing, after one request, where it meets %j',
    async (fault) => {
      using captured = captureLog()
      await using server = await startWebServer(() => json(200, { found: 1 }))
      server.faults.add({ when: {}, fault, times: 10 })
      expect(await lookUpBriefly('things', get(server.url))).toBeUndefined()
      expect(server.journal).toHaveLength(1)
      // A debug message, which this runner does not show.
      expect(captured.lines).toEqual([])
    },
    20_000,
  )

  it('finds nothing after the end of the run, and sends no request then', async () => {
    await using server = await startWebServer(() => json(200, {}))
    const over = AbortSignal.abort(new ActionError('timeout', 'the run took longer than its `timeout` of 1 s'))
    const late = createSend(getGlobalDispatcher(), over)
    const lookUp = (limits: RequestLimits) =>
      late({ ...limits, service: 'registry', operation: 'list', url: server.url })
    expect(await lookUpBriefly('things', lookUp)).toBeUndefined()
    expect(server.journal).toEqual([])
  })

  it('does not wait for more than its limit, and sends no request after it', async () => {
    await using server = await startWebServer(() => json(200, {}))
    const { promise, resolve } = Promise.withResolvers<void>()
    const { promise: ended, resolve: end } = Promise.withResolvers<unknown>()
    const found = await lookUpBriefly('things', async (limits) => {
      // The queue of a cluster can be as slow.
      await promise
      await get(server.url)(limits).then(end, end)
    })
    expect(found).toBeUndefined()
    resolve()
    expect(await ended).toMatchObject({ message: 'it took longer than 5 s' })
    expect(server.journal).toEqual([])
  }, 20_000)
})
