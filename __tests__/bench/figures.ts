// Medians of several runs, and how they read.
import type { Run } from './harness.ts'

export interface Figures {
  /** Milliseconds. */
  readonly wall: number
  readonly fastest: number
  readonly slowest: number
  /** Of the wall time to that of the baseline in the same round: what else the machine did met both. */
  readonly ratio: number
  readonly requests: number
  readonly handshakes: number
  /** Milliseconds. */
  readonly cpu: number
  /** MiB. */
  readonly memory: number | undefined
  readonly rounds: number
  /** What the runs were multiplied by: 1 unless each took on a part of the work only. */
  readonly factor: number
}

/**
 * @param baseline the runs of whom all are compared with
 * @param factor what the runs are multiplied by, when each took on a part of the work only
 */
export function figuresOf(runs: readonly Run[], baseline: readonly Run[], factor: number): Figures {
  const times = (pick: (run: Run) => number) => factor * median(runs.map(pick))
  const walls = runs.map(({ wall }) => wall * factor)
  const memories = runs.flatMap(({ memory }) => memory ?? [])
  return {
    wall: median(walls),
    fastest: Math.min(...walls),
    slowest: Math.max(...walls),
    ratio: ratioOf(runs, baseline) * factor,
    requests: times(({ requests }) => requests),
    handshakes: times(({ handshakes }) => handshakes),
    cpu: times(({ cpu }) => cpu),
    memory: memories.length === 0 ? undefined : median(memories),
    rounds: runs.length,
    factor,
  }
}

/** The median of the ratios of the wall times within a round. */
export function ratioOf(runs: readonly Run[], baseline: readonly Run[]): number {
  return median(runs.map(({ wall }, round) => wall / (baseline[round]?.wall ?? Number.NaN)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** Three digits that count. */
export function short(value: number | undefined): string {
  if (value === undefined) return '–'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function whole(value: number | undefined): string {
  return value === undefined ? '–' : Math.round(value).toLocaleString('en')
}

export function over(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other
}
