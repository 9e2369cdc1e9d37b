import type { Inputs } from '../inputs/inputs.ts'
import { describePullSecrets } from '../pull-secret/inventory.ts'
import type { Stored } from '../pull-secret/read.ts'
import { isFailed, isReady, type TargetState } from '../pull-secret/target.ts'
import { observeTargets, resolveTargets } from '../pull-secret/targets.ts'

/** Connects to the clusters and reads what the targets hold: nothing is minted before. */
export async function observe({ targets, secret }: Inputs, signal: AbortSignal): Promise<TargetState[]> {
  if (targets === undefined) return []
  const resolved = await resolveTargets(targets, signal)
  if (secret === undefined) {
    return resolved.map((one) => ('status' in one ? one : { ...one, status: 'ready', stored: { kind: 'absent' } }))
  }
  const observed = await observeTargets(resolved, secret)
  const [first] = observed
  if (first !== undefined && observed.length === 1 && !isFailed(first)) {
    await describePullSecrets(first.cluster, first.namespace)
  }
  return observed
}

/** What the targets that can be read hold. */
export function storedIn(targets: readonly TargetState[]): Stored[] {
  return targets.filter(isReady).map(({ stored }) => stored)
}
