// Who asks, and whether RBAC lets them.
import { randomUUID } from 'node:crypto'
import type { OidcTrust } from '../github-oidc.ts'
import { type KubernetesObject, type Resource, resources } from './resources.ts'
import { type Attributes, attributes, type Target } from './route.ts'
import { forbidden, unauthorized } from './status.ts'
import type { Store } from './store.ts'

export interface User {
  readonly name: string
  readonly groups: readonly string[]
}

export class Access {
  readonly #store: Store
  readonly #oidc: OidcTrust | undefined
  readonly #users = new Map<string, User>()

  constructor(store: Store, adminToken: string, oidc?: OidcTrust) {
    this.#store = store
    this.#oidc = oidc
    this.#users.set(adminToken, { name: 'admin', groups: ['system:masters', 'system:authenticated'] })
  }

  authenticate(authorization: string | undefined): User {
    const token = authorization?.replace(/^Bearer /i, '') ?? ''
    const user = this.#users.get(token) ?? this.#oidcUser(token)
    if (user === undefined) throw unauthorized()
    return user
  }

  #oidcUser(token: string): User | undefined {
    const subject = this.#oidc?.verify(token)
    return subject === undefined ? undefined : { name: `github:${subject}`, groups: ['system:authenticated'] }
  }

  /** A new token for a service account. */
  issue(namespace: string, name: string): string {
    const token = randomUUID()
    this.#users.set(token, {
      name: `system:serviceaccount:${namespace}:${name}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    })
    return token
  }

  check(user: User, verb: string, target: Target): void {
    const asked = attributes(verb, target)
    if (this.allows(user, asked)) return
    const { group, resource, subresource, namespace, name } = asked
    const what = subresource === '' ? resource : `${resource}/${subresource}`
    const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
    const why = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`
    throw forbidden(target.resource, name, why)
  }

  /** Who may patch may not thereby create; this refusal does not say why. */
  checkCreateByApply(user: User, target: Target): void {
    if (!this.allows(user, attributes('create', target))) throw forbidden(target.resource, target.name, '')
  }

  allows(user: User, attributes: Attributes): boolean {
    if (user.groups.includes('system:masters')) return true
    if (attributes.resource === 'selfsubjectaccessreviews') return user.groups.includes('system:authenticated')
    return this.#rules(user, attributes.namespace).some((rule) => permits(rule, attributes))
  }

  #rules(user: User, namespace: string): KubernetesObject[] {
    const local = namespace === '' ? [] : this.#store.list(rbac('rolebindings'), namespace)
    return [...this.#store.list(rbac('clusterrolebindings'), ''), ...local]
      .filter(({ subjects = [] }) => subjects.some((subject: KubernetesObject) => isSubject(subject, user)))
      .flatMap(({ roleRef, metadata }) =>
        roleRef.kind === 'Role'
          ? this.#store.get(rbac('roles'), metadata.namespace, roleRef.name)?.rules
          : this.#store.get(rbac('clusterroles'), '', roleRef.name)?.rules,
      )
      .filter((rule) => rule !== undefined)
  }
}

const rbac = (name: string) => resources.find(({ resource }) => resource === name) as Resource

function isSubject({ kind, name, namespace }: KubernetesObject, user: User): boolean {
  if (kind === 'Group') return user.groups.includes(name)
  return user.name === (kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name)
}

function permits(rule: KubernetesObject, { verb, group, resource, subresource, name }: Attributes): boolean {
  const { verbs = [], apiGroups = [], resources: ruled = [], resourceNames = [] } = rule
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const has = (list: readonly string[], value: string) => list.includes('*') || list.includes(value)
  return (
    has(verbs, verb) &&
    has(apiGroups, group) &&
    has(ruled, what) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  )
}
