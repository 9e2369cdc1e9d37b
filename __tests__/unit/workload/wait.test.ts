import { expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import type { Applied } from '../../../src/workload/apply.ts'
import { Observer } from '../../../src/workload/observer.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { settle } from '../../../src/workload/wait.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { createKubeletApi } from '../../support/fake-node/kubelet-api.ts'
import { hasEnded, isCrashing, isRunning, isWaiting, type Pod, podStatus } from '../../support/fake-node/pod-status.ts'
import { grant } from '../../support/grant.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const ASK = 60_000
const { signal: never } = new AbortController()
const IMAGE = 'registry.example.com/team/web:1'
const UNAUTHORIZED = `rpc error: code = Unknown desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: IMAGE }] } },
  },
}

describeServers((server) => {
  let namespaces = 0

  /** A workload that the test plays the kubelet and the controllers for. */
  async function scene(manifest = podManifest({ name: 'web', container: 'main', image: IMAGE })) {
    const namespace = `wait-${++namespaces}`
    await server().createNamespace(namespace)
    const applied = await applyTo(connectTo(server()), namespace, manifest)
    const read = async () => (await server().request('GET', applied.path)).body
    const stage = new AsyncDisposableStack()
    const { url, certificateAuthority, adminToken: token } = server()
    const kubelet = stage.use(createKubeletApi({ server: url, certificateAuthority, token }, never))
    return {
      namespace,
      applied,
      wait: async (timeout = ASK, signal = never, login?: string) => {
        const cluster = connectTo(server(), login === undefined ? {} : { token: login })
        using observer = new Observer(cluster, namespace, signal)
        const secret = { name: 'pull', hosts: ['registry.example.com'] }
        return await settle(observer, applied, { timeout, secret, signal })
      },
      say: async (status: (pod: Pod) => object) => writeStatus(applied.path, status(await read())),
      fail: async (message: string) =>
        kubelet.record(await read(), 'Warning', 'Failed', `Failed to pull image "${IMAGE}": ${message}`, 'main'),
      remove: () => server().request('DELETE', `${applied.path}?gracePeriodSeconds=0`),
      create: async (path: string, object: object) => {
        const { status, body } = await server().request('POST', path, object)
        expect(status).toBe(201)
        return body
      },
      [Symbol.asyncDispose]: () => stage.disposeAsync(),
    }
  }

  async function writeStatus(path: string, status: object): Promise<void> {
    const type = { 'content-type': 'application/merge-patch+json' }
    const { status: code } = await server().request('PATCH', `${path}/status`, { status }, type)
    expect(code).toBe(200)
  }

  const watches = ({ collection }: Applied) =>
    server().journal.filter(({ path, query }) => path === collection && query.get('watch') === 'true')

  /** Waits until the action watches, so often at least. */
  async function isWatched(applied: Applied, times = 1): Promise<void> {
    await expect.poll(() => watches(applied).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)
  }

  it.each<[string, (pod: Pod) => object]>([
    ['ready', (pod) => podStatus(pod, 'Running', isRunning)],
    ['done', (pod) => podStatus(pod, 'Succeeded', () => hasEnded(0))],
  ])('ends well with a Pod that is %s', async (_, status) => {
    await using web = await scene()
    await web.say(status)
    expect(await web.wait()).toEqual({ result: 'ready' })
  })

  it.each<[string, (pod: Pod) => object, RegExp]>([
    ['has failed', (pod) => podStatus(pod, 'Failed', () => hasEnded(3)), /^container main: Error, exit code 3$/],
    [
      'crashes again and again',
      (pod) => podStatus(pod, 'Running', (container) => isCrashing(pod, container)),
      /^container main: CrashLoopBackOff: back-off 10s restarting failed container=main .*: it ended with exit code 1: Error$/,
    ],
    [
      'has no image that could be',
      (pod) => podStatus(pod, 'Pending', () => isWaiting('InvalidImageName', 'invalid reference format')),
      /^container main: InvalidImageName: invalid reference format$/,
    ],
    [
      'was evicted',
      () => ({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
      /^Evicted: low on memory$/,
    ],
  ])('ends with the reason of a Pod that %s', async (_, status, reason) => {
    await using web = await scene()
    await web.say(status)
    expect(await web.wait()).toMatchObject({ result: 'failed', reason: expect.stringMatching(reason) })
  })

  it('goes on through a first failed pull, and sees the Pod get ready', async () => {
    await using web = await scene()
    await web.fail(UNAUTHORIZED)
    await web.say((pod) => podStatus(pod, 'Pending', () => isWaiting('ErrImagePull', UNAUTHORIZED)))
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.say((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', `Back-off`)))
    await web.say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it('ends with the second failed pull, in the words of the node', async () => {
    await using web = await scene()
    await web.fail(UNAUTHORIZED)
    const backOff = `Back-off pulling image "${IMAGE}"`
    await web.say((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', backOff)))
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.fail(UNAUTHORIZED)
    expect(await waiting).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(
        /^container main: the registry registry\.example\.com refuses the credential: failed to pull and unpack .*401 Unauthorized$/,
      ),
    })
  })

  it('ends with a back-off that no secret can mend', async () => {
    await using web = await scene()
    await web.fail(`rpc error: code = NotFound desc = failed to resolve reference "${IMAGE}": ${IMAGE}: not found`)
    await web.say((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', 'Back-off')))
    expect(await web.wait()).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(`^container main: there is no image ${IMAGE}: `),
    })
  })

  it('ends when its time has passed, and says what the Pod waits for', async () => {
    await using web = await scene()
    await web.say((pod) => podStatus(pod, 'Pending', () => isWaiting('ContainerCreating', '')))
    expect(await web.wait(0)).toEqual({ result: 'timeout', reason: 'the Pod is Pending, not ready yet' })
  })

  it('ends when the Pod is deleted meanwhile', async () => {
    await using web = await scene()
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.remove()
    expect(await waiting).toEqual({ result: 'failed', reason: 'it was deleted while we waited' })
  })

  it('ends with the run', async () => {
    await using web = await scene()
    const run = new AbortController()
    const waiting = web.wait(ASK, run.signal).catch((error: unknown) => error)
    await isWatched(web.applied)
    run.abort(new Error('cancelled'))
    expect(await waiting).toMatchObject({
      message: expect.stringMatching(/^Could not wait for Pod wait.*: cancelled$/),
    })
  })

  it('is told when the Pod may not be read', async () => {
    await using web = await scene()
    const token = await server().createToken(web.namespace)
    expect(await web.wait(ASK, never, token).catch(explain)).toEqual([
      expect.stringMatching(/^Could not read Pod wait-\d+\/web in the cluster practice: .* 403 Forbidden/),
    ])
  })

  it('needs no other right than to get', async () => {
    await using web = await scene()
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { resources: ['pods'], verbs: ['get'] })
    const asked = server().faults.add({ when: { path: web.applied.path }, fault: { kind: 'delay', ms: 1 } })
    const waiting = web.wait(ASK, never, token)
    await expect.poll(() => asked.met, { timeout: 5000 }).toBe(1)
    await web.say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it('looks again and again where it may list and not watch', async () => {
    await using web = await scene()
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { resources: ['pods'], verbs: ['list', 'get'] })
    const waiting = web.wait(ASK, never, token)
    await isWatched(web.applied)
    await web.say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it.each<[string, Parameters<ReturnType<typeof server>['faults']['add']>[0]['fault']]>([
    ['is cut', { kind: 'cut', ms: 200 }],
    ['is reset', { kind: 'reset-before' }],
    ['is told that its version is forgotten', { kind: 'status', status: 410 }],
    [
      'is told so in the middle',
      { kind: 'status', status: 200, body: '{"type":"ERROR","object":{"kind":"Status","code":410}}\n' },
    ],
    ['is no JSON', { kind: 'status', status: 200, body: '<html>\n' }],
    ['meets a server in trouble', { kind: 'status', status: 503 }],
    ['meets a login that has just ended', { kind: 'status', status: 401 }],
  ])('goes on when the watch %s', async (_, fault) => {
    await using web = await scene()
    const isWatch = ({ path, query }: { path: string; query: URLSearchParams }) =>
      path === web.applied.collection && query.get('watch') === 'true'
    server().faults.add({ when: isWatch, fault, times: 3 })
    const waiting = web.wait()
    await isWatched(web.applied, 3)
    await web.say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it('does not take an answer that is no list for the end of the Pod', async () => {
    await using web = await scene()
    const isWatch = ({ query }: { query: URLSearchParams }) => query.get('watch') === 'true'
    const isOurs = ({ path }: { path: string }) => path === web.applied.collection
    const forgotten = { kind: 'status', status: 410 } as const
    server().faults.add({ when: (one) => isOurs(one) && isWatch(one), fault: forgotten, times: 1 })
    let lists = 0
    const isSecond = (one: Parameters<typeof isOurs>[0] & Parameters<typeof isWatch>[0]) =>
      isOurs(one) && !isWatch(one) && ++lists === 2
    const portal = server().faults.add({ when: isSecond, fault: { kind: 'status', status: 200, body: '{}' }, times: 1 })
    const waiting = web.wait()
    await isWatched(web.applied, 2)
    await web.say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
    expect(portal.met).toBe(1)
  })

  it('says that a login is refused for good', async () => {
    await using web = await scene()
    const when = { path: web.applied.collection }
    server().faults.add({ when, fault: { kind: 'status', status: 401 }, times: 5 })
    expect(await web.wait().catch(explain)).toEqual([expect.stringMatching(/^Could not list .* 401/)])
  })

  it('judges a Deployment by the Pods of its newest revision', async () => {
    await using web = await scene(deployment)
    const { namespace, applied, create } = web
    const owned = (kind: string, { name, uid }: { name: string; uid: string }) => [
      { apiVersion: 'apps/v1', kind, name, uid, controller: true },
    ]
    const revision = (number: number) => ({ 'deployment.kubernetes.io/revision': `${number}` })
    const { spec } = deployment
    await server().request(
      'PATCH',
      applied.path,
      { metadata: { annotations: revision(2) } },
      { 'content-type': 'application/merge-patch+json' },
    )
    const makePod = async (number: number) => {
      const set = await create(`/apis/apps/v1/namespaces/${namespace}/replicasets`, {
        metadata: {
          name: `web-${number}`,
          annotations: revision(number),
          ownerReferences: owned('Deployment', { name: 'web', uid: applied.uid }),
        },
        spec,
      })
      return await create(`/api/v1/namespaces/${namespace}/pods`, {
        metadata: { name: `web-${number}-a`, ownerReferences: owned('ReplicaSet', set.metadata) },
        spec: { containers: [{ name: 'main', image: IMAGE }] },
      })
    }
    const status = (pod: Pod, reason: string) => podStatus(pod, 'Pending', () => isWaiting(reason, 'wrong'))
    const path = `/api/v1/namespaces/${namespace}/pods`
    await writeStatus(`${path}/web-1-a`, status(await makePod(1), 'InvalidImageName'))
    const newest = await makePod(2)
    await writeStatus(applied.path, { observedGeneration: 9, replicas: 2, updatedReplicas: 1, availableReplicas: 0 })

    const waiting = web.wait()
    await isWatched({ ...applied, collection: path })
    expect(await Promise.race([waiting, isWatched(applied)])).toBeUndefined()
    await writeStatus(`${path}/web-2-a`, status(newest, 'InvalidImageName'))
    expect(await waiting).toMatchObject({
      result: 'failed',
      reason: '1 old replicas are about to end: Pod web-2-a: container main: InvalidImageName: wrong',
    })
  })

  it('says what else was told of a Pod that is not ready in time', async () => {
    await using web = await scene()
    const message = 'MountVolume.SetUp failed for volume "config" : configmap "settings" not found'
    const { url, certificateAuthority, adminToken: token } = server()
    await using kubelet = createKubeletApi({ server: url, certificateAuthority, token }, never)
    await kubelet.record((await server().request('GET', web.applied.path)).body, 'Warning', 'FailedMount', message)
    expect(await web.wait(0)).toMatchObject({
      result: 'timeout',
      reason: `the Pod is Pending, not ready yet: FailedMount: ${message}`,
    })
  })
})
