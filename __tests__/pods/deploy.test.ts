// What the step says of Pods that a real kubelet cannot run.
import { expect, it } from 'vitest'
import { type Scene, SECRET } from '../e2e/harness.ts'
import { startPracticeEnvironment } from '../support/ibm/environment.ts'
import { image, tellOnNode } from './harness.ts'

const deployment = (image: string, secret: string = SECRET) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          imagePullSecrets: [{ name: secret }],
          containers: [{ name: 'main', image, imagePullPolicy: 'Always' }],
        },
      },
    },
  })

tellOnNode('a Deployment', (openScene) => {
  /** What the step says, and how many seconds after the first pull. */
  async function failureOf(scene: Scene, inputs: Record<string, string>) {
    const result = await scene.run({ ...inputs, 'wait-timeout': '2m' })
    const end = Date.now()
    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '[{}]')
    const { body } = await scene.kube.request('GET', `/api/v1/namespaces/${scene.namespace}/events`)
    const pulls = body.items.filter(({ reason }: { reason: string }) => reason === 'Pulling')
    const first = Math.min(...pulls.map((event: { firstTimestamp: string }) => Date.parse(event.firstTimestamp)))
    return { ...workload, seconds: (end - first) / 1000 }
  }

  it('is ready when its Pods have pulled the image with the secret', async () => {
    await using scene = await openScene()

    const result = await scene.run({ manifest: deployment(image(scene)) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ kind: 'Deployment', result: 'ready' }])
  })

  it('and every other kind gets ready, at first and when it is changed', async () => {
    await using scene = await openScene()
    const labels = { app: 'all' }
    const manifest = (version: string) => {
      const pod = { containers: [{ name: 'main', image: image(scene), env: [{ name: 'VERSION', value: version }] }] }
      const template = { metadata: { labels }, spec: pod }
      const object = (apiVersion: string, kind: string, spec: object, name = kind.toLowerCase()) =>
        JSON.stringify({ apiVersion, kind, metadata: { name }, spec })
      const spec = (app: string, more: object = {}) => ({
        selector: { matchLabels: { app } },
        template: { ...template, metadata: { labels: { app } } },
        ...more,
      })
      const once = {
        ...pod,
        restartPolicy: 'Never',
        containers: [{ ...pod.containers[0], command: ['/busybox', 'true'] }],
      }
      return [
        object('apps/v1', 'StatefulSet', spec('s', { serviceName: 'none', replicas: 2 })),
        object('apps/v1', 'DaemonSet', spec('d')),
        object('apps/v1', 'ReplicaSet', spec('r', { replicas: 2 })),
        object('batch/v1', 'Job', { template: { spec: once } }, `job-${version}`),
        object('v1', 'ConfigMap', {}).replace(',"spec":{}', ''),
      ].join('\n---\n')
    }

    for (const version of ['1', '2']) {
      const result = await scene.run({ manifest: manifest(version) })
      expect(result).toMatchObject({ code: 0 })
      const workloads = JSON.parse(result.outputs.workloads ?? '') as { result: string }[]
      expect(workloads.map(({ result }) => result)).toEqual(['ready', 'ready', 'ready', 'ready', 'applied'])
      const { body } = await scene.kube.request(
        'GET',
        `/apis/apps/v1/namespaces/${scene.namespace}/statefulsets/statefulset`,
      )
      expect(body.status.updatedReplicas ?? body.status.currentReplicas).toBe(2)
    }
  })

  it('of a Job that fails is told by the end of its Pod', async () => {
    await using scene = await openScene()
    const containers = [{ name: 'main', image: image(scene), command: ['/busybox', 'false'] }]
    const spec = { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers } } }
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec }

    const workload = await failureOf(scene, { manifest: JSON.stringify(job) })

    expect(workload.reason).toMatch(/^BackoffLimitExceeded: .*: Pod once-\w+: container main: Error, exit code 1$/)
  })

  it.each<[string, (scene: Scene, elsewhere: string) => string, RegExp]>([
    [
      'a tag that is not there',
      (scene) => image(scene).replace(/[^:]+$/, 'none'),
      /there is no image .*:none: .*not found$/,
    ],
    [
      'the repository of others',
      ({ ibm }) => `${ibm.registryHost}/${ibm.otherImage.repository}:1`,
      /has no right to the repository/,
    ],
    [
      'another registry',
      (_scene, elsewhere) => `${elsewhere}/team/app:1`,
      /the image is at .*, and the secret regcred is for /,
    ],
    ['a dead registry', () => '127.0.0.1:1/team/app:1', /gives the node no answer: .*connection refused$/],
  ])('with %s fails within half a minute of the first pull', async (_, wrong, says) => {
    await using scene = await openScene()
    await using other = await startPracticeEnvironment()

    const workload = await failureOf(scene, { manifest: deployment(wrong(scene, other.registryHost)) })

    expect(workload).toMatchObject({ result: 'failed', reason: expect.stringMatching(says) })
    expect(workload.seconds).toBeLessThan(30)
  })

  it('with a revoked token fails within half a minute of the first pull', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    scene.ibm.revokeToken(outputs['token-id'] ?? '')

    const noSecret = { 'secret-name': '', 'docker-email': '' }
    const workload = await failureOf(scene, { ...noSecret, manifest: deployment(image(scene)) })

    expect(workload).toMatchObject({ result: 'failed', reason: expect.stringMatching(/refuses the credential: /) })
    expect(workload.seconds).toBeLessThan(30)
  })

  it('that is stuck gets ready with the new secret, although its old pulls have failed', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    scene.ibm.revokeToken(outputs['token-id'] ?? '')
    const path = `/apis/apps/v1/namespaces/${scene.namespace}/deployments`
    await scene.kube.request('POST', path, JSON.parse(deployment(image(scene))))
    const events = `/api/v1/namespaces/${scene.namespace}/events?fieldSelector=reason%3DBackOff`
    await expect
      .poll(async () => (await scene.kube.request('GET', events)).body.items.length, { timeout: 60_000 })
      .toBe(1)

    const result = await scene.run({ manifest: deployment(image(scene)) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
  })
})
