import { dump } from 'js-yaml'
import { MANAGER } from '../core/constants.ts'
import { type Right, rulesOf } from './permission.ts'

/** A manifest of more Roles than these is for nobody to read. */
const MOST_ROLES = 20

const API_GROUP = 'rbac.authorization.k8s.io'

/**
 * A manifest (YAML) that gives a login these rights in these namespaces. It holds all that the run takes, since applying it
 * replaces an earlier Role of that name.
 * @param user as the API server calls it; without one the binding is left to the reader
 */
export function rolesFor(rights: readonly Right[], namespaces: readonly string[], user: string | undefined): string {
  const documents = namespaces.slice(0, MOST_ROLES).flatMap((namespace) => {
    const metadata = { name: MANAGER, namespace }
    const role = { apiVersion: `${API_GROUP}/v1`, kind: 'Role', metadata, rules: rulesOf(rights) }
    if (user === undefined) return [role]
    const roleRef = { apiGroup: API_GROUP, kind: 'Role', name: MANAGER }
    return [role, { ...role, kind: 'RoleBinding', rules: undefined, subjects: [subjectOf(user)], roleRef }]
  })
  const more = namespaces.length - MOST_ROLES
  return [
    user === undefined ? '# Bind it to the login of this step, too: this API server does not tell its name.\n' : '',
    documents.map((document) => dump(document, { lineWidth: -1, noRefs: true, flowLevel: 3 })).join('---\n'),
    more > 0 ? `# And the same in ${more} more namespaces.\n` : '',
  ].join('')
}

function subjectOf(user: string): Readonly<Record<string, string>> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  return namespace && name
    ? { kind: 'ServiceAccount', namespace, name }
    : { apiGroup: API_GROUP, kind: 'User', name: user }
}
