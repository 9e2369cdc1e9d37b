import { describe, expect, it } from 'vitest'
import { explain } from '../../src/errors.ts'
import { type Applied, applyObject } from '../../src/workload/apply.ts'
import { podManifest } from '../../src/workload/manifest.ts'
import { judge, waitForPod } from '../../src/workload/wait.ts'
import { connectTo } from '../cluster/connect-to.ts'
import { describeServers } from '../servers/kubernetes/describe-servers.ts'
import { hasEnded, isCrashing, isRunning, isWaiting, type Pod, podStatus } from '../servers/practice/pod-status.ts'

const ASK = 60_000
const { signal } = new AbortController()

describeServers((server) => {
  let namespaces = 0

  /** A Pod that the test plays the kubelet for. */
  async function scene() {
    const namespace = `wait-${++namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server())
    const manifest = podManifest({ name: 'web', container: 'main', image: 'team/web:1' })
    const options = { dryRun: false, recreatePods: false, signal }
    const applied = await applyObject(cluster, manifest, namespace, options)
    const { body: pod } = await server().request('GET', applied.path)
    return {
      applied,
      wait: (timeout = ASK, until = signal) => waitForPod(cluster, applied, timeout, until),
      say: (status: (pod: Pod) => object) => writeStatus(applied, status(pod)),
      remove: () => server().request('DELETE', `${applied.path}?gracePeriodSeconds=0`),
    }
  }

  async function writeStatus({ path }: Applied, status: object): Promise<void> {
    const type = { 'content-type': 'application/merge-patch+json' }
    const { status: code } = await server().request('PATCH', `${path}/status`, { status }, type)
    expect(code).toBe(200)
  }

  /** Waits until the action has asked for the Pod. */
  async function isAsked({ path }: Applied): Promise<void> {
    const asked = server().faults.add({ when: { method: 'GET', path }, fault: { kind: 'delay', ms: 1 } })
    await expect.poll(() => asked.met, { timeout: 5000 }).toBe(1)
  }

  it.each<[string, (pod: Pod) => object]>([
    ['ready', (pod) => podStatus(pod, 'Running', isRunning)],
    ['done', (pod) => podStatus(pod, 'Succeeded', () => hasEnded(0))],
  ])('ends well with a Pod that is %s', async (_, status) => {
    const { wait, say } = await scene()
    await say(status)
    expect(await wait()).toEqual({ result: 'ready', reason: undefined })
  })

  it.each<[string, (pod: Pod) => object, RegExp]>([
    ['has failed', (pod) => podStatus(pod, 'Failed', () => hasEnded(3)), /^container main: Error, exit code 3$/],
    [
      'cannot pull its image',
      (pod) => podStatus(pod, 'Pending', () => isWaiting('ImagePullBackOff', 'Back-off pulling image "team/web:1"')),
      /^container main: ImagePullBackOff: Back-off pulling image "team\/web:1"$/,
    ],
    [
      'crashes again and again',
      (pod) => podStatus(pod, 'Running', (container) => isCrashing(pod, container)),
      /^container main: CrashLoopBackOff: back-off 10s restarting failed container=main/,
    ],
    [
      'was evicted',
      () => ({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
      /^Evicted: low on memory$/,
    ],
  ])('ends with the reason of a Pod that %s', async (_, status, reason) => {
    const { wait, say } = await scene()
    await say(status)
    expect(await wait()).toEqual({ result: 'failed', reason: expect.stringMatching(reason) })
  })

  it('goes on through a first failed pull, and sees the Pod get ready', async () => {
    const { applied, wait, say } = await scene()
    await say((pod) => podStatus(pod, 'Pending', () => isWaiting('ErrImagePull', 'unauthorized')))
    const waiting = wait()
    await isAsked(applied)
    await say((pod) => podStatus(pod, 'Running', isRunning))
    expect(await waiting).toEqual({ result: 'ready', reason: undefined })
  })

  it('ends when its time has passed, and says what the Pod waits for', async () => {
    const { wait, say } = await scene()
    await say((pod) => podStatus(pod, 'Pending', () => isWaiting('ContainerCreating', '')))
    expect(await wait(0)).toEqual({ result: 'timeout', reason: 'container main: ContainerCreating' })
  })

  it('ends when the Pod is deleted meanwhile', async () => {
    const { applied, wait, remove } = await scene()
    const waiting = wait()
    await isAsked(applied)
    await remove()
    expect(await waiting).toEqual({ result: 'failed', reason: 'it was deleted while we waited' })
  })

  it('ends with the run', async () => {
    const { applied, wait } = await scene()
    const run = new AbortController()
    const waiting = wait(ASK, run.signal).catch((error: unknown) => error)
    await isAsked(applied)
    run.abort(new Error('cancelled'))
    expect(await waiting).toMatchObject({ message: 'cancelled' })
  })

  it('is told when the Pod may not be read', async () => {
    const { applied } = await scene()
    const token = await server().createToken(applied.namespace)
    const waiting = waitForPod(connectTo(server(), { token }), applied, ASK, signal)
    expect(await waiting.catch(explain)).toEqual([
      expect.stringMatching(/^Could not read Pod wait-\d+\/web in the cluster practice: .* 403 Forbidden/),
    ])
  })
})

describe('the status of a Pod', () => {
  const waiting = (reason: string) => [{ name: 'main', state: { waiting: { reason } } }]

  it.each<[string, object, string, string | undefined]>([
    ['nothing', {}, 'waiting', 'the Pod is Pending, not ready yet'],
    ['running, not ready', { phase: 'Running' }, 'waiting', 'the Pod is Running, not ready yet'],
    [
      'no node for it',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no memory' }] },
      'waiting',
      'Unschedulable: no memory',
    ],
    ['a first failed pull', { containerStatuses: waiting('ErrImagePull') }, 'waiting', 'container main: ErrImagePull'],
    ['an init container in trouble', { initContainerStatuses: waiting('CrashLoopBackOff') }, 'failed', undefined],
    ...[
      'InvalidImageName',
      'ErrImageNeverPull',
      'CreateContainerConfigError',
      'CreateContainerError',
      'RunContainerError',
    ].map((reason): [string, object, string, string] => [
      reason,
      { containerStatuses: waiting(reason) },
      'failed',
      `container main: ${reason}`,
    ]),
    [
      'ready, with an init container that is long gone',
      {
        conditions: [{ type: 'Ready', status: 'True' }],
        initContainerStatuses: [{ name: 'i', state: { terminated: {} } }],
      },
      'ready',
      undefined,
    ],
    ['failed without a word', { phase: 'Failed' }, 'failed', 'the Pod has failed'],
    [
      'words that would be a command',
      { phase: 'Failed', reason: 'Evicted', message: 'a\n::set-output name=x::y' },
      'failed',
      'Evicted: a\\n: :set-output name=x: :y',
    ],
  ])('is understood: %s', (_, status, result, reason) => {
    expect(judge(status as Record<string, unknown>)).toMatchObject({ result, ...(reason && { reason }) })
  })
})
