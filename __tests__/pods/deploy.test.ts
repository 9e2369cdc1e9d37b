// The errors of the step about Pods that a real kubelet cannot run.
import { expect, it } from 'vitest'
import { type Scenario, SECRET } from '../e2e/harness.ts'
import { startFakeIbm } from '../support/ibm/environment.ts'
import { describeOnNode, image } from './harness.ts'

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

describeOnNode('a Deployment', (openScenario) => {
  /** The failed workload in the output of the step, and the seconds since the first pull. */
  async function errorOf(scenario: Scenario, inputs: Record<string, string>) {
    const result = await scenario.run({ ...inputs, 'wait-timeout': '2m' })
    const end = Date.now()
    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '[{}]')
    const { body } = await scenario.kube.request('GET', `/api/v1/namespaces/${scenario.namespace}/events`)
    const pulls = body.items.filter(({ reason }: { reason: string }) => reason === 'Pulling')
    const first = Math.min(...pulls.map((event: { firstTimestamp: string }) => Date.parse(event.firstTimestamp)))
    return { ...workload, seconds: (end - first) / 1000 }
  }

  it('is ready when its Pods have pulled the image with the secret', async () => {
    await using scenario = await openScenario()

    const result = await scenario.run({ manifest: deployment(image(scenario)) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ kind: 'Deployment', result: 'ready' }])
  })

  it('and workloads of all other kinds become ready, when created and when changed', async () => {
    await using scenario = await openScenario()
    const labels = { app: 'all' }
    const manifest = (version: string) => {
      const pod = { containers: [{ name: 'main', image: image(scenario), env: [{ name: 'VERSION', value: version }] }] }
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
      const result = await scenario.run({ manifest: manifest(version) })
      expect(result).toMatchObject({ code: 0 })
      const workloads = JSON.parse(result.outputs.workloads ?? '') as { result: string }[]
      expect(workloads.map(({ result }) => result)).toEqual(['ready', 'ready', 'ready', 'ready', 'applied'])
      const { body } = await scenario.kube.request(
        'GET',
        `/apis/apps/v1/namespaces/${scenario.namespace}/statefulsets/statefulset`,
      )
      expect(body.status.updatedReplicas ?? body.status.currentReplicas).toBe(2)
    }
  })

  it('and a failed Job is reported with the exit code of its Pod', async () => {
    await using scenario = await openScenario()
    const containers = [{ name: 'main', image: image(scenario), command: ['/busybox', 'false'] }]
    const spec = { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers } } }
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec }

    const workload = await errorOf(scenario, { manifest: JSON.stringify(job) })

    expect(workload.reason).toMatch(/^BackoffLimitExceeded: .*: Pod once-\w+: container main: Error, exit code 1$/)
  })

  it.each<[string, (scenario: Scenario, elsewhere: string) => string, RegExp]>([
    [
      'a tag that does not exist',
      (scenario) => image(scenario).replace(/[^:]+$/, 'none'),
      /image .*:none does not exist: .*not found$/,
    ],
    [
      'a repository without access',
      ({ ibm }) => `${ibm.registryHost}/${ibm.otherImage.repository}:1`,
      /is not allowed to pull from repository/,
    ],
    [
      'another registry',
      (_scene, elsewhere) => `${elsewhere}/team/app:1`,
      /the image is on .*, but secret regcred is for /,
    ],
    [
      'an unreachable registry',
      () => '127.0.0.1:1/team/app:1',
      /the node could not reach registry .*connection refused$/,
    ],
  ])('with %s fails within half a minute of the first pull', async (_, imageIn, message) => {
    await using scenario = await openScenario()
    await using other = await startFakeIbm()

    const workload = await errorOf(scenario, { manifest: deployment(imageIn(scenario, other.registryHost)) })

    expect(workload).toMatchObject({ result: 'failed', reason: expect.stringMatching(message) })
    expect(workload.seconds).toBeLessThan(30)
  })

  it('with a revoked token fails within half a minute of the first pull', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    scenario.ibm.revokeToken(outputs['token-id'] ?? '')

    const noSecret = { 'secret-name': '', 'docker-email': '' }
    const workload = await errorOf(scenario, { ...noSecret, manifest: deployment(image(scenario)) })

    expect(workload).toMatchObject({ result: 'failed', reason: expect.stringMatching(/refused the credential: /) })
    expect(workload.seconds).toBeLessThan(30)
  })

  it('that cannot pull becomes ready with the new secret, although earlier pulls failed', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    scenario.ibm.revokeToken(outputs['token-id'] ?? '')
    const path = `/apis/apps/v1/namespaces/${scenario.namespace}/deployments`
    await scenario.kube.request('POST', path, JSON.parse(deployment(image(scenario))))
    const events = `/api/v1/namespaces/${scenario.namespace}/events?fieldSelector=reason%3DBackOff`
    await expect
      .poll(async () => (await scenario.kube.request('GET', events)).body.items.length, { timeout: 60_000 })
      .toBe(1)

    const result = await scenario.run({ manifest: deployment(image(scenario)) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
  })
})
