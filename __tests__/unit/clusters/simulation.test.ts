// The numbers of docs/many-clusters.md: they are the same each time, and the plots are made of them.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { clustersPlot, meanOf, minutes, panels } from '../../../scripts/clusters/figures.ts'
import { seeded, simulate } from '../../../scripts/clusters/simulate.ts'

const plan = { clusters: 1000, firstWave: 1 } as const

it('are those of the plots in the documentation', () => {
  const content = panels()
  for (const theme of ['light', 'dark'] as const)
    expect(clustersPlot(theme, content)).toBe(readFileSync(`docs/pictures/clusters-${theme}.svg`, 'utf8'))
})

it.each([
  ['0', 1],
  ['2%', 1],
  ['3', 17],
  ['16', 17],
  ['17', 267],
  ['100%', 1000],
])(
  'stop a change that breaks every cluster after the first wave that is over the budget: %s',
  (maxFailures, failed) => {
    const outcome = simulate({ ...plan, maxFailures, broken: 1, flaky: 0 }, seeded(1))
    expect(outcome).toEqual({ failed, notStarted: 1000 - failed })
  },
)

it('have no failure where nothing fails', () => {
  expect(simulate({ ...plan, maxFailures: '0', broken: 0, flaky: 0 }, seeded(1))).toEqual({ failed: 0, notStarted: 0 })
})

it('are what the documentation says about the default', () => {
  const page = readFileSync('docs/many-clusters.md', 'utf8')
  const stopped = (maxFailures: string, flaky: number) =>
    Math.round(100 * meanOf({ maxFailures, flaky }, ({ notStarted }) => Number(notStarted > 0)))
  const worst = Math.max(
    ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].map((broken) =>
      meanOf({ maxFailures: '2%', broken }, ({ failed }) => failed),
    ),
  )
  expect(page).toContain(`at most ${Math.ceil(worst)} clusters`)
  expect(page).toContain(`stops ${stopped('0', 0.001)}% of the runs`)
  expect(page).toContain(`2% stops ${stopped('2%', 0.001)}%`)
  expect(page).toContain(`${Math.round(minutes(1, 20))} minutes instead of ${Math.round(minutes('all', 20))}`)
})
