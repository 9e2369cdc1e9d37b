import type { TargetState } from '../pull-secret/target.ts'

/** One verb on one resource in a namespace, as in an access review. */
export interface Permission {
  readonly verb: string
  /** Empty is the core group. */
  readonly group: string
  /** Plural, as in a Role. */
  readonly resource: string
  /** Of the one object that is meant, for Roles with `resourceNames`; absent: any. */
  readonly name?: string
  /** Its objects are in no namespace, so a Role cannot grant it. */
  readonly isClusterScoped?: true
}

/** What the run writes to a target. */
export interface DesiredSecret {
  /** Of the pull secret. */
  readonly name: string
  /** Names; `*` is all. */
  readonly serviceAccounts: readonly string[]
}

export const ACCOUNT = { group: '', resource: 'serviceaccounts' } as const

/** What writing the pull secret and its service accounts needs. */
export function secretPermissions(desired: DesiredSecret, isPresent: boolean): Permission[] {
  const verbs = isPresent ? ['get', 'patch'] : ['get', 'create', 'patch']
  const secret = { group: '', resource: 'secrets', name: desired.name }
  return [...verbs.map((verb) => ({ verb, ...secret })), ...accountPermissions(desired)]
}

/** What adding the pull secret to its service accounts needs. */
export function accountPermissions({ serviceAccounts }: DesiredSecret): Permission[] {
  return serviceAccounts.includes('*')
    ? ['get', 'list', 'patch'].map((verb) => ({ verb, ...ACCOUNT }))
    : serviceAccounts.flatMap((name) => ['get', 'patch'].map((verb) => ({ verb, ...ACCOUNT, name })))
}

/** What the run needs to create the namespace of a target, if it does not exist. */
export function permissionsToCreate(target: TargetState): Permission[] {
  const source = target.status === 'ready' ? target.namespaceToCreate : undefined
  if (source === undefined) return []
  const namespaces = { group: '', resource: 'namespaces', isClusterScoped: true } as const
  if (source === 'input') return [{ verb: 'create', ...namespaces }]
  return ['create', 'patch'].map((verb) => ({ verb, ...namespaces, name: target.namespace }))
}

/** What applying an object needs. @param how whether the run waits for it, and may delete and create it again */
export function verbsToApply(how: { readonly isFollowed: boolean; readonly isRecreated: boolean }): string[] {
  const { isFollowed, isRecreated } = how
  return [...(isRecreated || isFollowed ? ['get'] : []), 'create', 'patch', ...(isRecreated ? ['delete'] : [])]
}

/**
 * What shows the progress of a workload at once, and why its Pods do not run. A run that waits works without it.
 * @param kind of the workload, with its group and its plural
 */
export function permissionsToObserve({ kind, group, resource }: Omit<Permission, 'verb'> & { readonly kind: string }) {
  const watched = [
    { group, resource },
    { group: '', resource: 'pods' },
    ...(group === 'apps' && kind === 'Deployment' ? [{ group: 'apps', resource: 'replicasets' }] : []),
  ]
  const permissions = watched.flatMap((one) => ['list', 'watch'].map((verb): Permission => ({ verb, ...one })))
  return [...permissions, { verb: 'list', group: '', resource: 'events' }]
}

/** `create and patch secrets, and patch serviceaccounts`. */
export function describePermissions(permissions: readonly Permission[]): string {
  const parts = [...byResource(permissions)].map(([resource, verbs]) => `${join([...verbs])} ${resource.split('/')[1]}`)
  return parts.join(', and ')
}

/** A rule of a Role. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/**
 * The rules of a Role that gives these permissions. They name the objects that are known. A write by server-side apply names what it
 * creates, so `create` can be restricted as well: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function rulesOf(permissions: readonly Permission[]): Rule[] {
  const groups = Map.groupBy(permissions, ({ group, resource, name = '' }) => `${group}/${resource}/${name}`)
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const { group, resource, name } = first
    const verbs = [...new Set(same.map(({ verb }) => verb))]
    return [{ apiGroups: [group], resources: [resource], ...(name !== undefined && { resourceNames: [name] }), verbs }]
  })
}

function byResource(permissions: readonly Permission[]): Map<string, Set<string>> {
  const verbs = new Map<string, Set<string>>()
  for (const { verb, group, resource } of permissions) {
    const key = `${group}/${resource}`
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb))
  }
  return verbs
}

function join(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
