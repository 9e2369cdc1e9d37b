import { describe, expect, it } from 'vitest'
import { pullSecret, type Subject, secretsOf } from './subject.ts'

export function describeAccess(subject: () => Subject): void {
  const grant = async (namespace: string, user: string, rules: readonly object[]) => {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
    const role = await subject().server.request('POST', `${rbac}/roles`, { metadata: { name: user }, rules })
    const binding = await subject().server.request('POST', `${rbac}/rolebindings`, {
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: user }],
    })
    expect([role.status, binding.status]).toEqual([201, 201])
  }

  describe('access', () => {
    it.each([
      ['an unknown', { authorization: 'Bearer nobody-knows' }],
      ['no', { authorization: '' }],
    ])('is refused with %s token', async (_, headers) => {
      expect(await subject().server.request('GET', '/api/v1/namespaces', undefined, headers)).toMatchObject({
        status: 401,
        body: { kind: 'Status', status: 'Failure', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
      })
    })

    it('is refused without a right, in a sentence that names it', async () => {
      const token = await subject().server.createToken('stranger')
      const namespace = await subject().namespace()
      const user = 'User "system:serviceaccount:default:stranger"'
      const refusal = async (method: string, path: string, body?: unknown) => {
        const answer = await subject().as(token, method, path, body)
        expect(answer).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
        return answer.body.message
      }
      const secrets = secretsOf(namespace)
      const inNamespace = `in API group "" in the namespace "${namespace}"`
      expect(await refusal('GET', `${secrets}/x`)).toBe(
        `secrets "x" is forbidden: ${user} cannot get resource "secrets" ${inNamespace}`,
      )
      expect(await refusal('POST', secrets, pullSecret('x'))).toBe(
        `secrets is forbidden: ${user} cannot create resource "secrets" ${inNamespace}`,
      )
      expect(await refusal('GET', '/api/v1/namespaces')).toBe(
        `namespaces is forbidden: ${user} cannot list resource "namespaces" in API group "" at the cluster scope`,
      )
      expect(await refusal('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/x`)).toBe(
        `deployments.apps "x" is forbidden: ${user} cannot get resource "deployments" in API group "apps" in the namespace "${namespace}"`,
      )
      expect(await refusal('PATCH', `/api/v1/namespaces/${namespace}/pods/x/status`, {})).toBe(
        `pods "x" is forbidden: ${user} cannot patch resource "pods/status" ${inNamespace}`,
      )
    })

    it('is granted by a role, for its verbs, names and namespace only', async () => {
      const token = await subject().server.createToken('reader')
      const namespace = await subject().namespace()
      const secrets = secretsOf(namespace)
      for (const name of ['mine', 'other']) await subject().server.request('POST', secrets, pullSecret(name))
      await grant(namespace, 'reader', [
        { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['mine'] },
      ])
      const statusOf = async (method: string, path: string) => (await subject().as(token, method, path)).status
      await expect.poll(() => statusOf('GET', `${secrets}/mine`)).toBe(200)
      expect(await statusOf('GET', `${secrets}/other`)).toBe(403)
      expect(await statusOf('DELETE', `${secrets}/mine`)).toBe(403)
      expect(await statusOf('GET', secrets)).toBe(403)
      expect(await statusOf('GET', `${secretsOf('default')}/mine`)).toBe(403)
    })

    it('to patch does not allow to create by an apply', async () => {
      const token = await subject().server.createToken('patcher')
      const namespace = await subject().namespace()
      await grant(namespace, 'patcher', [{ apiGroups: [''], resources: ['secrets'], verbs: ['patch'] }])
      const headers = { authorization: `Bearer ${token}` }
      await subject().apply(`${secretsOf(namespace)}/there`, pullSecret('there'))
      const apply = (name: string) =>
        subject().apply(`${secretsOf(namespace)}/${name}`, pullSecret(name), { headers, query: '&force=true' })
      await expect.poll(async () => (await apply('there')).status).toBe(200)
      const { status, body } = await apply('new')
      expect(status).toBe(403)
      expect(body.message).toBe('secrets "new" is forbidden: ')
    })

    it('is the result of a review', async () => {
      const token = await subject().server.createToken('asker')
      const namespace = await subject().namespace()
      await grant(namespace, 'asker', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }])
      const review = async (verb: string) => {
        const { status, body } = await subject().as(
          token,
          'POST',
          '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectAccessReview',
            spec: { resourceAttributes: { namespace, verb, resource: 'secrets' } },
          },
        )
        expect(status).toBe(201)
        return body.status.allowed
      }
      await expect.poll(() => review('get')).toBe(true)
      expect(await review('patch')).toBe(false)
    })
  })
}
