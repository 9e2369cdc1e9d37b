// A model of rotate-clusters.yml: how many clusters fail, when it stops, and how long it takes. The numbers are the same each time.
import { allowedFailures, waveSizes } from './plan.js'

export interface Scenario {
  readonly clusters: number
  /** Clusters of the first wave; `all`: one wave, as a matrix without this workflow. */
  readonly firstWave: number | 'all'
  /** The input `max-failures`. */
  readonly maxFailures: string
  /** The share of the clusters in which a change fails each time, from 0 to 1. */
  readonly broken: number
  /** The probability that a cluster fails by chance. */
  readonly flaky: number
}

export interface Outcome {
  readonly failed: number
  /** Clusters of the waves that were not started. */
  readonly notStarted: number
}

/** Assumptions about one job, from runs of the benchmark and of GitHub's runners: see docs/many-clusters.md. */
const START_MS = 20_000
const MEDIAN_RUN_MS = 15_000
/** Of the logarithm: one job in forty takes three times as long. */
const SPREAD = 0.55
const BUDGET_JOB_MS = 25_000

/** @param random numbers from 0 to 1 */
export function simulate({ broken, flaky, maxFailures, ...plan }: Scenario, random: () => number): Outcome {
  let [failed, started] = [0, 0]
  for (const size of sizesOf(plan)) {
    if (failed > allowedFailures(maxFailures, started)) break
    started += size
    for (let cluster = 0; cluster < size; cluster++) if (random() < broken || random() < flaky) failed++
  }
  return { failed, notStarted: plan.clusters - started }
}

/** How long all waves take. @param maxParallel clusters at the same time */
export function durationMs(
  plan: Pick<Scenario, 'clusters' | 'firstWave'>,
  maxParallel: number,
  random: () => number,
): number {
  const sizes = sizesOf(plan)
  const waves = sizes.map((size) => waveDurationMs(size, maxParallel, random))
  return waves.reduce((total, wave) => total + wave, BUDGET_JOB_MS * (sizes.length - 1))
}

function sizesOf({ clusters, firstWave }: Pick<Scenario, 'clusters' | 'firstWave'>): number[] {
  return firstWave === 'all' ? [clusters] : waveSizes(clusters, firstWave).filter((size) => size > 0)
}

/** Each free place takes the next job. */
function waveDurationMs(jobs: number, places: number, random: () => number): number {
  const freeAtMs = new Array<number>(Math.min(jobs, places)).fill(0)
  for (let job = 0; job < jobs; job++) {
    const first = freeAtMs.indexOf(Math.min(...freeAtMs))
    freeAtMs[first] = (freeAtMs[first] ?? 0) + START_MS + MEDIAN_RUN_MS * Math.exp(SPREAD * normal(random))
  }
  return Math.max(...freeAtMs)
}

/** A normally distributed number, by Box and Muller: https://doi.org/10.1214/aoms/1177706645 */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Seeded numbers from 0 to 1, by Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
