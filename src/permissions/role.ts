import { dump } from 'js-yaml'
import { MANAGER_NAME } from '../core/constants.ts'
import { sha256 } from '../core/digest.ts'
import { type Permission, type Rule, rulesOf } from './permission.ts'

/** A manifest with more Roles would be too long to read. */
const MAX_ROLES = 20

export const API_GROUP = 'rbac.authorization.k8s.io'

/** Where a Role goes. */
export interface Place {
  readonly namespace: string
  /** A Role cannot be applied before its namespace exists. */
  readonly existence: 'exists' | 'missing' | 'unknown'
}

/**
 * A manifest (YAML) that grants these permissions in these namespaces. It changes no Role and no RoleBinding that exists, since
 * what another workflow or another user may do can depend on it: their name stands for their content.
 * @param user as the API server calls it; without one the manifest has no RoleBinding
 */
export function rolesFor(
  permissions: readonly Permission[],
  places: readonly Place[],
  user: string | undefined,
): string {
  const rules = rulesOf(permissions.map(ofAnyName))
  const name = contentName(user, rules)
  const documents = places.slice(0, MAX_ROLES).flatMap(({ namespace, existence }) => {
    const metadata = { name, namespace }
    // With the namespace, the user needs no permission to create it.
    const missing =
      existence === 'missing' ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }] : []
    const role = { apiVersion: `${API_GROUP}/v1`, kind: 'Role', metadata, rules }
    if (user === undefined) return [...missing, role]
    const roleRef = { apiGroup: API_GROUP, kind: 'Role', name }
    return [...missing, role, { ...role, kind: 'RoleBinding', rules: undefined, subjects: [subjectOf(user)], roleRef }]
  })
  const more = places.length - MAX_ROLES
  // A Namespace without labels would remove those of one that exists.
  const unknown = places.slice(0, MAX_ROLES).filter(({ existence }) => existence === 'unknown')
  return [
    ...unknown.map(({ namespace }) => `# If it does not exist yet, first: kubectl create namespace ${namespace}\n`),
    user === undefined
      ? '# Bind this Role to the user of this kubeconfig: the API server does not return its name.\n'
      : '',
    documents.map((document) => dump(document, { lineWidth: -1, noRefs: true, flowLevel: 3 })).join('---\n'),
    more > 0 ? `# The same in ${more} more namespaces.\n` : '',
  ].join('')
}

/** One Role is enough for all steps of this user that differ only in the names. */
function ofAnyName({ name: _, ...permission }: Permission): Permission {
  return permission
}

function contentName(user: string | undefined, rules: readonly Rule[]): string {
  const digest = sha256(JSON.stringify([user, rules])).slice(0, DIGEST_LENGTH)
  return `${user === undefined ? MANAGER_NAME : nameFor(user)}-${digest}`
}

const DIGEST_LENGTH = 8

/**
 * A name for the Roles and RoleBindings of one user, such as `registry-pull-secret-shop`; the name without an ending is that of
 * examples/rbac. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names
 * @param user as the API server calls it
 */
export function nameFor(user: string): string {
  const { kind, namespace, name } = subjectOf(user)
  const owner = kind === 'ServiceAccount' ? (name === MANAGER_NAME ? namespace : `${namespace}-${name}`) : name
  const words = (owner ?? '')
    .toLowerCase()
    .slice(0, MAX_OWNER_LENGTH)
    .split(/[^a-z0-9]+/)
  return [MANAGER_NAME, ...words.filter(Boolean)].join('-')
}

const MAX_OWNER_LENGTH = 60

/** The subject of a RoleBinding. @param user as the API server calls it */
export function subjectOf(user: string): Readonly<Record<string, string>> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  return namespace && name
    ? { kind: 'ServiceAccount', namespace, name }
    : { apiGroup: API_GROUP, kind: 'User', name: user }
}
