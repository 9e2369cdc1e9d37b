// Whether the machine has nothing else to do: ratios that were measured on a busy one vary.
import { cpus, loadavg } from 'node:os'
import { median, short } from './figures.ts'
import type { Harness } from './harness.ts'

const STARTS = 15
/** Of the load of the last minute to the number of processors. */
const MAX_LOAD = 0.5
/** Of the middle half of the wall times of `node -e 0` to their median. */
const MAX_SPREAD = 0.15

/** Of the last minute. Afterwards the benchmark itself is the load. */
export function loadPerProcessor(): number {
  return (loadavg()[0] ?? 0) / cpus().length
}

export async function measureSpread(harness: Harness, starts = STARTS): Promise<number> {
  const walls: number[] = []
  for (let start = 1; start <= starts; start++) {
    walls.push((await harness.command([process.execPath, '--eval', '0'])).wall)
  }
  return spreadOf(walls)
}

function spreadOf(walls: readonly number[]): number {
  const sorted = walls.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN
  return (at(0.75) - at(0.25)) / median(walls)
}

/**
 * For the tables; undefined when the machine was quiet.
 * @param load before the benchmark
 * @param spreads before and after it
 */
export function noiseWarning(load: number, spreads: readonly number[]): string | undefined {
  if (load <= MAX_LOAD && spreads.every((spread) => spread <= MAX_SPREAD)) return undefined
  return `**The machine was not quiet**: load per processor ${short(load)}, spread of \`node -e 0\` ${spreads.map(short).join(' and ')}. Measure again.`
}
