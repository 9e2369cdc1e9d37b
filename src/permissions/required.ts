import { isForbidden } from '../http/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Unusable, Usable } from '../pull-secret/targets.ts'
import { type Right, rightsToWrite } from './permission.ts'
import { requirements } from './workload.ts'

/**
 * What a run still takes in each target: for the secret and its service accounts, and for the manifests. Where the API
 * server refused to read, all of it may be missing.
 * @param tokenId of the credential that is to be written; undefined: a new one
 */
export async function rightsNeeded(
  targets: readonly (Usable | Unusable)[],
  { secret, deploy, dryRun }: Pick<Inputs, 'secret' | 'deploy' | 'dryRun'>,
  tokenId: string | undefined,
): Promise<(target: Usable | Unusable) => Right[]> {
  const open = targets.filter((target) => !('failure' in target) || isForbidden(target.failure))
  const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)]
  const required = await Promise.all(
    byCluster.map(async ([cluster, group]) => {
      if (deploy === undefined) return []
      const namespaces = group.map(({ namespace }) => namespace)
      const options = { isAwaited: deploy.waitTimeout > 0 && !dryRun, recreatePods: deploy.recreatePods }
      const rights = await requirements(cluster, deploy.objects, namespaces, options)
      return rights.map(({ namespace, ...right }) => ({ place: placeOf(cluster, namespace), right }))
    }),
  )
  const toDeploy = Map.groupBy(required.flat(), ({ place }) => place)
  const isOpen = new Set(open)
  return (target) => {
    if (!isOpen.has(target)) return []
    const deployed = toDeploy.get(placeOf(target.cluster, target.namespace)) ?? []
    return [
      ...(secret === undefined ? [] : rightsToWrite(target, secret, tokenId)),
      ...deployed.map(({ right }) => right),
    ]
  }
}

function placeOf({ identity }: Usable['cluster'], namespace: string): string {
  return `${identity}/${namespace}`
}
