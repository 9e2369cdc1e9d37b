// How long the phases of a run took, by a clock of the test.
import { expect, it } from 'vitest'
import { Timeline } from '../../../src/runner/timeline.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

function start() {
  let nowMs = 1000
  const timeline = new Timeline(() => nowMs)
  const work = (durationMs: number, requests: number) => async () => {
    nowMs += durationMs
    for (let sent = 0; sent < requests; sent++) timeline.countRequest()
    return 'done'
  }
  return { timeline, work }
}

it('records and logs the duration and the requests of each phase', async () => {
  using captured = captureLog()
  const { timeline, work } = start()
  expect(await timeline.phase('Read the targets', work(210, 3))).toBe('done')
  await work(500, 2)()
  await timeline.phase('Wait', work(4900, 0))

  expect(captured.lines).toEqual(['Read the targets: 0.2 s, 3 requests', 'Wait: 4.9 s'])
  expect(timeline.phases).toEqual([
    { title: 'Read the targets', durationMs: 210, requests: 3, isFailed: false },
    { title: 'Wait', durationMs: 4900, requests: 0, isFailed: false },
  ])
  expect(timeline.total).toEqual({ durationMs: 5610, requests: 5 })
})

it('records a phase that fails, and passes its error on', async () => {
  using captured = captureLog()
  const { timeline, work } = start()
  const failing = async () => {
    await work(30_000, 1)()
    throw new Error('down')
  }
  await expect(timeline.phase('Mint a token', failing)).rejects.toThrow('down')

  expect(captured.lines).toEqual(['Mint a token: failed after 30.0 s, 1 request'])
  expect(timeline.phases).toMatchObject([{ isFailed: true }])
})
