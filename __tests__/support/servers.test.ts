import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeReal } from './describe-real.ts'
import { createAuthority } from './http/certificate.ts'
import { type KubeApiserver, startKubeApiserver } from './kubernetes/kube-apiserver.ts'
import { startDockerRegistry } from './registry/docker-registry.ts'

describeReal(['etcd', 'kube-apiserver'], 'kube-apiserver', () => {
  let server: KubeApiserver

  beforeAll(async () => {
    server = await startKubeApiserver()
  }, 120_000)
  afterAll(() => server?.[Symbol.asyncDispose]())

  it('applies a secret, and leaves it as it is when applied again', async () => {
    await server.createNamespace('shop')
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': '{"auths":{}}' },
    }
    const apply = () =>
      server.request('PATCH', '/api/v1/namespaces/shop/secrets/pull?fieldManager=test', secret, {
        'content-type': 'application/apply-patch+yaml',
      })

    const created = await apply()
    const repeated = await apply()

    expect([created.status, repeated.status]).toEqual([201, 200])
    expect(created.body.data['.dockerconfigjson']).toBe(btoa('{"auths":{}}'))
    expect(repeated.body.metadata.resourceVersion).toBe(created.body.metadata.resourceVersion)
  })

  it('creates a Pod with the default service account of a new namespace', async () => {
    await server.createNamespace('pods')
    const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web' }] } }

    const { status, body } = await server.request('POST', '/api/v1/namespaces/pods/pods', pod)

    expect(status).toBe(201)
    expect(body.spec.serviceAccountName).toBe('default')
  })

  it('denies what RBAC does not grant, and allows it once granted', async () => {
    const authorization = `Bearer ${await server.createToken('reader')}`
    const list = () => server.request('GET', '/api/v1/namespaces/default/secrets', undefined, { authorization })

    const denied = await list()
    await server.request('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: 'default' }],
    })

    expect(denied).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
    expect(denied.body.message).toContain('system:serviceaccount:default:reader')
    await expect.poll(async () => (await list()).status).toBe(200)
  })

  it('knows the user of a client certificate', async () => {
    const { certificate, key } = await server.issueClientCertificate('alice')
    const dispatcher = new Agent({ connect: { ca: server.certificateAuthority, cert: certificate, key } })

    const response = await fetch(`${server.url}/api/v1/nodes`, { dispatcher })

    expect(response.status).toBe(403)
    expect(await response.text()).toContain('User \\"alice\\"')
    await dispatcher.close()
  })

  it('returns 401 without a credential', async () => {
    expect(await server.request('GET', '/api', undefined, { authorization: '' })).toMatchObject({ status: 401 })
  })
})

describeReal(['docker-registry'], 'docker-registry', () => {
  it('sends a client without a token to the realm', async () => {
    const { certificate } = await (await createAuthority('test')).issue({ commonName: 'token', algorithm: 'rsa' })
    const realm = 'https://registry.example.com/oauth/token'
    await using registry = await startDockerRegistry({ realm, service: 'registry', issuer: 'test', certificate })

    const response = await fetch(`${registry.url}/v2/team/app/manifests/1`)

    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull"`,
    )
  }, 60_000)
})
