import type { KubernetesServer } from './kubernetes/server.ts'

/**
 * Grants permissions in one namespace by a Role of that name, to the ServiceAccount `default/<name>`, whose token
 * `createToken(name)` creates, or to another subject.
 */
export async function grant(
  server: KubernetesServer,
  namespace: string,
  name: string,
  rule: { readonly [part in 'apiGroups' | 'resources' | 'verbs' | 'resourceNames']?: readonly string[] },
  subject: object = { kind: 'ServiceAccount', namespace: 'default', name },
): Promise<void> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  const objects = {
    roles: { metadata: { name }, rules: [{ apiGroups: [''], ...rule }] },
    rolebindings: {
      metadata: { name },
      subjects: [subject],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    },
  }
  for (const [resource, object] of Object.entries(objects)) {
    const { status, body } = await server.request('POST', `${rbac}/${resource}`, object)
    if (status !== 201) throw new Error(`POST ${rbac}/${resource}: ${status} ${body.message}`)
  }
}
