// The fake node against the real kube-apiserver and the fake.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeReal } from '../describe-real.ts'
import { type FakeIbm, startFakeIbm } from '../ibm/environment.ts'
import { startFakeApiServer } from '../kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../kubernetes/kube-apiserver.ts'
import type { KubernetesServer } from '../kubernetes/server.ts'
import { startFakeNode } from './node.ts'

describe('fake API server', () => suite(startFakeApiServer))
describeReal(['etcd', 'kube-apiserver'], 'kube-apiserver', () => suite(startKubeApiserver))

function suite(startServer: () => Promise<KubernetesServer>): void {
  const resources = new AsyncDisposableStack()
  let server: KubernetesServer
  let environment: FakeIbm
  let pods: string

  beforeAll(async () => {
    server = resources.use(await startServer())
    environment = resources.use(await startFakeIbm())
    const { url, certificateAuthority, adminToken: token } = server
    resources.use(await startFakeNode({ server: url, certificateAuthority, token }))
    await server.createNamespace('shop')
    pods = '/api/v1/namespaces/shop/pods'
  }, 120_000)
  afterAll(() => resources.disposeAsync())

  async function createSecret(name: string, password: string) {
    const auths = { [environment.registryHost]: { auth: btoa(`token:${password}`) } }
    const stringData = { '.dockerconfigjson': JSON.stringify({ auths }) }
    const secret = { metadata: { name }, type: 'kubernetes.io/dockerconfigjson', stringData }
    const { status } = await server.request('POST', '/api/v1/namespaces/shop/secrets', secret)
    expect(status).toBe(201)
  }

  async function createPod(
    name: string,
    secret: string,
    { image = 'team/app:1', annotations = {} }: { image?: string; annotations?: Record<string, string> } = {},
  ) {
    const spec = {
      containers: [{ name: 'main', image: `${environment.registryHost}/${image}` }],
      imagePullSecrets: [{ name: secret }],
      restartPolicy: 'Never',
    }
    const { status } = await server.request('POST', pods, { metadata: { name, annotations }, spec })
    expect(status).toBe(201)
  }

  const statusOf = async (name: string) => (await server.request('GET', `${pods}/${name}`)).body.status

  const reasonOf = async (name: string) => {
    const { containerStatuses = [] } = await statusOf(name)
    return containerStatuses[0]?.state.waiting?.reason
  }

  async function eventsOf(name: string): Promise<string[]> {
    const { body } = await server.request('GET', '/api/v1/namespaces/shop/events')
    return body.items
      .filter((event: { involvedObject: { name: string } }) => event.involvedObject.name === name)
      .map(
        (event: { type: string; reason: string; message: string }) => `${event.type} ${event.reason}: ${event.message}`,
      )
  }

  it('runs a Pod whose secret can pull the image', async () => {
    await createSecret('right', environment.mintToken().value)
    await createPod('runs', 'right')
    await vi.waitFor(async () => expect((await statusOf('runs')).phase).toBe('Running'), 5000)
    const { conditions, containerStatuses } = await statusOf('runs')
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }))
    expect(containerStatuses).toMatchObject([{ name: 'main', ready: true, state: { running: {} } }])
    const image = `${environment.registryHost}/team/app:1`
    expect(await eventsOf('runs')).toContain(`Normal Pulled: Successfully pulled image "${image}"`)
  })

  it('tries again and again, and runs the Pod once its secret is there', async () => {
    await createPod('waits', 'late')
    await vi.waitFor(async () => expect(await reasonOf('waits')).toBe('ErrImagePull'), 5000)
    await vi.waitFor(async () => expect(await reasonOf('waits')).toBe('ImagePullBackOff'), 5000)
    expect((await statusOf('waits')).phase).toBe('Pending')
    const events = await eventsOf('waits')
    expect(events).toContain(
      'Warning FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (late); attempting to pull the image may not succeed.',
    )
    expect(events).toContain('Warning Failed: Error: ImagePullBackOff')

    await createSecret('late', environment.mintToken().value)
    await vi.waitFor(async () => expect((await statusOf('waits')).phase).toBe('Running'), 5000)
  })

  it.each([
    ['a revoked token', 'revoked', 'team/app:1', /failed to authorize: .*\/oauth\/token.*: 401 Unauthorized$/],
    ['the image of others', 'right', 'other/app:1', /unexpected status from HEAD request to .*: 403 Forbidden$/],
    ['an unknown tag', 'right', 'team/app:none', /team\/app:none: not found$/],
  ])('says why it cannot pull: %s', async (title, secret, image, message) => {
    const name = title.replaceAll(' ', '-')
    if (secret === 'revoked') {
      const { id, value } = environment.mintToken()
      environment.revokeToken(id)
      await createSecret('revoked', value)
    }
    await createPod(name, secret, { image })
    await vi.waitFor(async () => expect(await reasonOf(name)).toBe('ErrImagePull'), 5000)
    expect((await eventsOf(name)).filter((event) => event.startsWith('Warning Failed: Failed to pull'))).toEqual([
      expect.stringMatching(message),
    ])
  })

  it.each([
    ['ends', { 'fake-node/exit': '0' }, 'Succeeded', { terminated: { exitCode: 0, reason: 'Completed' } }],
    ['fails', { 'fake-node/exit': '3' }, 'Failed', { terminated: { exitCode: 3, reason: 'Error' } }],
    ['crashes', { 'fake-node/crash': '' }, 'Running', { waiting: { reason: 'CrashLoopBackOff' } }],
  ])('lets a Pod end as annotated: %s', async (name, annotations, phase, state) => {
    await createPod(name, 'right', { annotations: annotations as Record<string, string> })
    await vi.waitFor(async () => expect((await statusOf(name)).phase).toBe(phase), 5000)
    expect((await statusOf(name)).containerStatuses).toMatchObject([{ ready: false, state }])
  })
}
