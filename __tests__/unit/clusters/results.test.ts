import { expect, it } from 'vitest'
import { clusterResults, decide, summaryOf } from '../../../scripts/clusters/results.js'

const job = (id: number, name: string, conclusion: string | null) => ({
  id,
  name,
  conclusion,
  html_url: `https://github.com/j/${id}`,
})

const JOBS = [
  job(1, 'rotate / plan', 'success'),
  job(2, 'rotate / cluster a', 'success'),
  job(3, 'rotate / cluster b', 'failure'),
  job(4, 'rotate / cluster c', 'timed_out'),
  job(5, 'rotate / cluster d', 'cancelled'),
  job(6, 'rotate / cluster e', null),
  job(7, `rotate / cluster \${{ matrix.cluster.name }}`, 'skipped'),
  job(8, 'rotate / budget-2', null),
  job(9, 'other / cluster a', 'failure'),
  job(10, 'cluster f', 'success'),
]

it('are those of the clusters of this call, whatever else the run has', () => {
  const results = clusterResults(['a', 'b', 'c', 'd', 'e', 'f'], JOBS, 8)
  expect(results.map(({ name, result }) => `${name} ${result}`)).toEqual([
    'a rotated',
    'b failed',
    'c failed',
    'd failed',
    'e not started',
    'f not started',
  ])
  expect(results[1]?.url).toBe('https://github.com/j/3')
  expect(clusterResults(['a'], JOBS, 9)).toMatchObject([{ result: 'failed' }])
  expect(clusterResults(['f'], JOBS, 10)).toMatchObject([{ result: 'rotated' }])
})

it.each([
  ['0', 0, false],
  ['2', 2, false],
  ['3', 3, true],
  // Of the four that were started.
  ['74%', 2, false],
  ['75%', 3, true],
])('let a wave start while not more than the budget have failed: %s', (maxFailures, allowed, proceed) => {
  expect(decide(clusterResults(['a', 'b', 'c', 'd', 'f'], JOBS, 8), maxFailures)).toEqual({
    failed: 3,
    allowed,
    proceed,
  })
})

it('are a table of the clusters that are not rotated', () => {
  const names = ['a', 'b', 'f']
  expect(summaryOf(clusterResults(names, JOBS, 8), '0')).toBe(`## 1 of 3 clusters failed

1 rotated, 1 failed, 1 not started.

More clusters failed than \`max-failures\` allows (0), so no later wave was started. Its clusters keep their tokens, which are valid.

| Cluster | Result |
| --- | --- |
| [b](https://github.com/j/3) | failed |
| f | not started |
`)
  expect(summaryOf(clusterResults(['a'], JOBS, 8), '0')).toBe(
    '## Rotated 1 cluster\n\n1 rotated, 0 failed, 0 not started.\n',
  )
})

it('are cut when there are many', () => {
  const results = clusterResults(
    Array.from({ length: 1000 }, (_, index) => `x${index}`),
    JOBS,
    8,
  )
  const summary = summaryOf(results, '0')
  expect(summary.match(/^\| x/gm)).toHaveLength(200)
  expect(summary).toContain('And 800 more.')
})
