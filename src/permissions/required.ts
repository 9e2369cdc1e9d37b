import { isForbidden } from '../http/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { accountsLacking, type KnownAccounts } from '../pull-secret/known-accounts.ts'
import type { Target, TargetState } from '../pull-secret/target.ts'
import {
  ACCOUNT,
  accountPermissions,
  type DesiredSecret,
  type Permission,
  permissionsToCreate,
  secretPermissions,
} from './permission.ts'
import { workloadPermissions } from './workload.ts'

/** What the targets have before the run writes. */
export interface HeldCredential {
  /** Of the credential that is to be written; undefined: a new one. */
  readonly tokenId: string | undefined
  /** The service accounts of the targets that hold it. */
  readonly accounts: KnownAccounts
}

/** The permissions in a target. */
export interface Requirement {
  /** What this run still needs: the API server is asked about it. */
  readonly checked: readonly Permission[]
  /** What any run with these inputs can need in the namespace: the printed Role grants it. */
  readonly granted: readonly Permission[]
}

/**
 * What a run needs in each target: for the secret and its service accounts, and for the manifests. Where the API server
 * refused to let the user read, all of it may be missing.
 */
export async function permissionsNeeded(
  targets: readonly TargetState[],
  { secret, deploy, dryRun }: Pick<Inputs, 'secret' | 'deploy' | 'dryRun'>,
  held: HeldCredential,
): Promise<(target: TargetState) => Requirement> {
  const open = targets.filter((target) => target.status !== 'failed' || isForbidden(target.error))
  const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)]
  const required = await Promise.all(
    byCluster.map(async ([cluster, group]) => {
      if (deploy === undefined) return []
      const namespaces = group.map(({ namespace }) => namespace)
      const change = { ...deploy, isAwaited: deploy.waitTimeoutMs > 0 && !dryRun }
      const permissions = await workloadPermissions(cluster, namespaces, change)
      return permissions.map((one) => ({ target: keyOf(cluster, one.namespace), ...one }))
    }),
  )
  const toDeploy = Map.groupBy(required.flat(), ({ target }) => target)
  const isOpen = new Set(open)
  return (target) => {
    if (!isOpen.has(target)) return NOTHING
    const deployed = toDeploy.get(keyOf(target.cluster, target.namespace)) ?? []
    return {
      checked: [
        ...permissionsToCreate(target),
        ...(secret === undefined ? [] : permissionsToWrite(target, secret, held)),
        ...deployed.flatMap(({ required }) => required),
      ],
      granted: [
        ...(secret === undefined ? [] : secretPermissions(secret, false)),
        ...deployed.flatMap(({ required, optional }) => [...required, ...optional]),
      ],
    }
  }
}

/**
 * What the run still needs to write the pull secret to a target and to its service accounts. Nothing where the target has
 * both already: a run that has nothing to write asks for nothing. Where they could not be read, all of it may be missing.
 */
function permissionsToWrite(
  target: TargetState,
  secret: DesiredSecret,
  { tokenId, accounts }: HeldCredential,
): Permission[] {
  if (!holds(target, tokenId)) {
    return secretPermissions(secret, target.status === 'ready' && target.stored.kind === 'present')
  }
  const lacking = accountsLacking(accounts, target, secret)
  if (lacking === undefined) return accountPermissions(secret)
  return lacking.map((name) => ({ verb: 'patch', ...ACCOUNT, name }))
}

/** Whether a target holds the credential. */
export function holds(target: TargetState, tokenId: string | undefined): boolean {
  const stored = target.status === 'ready' ? target.stored : undefined
  return tokenId !== undefined && stored?.kind === 'present' && stored.records.some((one) => one.tokenId === tokenId)
}

const NOTHING: Requirement = { checked: [], granted: [] }

function keyOf({ identity }: Target['cluster'], namespace: string): string {
  return `${identity}/${namespace}`
}
