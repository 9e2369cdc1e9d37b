import { dump } from 'js-yaml'
import { MANAGER_NAME } from '../core/constants.ts'
import { type Permission, rulesOf } from './permission.ts'

/** A manifest with more Roles would be too long to read. */
const MAX_ROLES = 20

export const API_GROUP = 'rbac.authorization.k8s.io'

/** Where a Role goes. */
export interface Place {
  readonly namespace: string
  /** Whether the namespace does not exist: a Role cannot be applied before it does. */
  readonly isMissing: boolean
}

/**
 * A manifest (YAML) that grants these permissions in these namespaces.
 * @param user as the API server calls it; without one the manifest has no RoleBinding
 */
export function rolesFor(
  permissions: readonly Permission[],
  places: readonly Place[],
  user: string | undefined,
): string {
  const rules = rulesOf(permissions.map(ofAnyName))
  const documents = places.slice(0, MAX_ROLES).flatMap(({ namespace, isMissing }) => {
    const metadata = { name: MANAGER_NAME, namespace }
    // With the namespace, the user needs no permission to create it.
    const missing = isMissing ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }] : []
    const role = { apiVersion: `${API_GROUP}/v1`, kind: 'Role', metadata, rules }
    if (user === undefined) return [...missing, role]
    const roleRef = { apiGroup: API_GROUP, kind: 'Role', name: MANAGER_NAME }
    return [...missing, role, { ...role, kind: 'RoleBinding', rules: undefined, subjects: [subjectOf(user)], roleRef }]
  })
  const more = places.length - MAX_ROLES
  return [
    user === undefined
      ? '# Bind this Role to the user of this kubeconfig: the API server does not return its name.\n'
      : '',
    documents.map((document) => dump(document, { lineWidth: -1, noRefs: true, flowLevel: 3 })).join('---\n'),
    more > 0 ? `# The same in ${more} more namespaces.\n` : '',
  ].join('')
}

/** The Role of another step of this user, with another secret, would replace one that names the secret. */
function ofAnyName({ name: _, ...permission }: Permission): Permission {
  return permission
}

/** The subject of a RoleBinding. @param user as the API server calls it */
export function subjectOf(user: string): Readonly<Record<string, string>> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  return namespace && name
    ? { kind: 'ServiceAccount', namespace, name }
    : { apiGroup: API_GROUP, kind: 'User', name: user }
}
