import { dump } from 'js-yaml'
import { MANAGER_NAME } from '../core/constants.ts'
import { type Permission, rulesOf } from './permission.ts'

/** A manifest with more Roles would be too long to read. */
const MAX_ROLES = 20

export const API_GROUP = 'rbac.authorization.k8s.io'

/**
 * A manifest (YAML) that grants these permissions in these namespaces. It holds everything that the run needs, because
 * applying it replaces an earlier Role of that name.
 * @param user as the API server calls it; without one the manifest has no RoleBinding
 */
export function rolesFor(
  permissions: readonly Permission[],
  namespaces: readonly string[],
  user: string | undefined,
): string {
  const documents = namespaces.slice(0, MAX_ROLES).flatMap((namespace) => {
    const metadata = { name: MANAGER_NAME, namespace }
    const inNamespace = permissions.filter(({ isClusterScoped }) => !isClusterScoped)
    // With the namespace, the user needs no permission to create it.
    const missing =
      inNamespace.length < permissions.length
        ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]
        : []
    const role = { apiVersion: `${API_GROUP}/v1`, kind: 'Role', metadata, rules: rulesOf(inNamespace.map(ofAnyName)) }
    if (user === undefined) return [...missing, role]
    const roleRef = { apiGroup: API_GROUP, kind: 'Role', name: MANAGER_NAME }
    return [...missing, role, { ...role, kind: 'RoleBinding', rules: undefined, subjects: [subjectOf(user)], roleRef }]
  })
  const more = namespaces.length - MAX_ROLES
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
