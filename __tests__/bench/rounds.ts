// Interleaved rounds: what else the machine does at a time meets all that is measured in the round.
import type { Run } from './harness.ts'

/** Milliseconds: what has run for so long is not run again. */
const LONG_MS = 60_000

export interface Measured {
  readonly name: string
  run(): Promise<Run>
}

/** By name. Each is run once in each round, in this order. */
export async function inRounds(measured: readonly Measured[], rounds: number): Promise<ReadonlyMap<string, Run[]>> {
  const runs = new Map<string, Run[]>(measured.map(({ name }) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of measured) {
      const done = runs.get(name) ?? []
      if (done.reduce((sum, { wall }) => sum + wall, 0) > LONG_MS) continue
      done.push(await run())
    }
  }
  return runs
}
