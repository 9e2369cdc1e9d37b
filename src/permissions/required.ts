import { isForbidden } from '../http/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Target, TargetState } from '../pull-secret/target.ts'
import { type Permission, permissionsToCreate, permissionsToWrite } from './permission.ts'
import { workloadPermissions } from './workload.ts'

/**
 * What a run still needs in each target: for the secret and its service accounts, and for the manifests. Where the API
 * server refused to let the user read, all of it may be missing.
 * @param tokenId of the credential that is to be written; undefined: a new one
 */
export async function permissionsNeeded(
  targets: readonly TargetState[],
  { secret, deploy, dryRun }: Pick<Inputs, 'secret' | 'deploy' | 'dryRun'>,
  tokenId: string | undefined,
): Promise<(target: TargetState) => Permission[]> {
  const open = targets.filter((target) => target.status !== 'failed' || isForbidden(target.error))
  const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)]
  const required = await Promise.all(
    byCluster.map(async ([cluster, group]) => {
      if (deploy === undefined) return []
      const namespaces = group.map(({ namespace }) => namespace)
      const change = { ...deploy, isAwaited: deploy.waitTimeoutMs > 0 && !dryRun }
      const permissions = await workloadPermissions(cluster, namespaces, change)
      return permissions.map(({ namespace, ...permission }) => ({ target: keyOf(cluster, namespace), permission }))
    }),
  )
  const toDeploy = Map.groupBy(required.flat(), ({ target }) => target)
  const isOpen = new Set(open)
  return (target) => {
    if (!isOpen.has(target)) return []
    const deployed = toDeploy.get(keyOf(target.cluster, target.namespace)) ?? []
    return [
      ...permissionsToCreate(target),
      ...(secret === undefined ? [] : permissionsToWrite(target, secret, tokenId)),
      ...deployed.map(({ permission }) => permission),
    ]
  }
}

function keyOf({ identity }: Target['cluster'], namespace: string): string {
  return `${identity}/${namespace}`
}
