// A row of the table of ratios.
import { ratioOf } from './figures.ts'
import type { Run } from './harness.ts'

export interface Ratio {
  /** In Markdown. */
  readonly what: string
  readonly value: number
  /** What the project wants to reach, as `≤ 1.15`; undefined when nothing was decided. */
  readonly goal: string | undefined
  /** Undefined for what does not vary. */
  readonly rounds: number | undefined
}

/** Wall times, in the same rounds. */
export function wallRatio(
  runs: ReadonlyMap<string, Run[]>,
  [one, other]: readonly [one: string, other: string],
  { what, goal }: Pick<Ratio, 'what' | 'goal'>,
): Ratio {
  const [ours = [], baseline = []] = [runs.get(one), runs.get(other)]
  return { what, goal, value: ratioOf(ours, baseline), rounds: Math.min(ours.length, baseline.length) }
}
