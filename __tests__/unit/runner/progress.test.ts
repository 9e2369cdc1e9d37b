// The progress log of long work, with fake timers.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withProgress } from '../../../src/runner/progress.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Starts work on so many targets in each cluster; `end` finishes some of it. */
function start(sizes: Readonly<Record<string, number>>) {
  const targets = Object.entries(sizes).flatMap(([name, size]) => {
    const cluster = { name }
    return Array.from({ length: size }, () => ({ cluster, ending: Promise.withResolvers<{ status: string }>() }))
  })
  const end = (count: number, status: string, name = 'prod') => {
    const open = targets.filter(({ cluster, ending }) => cluster.name === name && !ended.has(ending))
    for (const { ending } of open.slice(0, count)) {
      ended.add(ending)
      ending.resolve({ status })
    }
  }
  const ended = new Set<unknown>()
  const written = withProgress(
    targets,
    (count) => `Written ${count} secrets`,
    ({ ending }) => ending.promise,
  )
  return { targets, end, written }
}

it('logs its progress every few seconds, and nothing after its end', async () => {
  using log = captureLog()
  const { targets, end, written } = start({ prod: 1200 })
  end(350, 'created')
  await vi.advanceTimersByTimeAsync(5000)
  end(100, 'updated')
  end(3, 'failed')
  await vi.advanceTimersByTimeAsync(5000)
  end(1200, 'created')
  const results = await written
  await vi.advanceTimersByTimeAsync(60_000)

  expect(log.lines).toEqual(['Written 350 of 1,200 secrets in prod', 'Written 450 of 1,200 secrets in prod, 3 failed'])
  expect([...results.keys()]).toEqual(targets)
  expect([...results.values()].filter(({ status }) => status === 'updated')).toHaveLength(100)
})

it('logs the progress of each cluster that has many targets and is not done', async () => {
  using log = captureLog()
  const { end } = start({ few: 10, prod: 11, stage: 500 })
  end(20, 'created', 'stage')
  await vi.advanceTimersByTimeAsync(5000)
  end(11, 'created')
  await vi.advanceTimersByTimeAsync(5000)

  expect(log.lines).toEqual([
    'Written 0 of 11 secrets in prod',
    'Written 20 of 500 secrets in stage',
    'Written 20 of 500 secrets in stage',
  ])
})

it('ends when the work throws', async () => {
  using log = captureLog()
  const { targets, written } = start({ prod: 20 })
  targets[3]?.ending.reject(new Error('cancelled'))
  await expect(written).rejects.toThrow('cancelled')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(log.lines).toEqual([])
})
