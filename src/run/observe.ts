import { InputError } from '../core/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { describePullSecrets } from '../pull-secret/inventory.ts'
import type { Stored } from '../pull-secret/read.ts'
import { confirmClusters, readTargets } from '../pull-secret/read-targets.ts'
import { failedTarget, isFailed, isReady, type TargetState } from '../pull-secret/target.ts'
import * as log from '../runner/log.ts'
import type { RunContext } from './context.ts'

/**
 * Reads what the targets hold: nothing is minted before. Where nothing is left to do, only the targets tell which cluster
 * they are in.
 */
export async function observeStored(context: RunContext): Promise<TargetState[]> {
  const { inputs, clusters, provided, report, clock } = context
  const { targets, secret } = inputs
  if (targets === undefined) return []
  const observed = withoutSource(
    await report.timeline.phase('Read the targets', () => readTargets(clusters, targets, secret)),
    inputs,
  )
  const states = observed.map((target) => {
    const error = provided?.failed.get(target.cluster.name)
    return error === undefined || isFailed(target) ? target : failedTarget(target, error)
  })
  if (secret !== undefined) report.observed(states, context.login.owner, clock.now())
  return states
}

/**
 * A Secret that is the source of the credential in its cluster stays as it is: whatever keeps it goes on with that.
 * @throws InputError when there is no other target
 */
function withoutSource(targets: TargetState[], { credential, secret }: Inputs): TargetState[] {
  if (credential.provider !== 'docker-config' || credential.source.kind !== 'secret') return targets
  const { namespace, name } = credential.source
  if (secret?.name !== name) return targets
  const { sources = [], others = [] } = Object.groupBy(targets, (one) =>
    one.namespace === namespace ? 'sources' : 'others',
  )
  if (sources.length > 0 && others.length === 0) {
    throw new InputError(
      'docker-config-secret',
      `is ${namespace}/${name}, the only target of this run: it would be copied to itself`,
      'Choose another `secret-name`, or other `namespaces`.',
    )
  }
  for (const { cluster } of sources)
    log.info(`Left out Secret ${namespace}/${name} in cluster ${cluster.name}: it is the source of the credential.`)
  return others
}

/** The targets, with the identities of their clusters from the API servers. */
export async function confirmIdentities(
  { targets }: Inputs,
  observed: readonly TargetState[],
): Promise<readonly TargetState[]> {
  return targets === undefined ? observed : await confirmClusters(observed, targets.config)
}

export async function observe(context: RunContext): Promise<readonly TargetState[]> {
  return await confirmIdentities(context.inputs, await observeStored(context))
}

/** Logs which pull secrets a single target has, before the run writes there. A run that reuses a credential saves the requests. */
export async function logPullSecrets({ secret }: Inputs, targets: readonly TargetState[]): Promise<void> {
  const [first] = targets
  if (secret === undefined || first === undefined || targets.length > 1 || isFailed(first)) return
  await describePullSecrets(first.cluster, first.namespace)
}

/** What the targets that can be read hold. */
export function storedIn(targets: readonly TargetState[]): Stored[] {
  return targets.filter(isReady).map(({ stored }) => stored)
}
