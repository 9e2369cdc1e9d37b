import { expect, it } from 'vitest'
import { HttpError } from '../../../src/http/errors.ts'
import { applyPodOfImage } from '../../../src/workload/pod-security.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const errorOf = (message: string) =>
  new HttpError(
    { service: 'cluster', operation: 'apply Pod n/web', from: 'PATCH https://k', host: 'k' },
    { status: 403, body: JSON.stringify({ reason: 'Forbidden', message }) },
  )

describeServers((server) => {
  it.each([
    ['restricted', true],
    ['baseline', false],
    [undefined, false],
  ])('a Pod in a namespace that enforces %s has a security context: %s', async (level, isRestricted) => {
    const namespace = `enforce-${level}`
    await server().createNamespace(namespace)
    if (level !== undefined) {
      const labels = { 'pod-security.kubernetes.io/enforce': level }
      await server().request(
        'PATCH',
        `/api/v1/namespaces/${namespace}`,
        { metadata: { labels } },
        {
          'content-type': 'application/merge-patch+json',
        },
      )
    }
    const resource = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, isOwn: false }
    const object = podManifest({ name: 'web', container: 'web', image: 'team/web:1' })
    const placed = { object, resource, namespace, needsManifest: false }
    const made = await applyPodOfImage(connectTo(server()), placed, async (one) => one)
    if (!isRestricted) return expect(made.object).toEqual(object)
    expect(made.object.spec).toEqual({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'web',
          image: 'team/web:1',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    })
  })

  it('a Pod of a user who may not read the namespace has one after the refusal', async () => {
    const token = await server().createToken('reader')
    const resource = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, isOwn: false }
    const object = podManifest({ name: 'web', container: 'web', image: 'team/web:1' })
    const placed = { object, resource, namespace: 'enforce-restricted', needsManifest: false }
    const cluster = connectTo(server(), { token })
    const tried: unknown[] = []
    const refusal = 'pods "web" is forbidden: violates PodSecurity "restricted:v1.24": runAsNonRoot != true'
    const apply = async (one: { object: unknown }) => {
      tried.push(one.object)
      if (tried.length === 1) throw errorOf(refusal)
    }
    await applyPodOfImage(cluster, placed, apply)
    expect(tried).toMatchObject([object, { spec: { securityContext: { runAsNonRoot: true } } }])
    await expect(
      applyPodOfImage(cluster, placed, async () => Promise.reject(errorOf(refusal.replace('restricted', 'baseline')))),
    ).rejects.toThrow('baseline')
  })
})
