import { expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { explain } from '../../../src/report/error-text.ts'
import type { Applied } from '../../../src/workload/apply.ts'
import { Observer } from '../../../src/workload/observer.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { MAX_TRANSIENT_MS, waitForWorkload } from '../../../src/workload/wait.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { createKubeletApi } from '../../support/fake-node/kubelet-api.ts'
import { hasEnded, isCrashing, isRunning, isWaiting, type Pod, podStatus } from '../../support/fake-node/pod-status.ts'
import { grant } from '../../support/grant.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const TIMEOUT_MS = 60_000
/** Shorter than those of a run. */
const delays = { retryMs: 10, pollMs: 20 }
const { signal: neverAborted } = new AbortController()
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

const job: KubernetesObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'once' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: IMAGE }] } } },
}

interface WaitSettings {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Default: what the test applied first. */
  readonly applied?: Applied
  /** Of the kubeconfig user; default the administrator. */
  readonly userToken?: string
  readonly now?: () => number
}

describeServers((server) => {
  let namespaces = 0

  /** Applies a workload. The test writes its status in place of the kubelet and the controllers. */
  async function setUp(manifest = podManifest({ name: 'web', container: 'main', image: IMAGE })) {
    const namespace = `wait-${++namespaces}`
    await server().createNamespace(namespace)
    const applied = await applyTo(connectTo(server()), namespace, manifest)
    const read = async () => (await server().request('GET', applied.path)).body
    const merge = { 'content-type': 'application/merge-patch+json' }
    const patch = async (change: object) => {
      expect((await server().request('PATCH', applied.path, change, merge)).status).toBe(200)
    }
    const disposables = new AsyncDisposableStack()
    const { url, certificateAuthority, adminToken: token } = server()
    const kubelet = disposables.use(createKubeletApi({ server: url, certificateAuthority, token }, neverAborted))
    return {
      namespace,
      applied,
      wait: async ({ signal = neverAborted, userToken, timeoutMs = TIMEOUT_MS, now, ...other }: WaitSettings = {}) => {
        const cluster = connectTo(server(), userToken === undefined ? {} : { token: userToken })
        using observer = new Observer(cluster, { namespace, signal, delays })
        const secret = { name: 'pull', hosts: ['registry.example.com'] }
        return await waitForWorkload(observer, other.applied ?? applied, {
          timeoutMs,
          secret,
          signal,
          recheckIntervalMs: 50,
          ...(now && { now }),
        })
      },
      setStatus: async (status: (pod: Pod) => object) => writeStatus(applied.path, status(await read())),
      failPull: async (message: string) =>
        kubelet.record(await read(), 'Warning', 'Failed', `Failed to pull image "${IMAGE}": ${message}`, 'main'),
      remove: () => server().request('DELETE', `${applied.path}?gracePeriodSeconds=0&propagationPolicy=Background`),
      /** With a finalizer, the API server only marks it as being deleted. */
      hold: () => patch({ metadata: { finalizers: ['example.com/hold'] } }),
      /** Acts as the garbage collector. */
      collect: async () => {
        await expect
          .poll(async () => (await read()).metadata.finalizers, { timeout: 20_000 })
          .toContain('foregroundDeletion')
        await patch({ metadata: { finalizers: null } })
      },
      release: () => patch({ metadata: { finalizers: null } }),
      create: async (path: string, object: object) => {
        const { status, body } = await server().request('POST', path, object)
        expect(status).toBe(201)
        return body
      },
      [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    }
  }

  async function writeStatus(path: string, status: object): Promise<void> {
    const type = { 'content-type': 'application/merge-patch+json' }
    const { status: code } = await server().request('PATCH', `${path}/status`, { status }, type)
    expect(code).toBe(200)
  }

  const watches = ({ collection }: Applied) =>
    server().journal.filter(({ path, query }) => path === collection && query.get('watch') === 'true')

  /** Waits until the action has started this number of watches. */
  async function isWatched(applied: Applied, times = 1): Promise<void> {
    await expect.poll(() => watches(applied).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)
  }

  it.each<[string, (pod: Pod) => object]>([
    ['ready', (pod) => podStatus(pod, 'Running', isRunning)],
    ['completed', (pod) => podStatus(pod, 'Succeeded', () => hasEnded(0))],
  ])('ends when the Pod is %s', async (_, status) => {
    await using web = await setUp()
    await web.setStatus(status)
    expect(await web.wait()).toEqual({ result: 'ready' })
  })

  it.each<[string, (pod: Pod) => object, RegExp]>([
    ['has failed', (pod) => podStatus(pod, 'Failed', () => hasEnded(3)), /^container main: Error, exit code 3$/],
    [
      'is in a crash loop',
      (pod) => podStatus(pod, 'Running', (container) => isCrashing(pod, container)),
      /^container main: CrashLoopBackOff: back-off 10s restarting failed container=main .*: last exit code 1: Error$/,
    ],
    [
      'has an invalid image name',
      (pod) => podStatus(pod, 'Pending', () => isWaiting('InvalidImageName', 'invalid reference format')),
      /^container main: InvalidImageName: invalid reference format$/,
    ],
    [
      'was evicted',
      () => ({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
      /^Evicted: low on memory$/,
    ],
  ])('ends with the reason when the Pod %s', async (_, status, reason) => {
    await using web = await setUp()
    await web.setStatus(status)
    expect(await web.wait()).toMatchObject({ result: 'failed', reason: expect.stringMatching(reason) })
  })

  it('continues after a first failed pull until the Pod is ready', async () => {
    await using web = await setUp()
    await web.failPull(UNAUTHORIZED)
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ErrImagePull', UNAUTHORIZED)))
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', `Back-off`)))
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it("ends after the second failed pull with the kubelet's message", async () => {
    await using web = await setUp()
    await web.failPull(UNAUTHORIZED)
    const backOff = `Back-off pulling image "${IMAGE}"`
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', backOff)))
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.failPull(UNAUTHORIZED)
    expect(await waiting).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(
        /^container main: registry registry\.example\.com refused the credential: failed to pull and unpack .*401 Unauthorized$/,
      ),
    })
  })

  it('ends with the first back-off that no secret can fix', async () => {
    await using web = await setUp()
    await web.failPull(`rpc error: code = NotFound desc = failed to resolve reference "${IMAGE}": ${IMAGE}: not found`)
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', 'Back-off')))
    expect(await web.wait()).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(`^container main: image ${IMAGE} does not exist: `),
    })
  })

  it('ends when a transient problem persists', async () => {
    await using web = await setUp()
    let elapsedMs = 0
    const status = (message: string) => (pod: Pod) =>
      podStatus(pod, 'Pending', () => isWaiting('CreateContainerConfigError', message))
    await web.setStatus(status('secret "db" not found'))
    using captured = captureLog()
    const waiting = web.wait({ now: () => elapsedMs })
    const isLogged = (text: string) => expect.poll(() => captured.log.text, { timeout: 20_000 }).toContain(text)

    await isLogged('secret "db" not found')
    elapsedMs = MAX_TRANSIENT_MS - 1
    await web.setStatus(status('secret "cache" not found'))
    await isLogged('secret "cache" not found')
    elapsedMs = MAX_TRANSIENT_MS

    expect(await waiting).toMatchObject({
      result: 'failed',
      reason: 'container main: CreateContainerConfigError: secret "cache" not found',
      error: { code: 'container-config-invalid', details: { serverCode: 'CreateContainerConfigError' } },
    })
  })

  it('ends after the timeout with what the Pod waits for', async () => {
    await using web = await setUp()
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ContainerCreating', '')))
    expect(await web.wait({ timeoutMs: 0 })).toEqual({
      result: 'timeout',
      reason: 'the Pod is Pending, not ready yet',
      error: expect.objectContaining({
        code: 'workload-timeout',
        details: { cluster: 'test', namespace: web.namespace, resource: 'pods/web' },
      }),
    })
  })

  it('ends when the Pod is deleted', async () => {
    await using web = await setUp()
    const waiting = web.wait()
    await isWatched(web.applied)
    await web.remove()
    expect(await waiting).toEqual({
      result: 'failed',
      // The Pod may be seen before it is gone.
      reason: expect.stringMatching(/^it (?:was deleted during the wait|is being deleted)$/),
      error: expect.objectContaining({ code: 'workload-deleted' }),
    })
  })

  it.each<[string, KubernetesObject | undefined, object]>([
    ['Pod', undefined, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }],
    [
      'Deployment',
      deployment,
      { observedGeneration: 100, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
    ],
  ])('ends when a %s that is ready is being deleted, and when it is gone', async (_, manifest, status) => {
    await using web = await setUp(manifest)
    await web.setStatus(() => status)
    expect(await web.wait()).toEqual({ result: 'ready' })
    await web.hold()
    await web.remove()
    const error = expect.objectContaining({ code: 'workload-deleted' })
    const reason = 'it is being deleted (finalizers: example.com/hold)'
    expect(await web.wait()).toEqual({ result: 'failed', reason, error })
    await web.release()
    expect(await web.wait({ timeoutMs: 0 })).toEqual({
      result: 'failed',
      reason: 'it was deleted during the wait',
      error,
    })
  })

  it.each<[string, KubernetesObject | undefined, object]>([
    ['Pod', undefined, { phase: 'Succeeded' }],
    [
      'Job',
      job,
      {
        startTime: '2026-01-01T00:00:00Z',
        completionTime: '2026-01-01T00:00:00Z',
        conditions: [
          { type: 'SuccessCriteriaMet', status: 'True' },
          { type: 'Complete', status: 'True' },
        ],
      },
    ],
  ])('accepts a %s that is deleted when it is complete', async (_, manifest, status) => {
    await using web = await setUp(manifest)
    await web.setStatus(() => status)
    await web.hold()
    await web.remove()
    expect(await web.wait()).toEqual({ result: 'ready' })
  })

  it.each<[string, KubernetesObject, object, 'v1 Pod' | 'batch Job', RegExp]>([
    [
      'Pod',
      podManifest({ name: 'web', container: 'main', image: IMAGE }),
      { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
      'v1 Pod',
      /^Nothing runs a Pod that failed again\. Set `recreate-pods: true`/,
    ],
    [
      'Job',
      job,
      {
        startTime: '2026-01-01T00:00:00Z',
        conditions: [
          { type: 'FailureTarget', status: 'True' },
          { type: 'Failed', status: 'True', reason: 'Evicted', message: 'low on memory' },
        ],
      },
      'batch Job',
      /^Nothing runs a Job that failed again\. Set `recreate-jobs: true`/,
    ],
  ])('says that a %s failed before the run, or creates it again', async (_, manifest, status, kind, hint) => {
    await using web = await setUp(manifest)
    await web.setStatus(() => status)
    const apply = (options = {}) => applyTo(connectTo(server()), web.namespace, manifest, options)
    expect(await web.wait({ applied: await apply() })).toMatchObject({
      result: 'failed',
      reason: 'it failed before this run: Evicted: low on memory',
      error: { code: 'workload-failed', hint: expect.stringMatching(hint) },
    })
    expect(await apply({ recreate: [kind], dryRun: true })).toMatchObject({
      uid: web.applied.uid,
      note: 'it failed before this run: it would be deleted and created again',
    })
    const recreating = apply({ recreate: [kind] })
    if (kind === 'batch Job') await web.collect()
    const again = await recreating
    expect(again.uid).not.toBe(web.applied.uid)
    expect(again).not.toHaveProperty('hasFailedBefore')
  })

  it('ends when another object has the name', async () => {
    await using web = await setUp()
    await web.remove()
    await applyTo(connectTo(server()), web.namespace, podManifest({ name: 'web', container: 'main', image: IMAGE }))
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await web.wait()).toMatchObject({ result: 'failed', error: { code: 'workload-deleted' } })
  })

  it('ends when the run is cancelled', async () => {
    await using web = await setUp()
    const run = new AbortController()
    const waiting = web.wait({ signal: run.signal }).catch((error: unknown) => error)
    await isWatched(web.applied)
    run.abort(new Error('cancelled'))
    expect(await waiting).toMatchObject({
      message: expect.stringMatching(/^Could not wait for Pod wait.*: cancelled$/),
    })
  })

  it('ends when the kubeconfig user is not allowed to get the Pod', async () => {
    await using web = await setUp()
    const token = await server().createToken(web.namespace)
    expect(await web.wait({ userToken: token }).catch(explain)).toEqual([
      expect.stringMatching(/^Could not read Pod wait-\d+\/web in cluster test: .* 403 Forbidden/),
    ])
  })

  it('needs no other permission than to get the Pod', async () => {
    await using web = await setUp()
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { resources: ['pods'], verbs: ['get'] })
    const read = server().faults.add({ when: { path: web.applied.path }, fault: { kind: 'delay', ms: 1 } })
    const waiting = web.wait({ userToken: token })
    await expect.poll(() => read.met, { timeout: 5000 }).toBeGreaterThanOrEqual(1)
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  /** The hint when the time is over for a Deployment that its controller has seen. The user gets the Deployment, and lists these. */
  async function hintForUser(listed: readonly string[]): Promise<string> {
    await using web = await setUp(deployment)
    await writeStatus(web.applied.path, { observedGeneration: 9, replicas: 1, updatedReplicas: 1 })
    const token = await server().createToken(web.namespace)
    const apiGroups = ['', 'apps']
    const { namespace } = web
    await grant(server(), namespace, namespace, { apiGroups, resources: ['deployments'], verbs: ['get'] })
    const subject = { kind: 'ServiceAccount', namespace: 'default', name: namespace }
    const rule = { apiGroups, resources: listed, verbs: ['list', 'watch'] }
    if (listed.length > 0) await grant(server(), namespace, 'lists', rule, subject)
    let checks = 0
    const isRead = () => server().journal.some(({ path }) => path.includes(`/${namespace}/replicasets`)) && ++checks > 5
    const result = await web.wait({ userToken: token, now: () => (isRead() ? TIMEOUT_MS : 0) })
    return result.result === 'ready' ? expect.fail('it cannot be ready') : (result.error.hint ?? '')
  }

  it.each([
    [[], 'deployments, events, pods, replicasets'],
    [['deployments', 'pods'], 'events, replicasets'],
    [['deployments', 'pods', 'replicasets'], 'events'],
  ])('names what may show the reason, where the user lists only %j', async (listed, lacking) => {
    expect(await hintForUser(listed)).toMatch(
      new RegExp(`The kubeconfig user is not allowed to list or watch what may show the reason: ${lacking}\\.$`),
    )
  })

  it('says nothing about permissions where the user may list all that shows the reason', async () => {
    expect(await hintForUser(['deployments', 'pods', 'replicasets', 'events'])).not.toContain('is not allowed')
  })

  it('names the events where the user may not list them, after what the status of the Pod says', async () => {
    await using web = await setUp()
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { resources: ['pods'], verbs: ['get'] })
    await web.setStatus((pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', 'Back-off pulling')))
    const result = await web.wait({ userToken: token, timeoutMs: 0 })
    expect(result).toMatchObject({ error: { hint: expect.stringMatching(/ may show the reason: events\.$/) } })
  })

  it('fails for a Job that is deleted, and says that it may have finished where the user may not watch it', async () => {
    await using web = await setUp(job)
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'] })
    const read = server().faults.add({ when: { path: web.applied.path }, fault: { kind: 'delay', ms: 1 } })
    const waiting = web.wait({ userToken: token })
    await expect.poll(() => read.met, { timeout: 5000 }).toBeGreaterThanOrEqual(1)
    await web.remove()
    expect(await waiting).toMatchObject({
      result: 'failed',
      reason: 'it was deleted during the wait, and it is not known whether it had finished',
      error: { code: 'workload-deleted', hint: expect.stringMatching(/ may show the reason: \S*.*jobs/) },
    })
  })

  it('lists repeatedly where the kubeconfig user can list but not watch', async () => {
    await using web = await setUp()
    const token = await server().createToken(web.namespace)
    await grant(server(), web.namespace, web.namespace, { resources: ['pods'], verbs: ['list', 'get'] })
    const waiting = web.wait({ userToken: token })
    await isWatched(web.applied)
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it.each<[string, Parameters<ReturnType<typeof server>['faults']['add']>[0]['fault']]>([
    ['is cut off', { kind: 'cut', ms: 200 }],
    ['is reset', { kind: 'reset-before' }],
    ['is refused with 410 Gone', { kind: 'status', status: 410 }],
    [
      'receives the event 410 Gone',
      { kind: 'status', status: 200, body: '{"type":"ERROR","object":{"kind":"Status","code":410}}\n' },
    ],
    ['receives no JSON', { kind: 'status', status: 200, body: '<html>\n' }],
    ['is refused with 503', { kind: 'status', status: 503 }],
    ['is refused with 401 once the token has expired', { kind: 'status', status: 401 }],
  ])('continues when the watch %s', async (_, fault) => {
    await using web = await setUp()
    const isWatch = ({ path, query }: { path: string; query: URLSearchParams }) =>
      path === web.applied.collection && query.get('watch') === 'true'
    server().faults.add({ when: isWatch, fault, times: 3 })
    const waiting = web.wait()
    await isWatched(web.applied, 3)
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
  })

  it('does not take a response that is not a list for a deleted Pod', async () => {
    await using web = await setUp()
    const isWatch = ({ query }: { query: URLSearchParams }) => query.get('watch') === 'true'
    const isOurs = ({ path }: { path: string }) => path === web.applied.collection
    const gone = { kind: 'status', status: 410 } as const
    server().faults.add({ when: (one) => isOurs(one) && isWatch(one), fault: gone, times: 1 })
    let lists = 0
    const isSecond = (one: Parameters<typeof isOurs>[0] & Parameters<typeof isWatch>[0]) =>
      isOurs(one) && !isWatch(one) && ++lists === 2
    const portal = server().faults.add({ when: isSecond, fault: { kind: 'status', status: 200, body: '{}' }, times: 1 })
    const waiting = web.wait()
    await isWatched(web.applied, 2)
    await web.setStatus((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready' })
    expect(portal.met).toBe(1)
  })

  it('ends when the API server keeps refusing the user', async () => {
    await using web = await setUp()
    const when = { path: web.applied.collection }
    server().faults.add({ when, fault: { kind: 'status', status: 401 }, times: 5 })
    expect(await web.wait().catch(explain)).toEqual([expect.stringMatching(/^Could not list .* 401/)])
  })

  it('diagnoses the Pods of the current revision of a Deployment', async () => {
    await using web = await setUp(deployment)
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
      reason: '1 old replicas are pending termination: Pod web-2-a: container main: InvalidImageName: wrong',
    })
  })

  it('adds the latest warning event about a Pod that is not ready in time', async () => {
    await using web = await setUp()
    const message = 'MountVolume.SetUp failed for volume "config" : configmap "settings" not found'
    const { url, certificateAuthority, adminToken: token } = server()
    await using kubelet = createKubeletApi({ server: url, certificateAuthority, token }, neverAborted)
    await kubelet.record((await server().request('GET', web.applied.path)).body, 'Warning', 'FailedMount', message)
    expect(await web.wait({ timeoutMs: 0 })).toMatchObject({
      result: 'timeout',
      reason: `the Pod is Pending, not ready yet: FailedMount: ${message}`,
    })
  })
})
