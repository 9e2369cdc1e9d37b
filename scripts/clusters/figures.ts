// What the plot of docs/many-clusters.md shows: means over simulated runs of 1,000 clusters.

import { type Line, type Panel, plot, type Theme } from './plot.ts'
import { durationMs, type Outcome, type Scenario, seeded, simulate } from './simulate.ts'

const RUNS = 300
const CLUSTERS = 1000

const DEFAULTS: Scenario = {
  clusters: CLUSTERS,
  firstWave: 1,
  maxFailures: '0',
  broken: 0,
  flaky: 0.0005,
}

/** @returns the mean of a figure over the runs of a scenario */
export function meanOf(changes: Partial<Scenario>, figure: (outcome: Outcome) => number): number {
  const random = seeded(1)
  return mean(RUNS, () => figure(simulate({ ...DEFAULTS, ...changes }, random)))
}

/** @returns the mean time for all clusters when none fails */
export function minutes(firstWave: Scenario['firstWave'], maxParallel: number): number {
  const random = seeded(1)
  return mean(RUNS / 10, () => durationMs({ clusters: CLUSTERS, firstWave }, maxParallel, random) / 60_000)
}

function mean(runs: number, next: () => number): number {
  let total = 0
  for (let run = 0; run < runs; run++) total += next()
  return total / runs
}

/** The style of a line, by the input `max-failures` or the plan. */
const STYLES: Readonly<Record<string, number>> = { 'no waves': 0, '2%': 1, '3': 2, '0': 3, '10': 4, 'six waves': 1 }

const BUDGETS = ['2%', '3', '0']

const SHARES = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
const CHANCES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02]
const PLACES = [10, 20, 40, 60, 100]

export function panels(): Panel[] {
  return [
    {
      title: 'A change that breaks some clusters',
      xLabel: 'share of clusters that it breaks',
      yLabel: 'clusters that fail',
      x: { isLogarithmic: true, ticks: [0.002, 0.01, 0.05, 0.2, 1].map((one) => [one, `${one * 100}%`]) },
      y: { isLogarithmic: true, ticks: [1, 10, 100, 1000].map((one) => [one, String(one)]) },
      lines: [
        line('no waves', SHARES, (broken) => meanOf({ firstWave: 'all', broken }, failedOf)),
        ...BUDGETS.map((maxFailures) =>
          line(maxFailures, SHARES, (broken) => meanOf({ maxFailures, broken }, failedOf)),
        ),
      ],
    },
    {
      title: 'Stopped although nothing is broken',
      xLabel: 'probability that a cluster fails by chance',
      yLabel: 'runs that stop',
      x: { isLogarithmic: true, ticks: [0.0001, 0.001, 0.01, 0.02].map((one) => [one, `${one * 100}%`]) },
      y: { ticks: [0, 0.25, 0.5, 0.75, 1].map((one) => [one, `${one * 100}%`]) },
      lines: [...BUDGETS, '10'].map((maxFailures) =>
        line(maxFailures, CHANCES, (flaky) => meanOf({ flaky, maxFailures }, isStopped)),
      ),
    },
    {
      title: 'Time for 1,000 clusters',
      xLabel: 'max-parallel',
      yLabel: 'minutes',
      x: { ticks: [10, 20, 40, 60, 100].map((one) => [one, String(one)]) },
      y: { ticks: [0, 20, 40, 60, 80].map((one) => [one, String(one)]) },
      lines: [
        line('no waves', PLACES, (places) => minutes('all', places)),
        line('six waves', PLACES, (places) => minutes(1, places)),
      ],
    },
  ]
}

const failedOf = ({ failed }: Outcome) => failed
const isStopped = ({ notStarted }: Outcome) => Number(notStarted > 0)

/** @param name a plan, or a value of `max-failures` */
function line(name: string, values: readonly number[], figure: (value: number) => number): Line {
  const title = /\d/.test(name) ? `max-failures: ${name}` : name
  return { title, style: STYLES[name] ?? 0, points: values.map((value) => [value, figure(value)]) }
}

export function clustersPlot(theme: Theme, content = panels()): string {
  const description =
    'Three plots of simulated rotations of 1,000 clusters: how many fail when a change breaks some of them, how often a run stops by chance, and how long it takes.'
  return plot(content, { theme, description })
}
