// A new token for many namespaces: this action against the ways to do it without.
import { ROTATION } from './action.ts'
import type { Contestant } from './contestants.ts'
import { type Figures, figuresOf } from './figures.ts'
import type { Harness } from './harness.ts'
import { inRounds } from './rounds.ts'

/** By the name of the contestant. */
export async function measureDistribution(
  harness: Harness,
  contestants: readonly Contestant[],
  { size, rounds }: { readonly size: number; readonly rounds: number },
): Promise<ReadonlyMap<string, Figures>> {
  const namespaces = await harness.namespaces(size)
  for (const { prepare } of contestants) await prepare?.(namespaces)
  const measured = contestants.map(({ name, most, run }) => ({ name, run: () => run(namespaces.slice(0, most)) }))
  const runs = await inRounds(measured, rounds)
  const baseline = runs.get(ROTATION) ?? []
  return new Map(
    contestants.map(({ name, most = size }) => [
      name,
      figuresOf(runs.get(name) ?? [], baseline, Math.max(1, size / most)),
    ]),
  )
}
