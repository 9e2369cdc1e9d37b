// What a run with a manifest applies, and how it reports workloads that do not run.
import { expect, it, vi } from 'vitest'
import { isRunning, isWaiting, podStatus } from '../support/fake-node/pod-status.ts'
import type { RecordedRequest } from '../support/http/exchange.ts'
import { startFakeIbm } from '../support/ibm/environment.ts'
import { definition } from '../support/kubernetes/conformance/custom-resource.ts'
import { startFakeControllers } from '../support/kubernetes/controllers.ts'
import { describeScenarios, isOurs, type Scenario, SECRET } from './harness.ts'

const yaml = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n')
const imageOf = ({ ibm }: Scenario, tag = ibm.image.tag) => `${ibm.registryHost}/${ibm.image.repository}:${tag}`

const template = (image: string, more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }], ...more },
})
const deployment = (image: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template(image), ...more },
})
const job = (image: string, annotations: object) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'once' },
  spec: {
    backoffLimit: 0,
    template: { metadata: { annotations }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } },
  },
})

const isWatch = (request: Pick<RecordedRequest, 'query' | 'headers'>) =>
  isOurs(request) && request.query.get('watch') === 'true'

describeScenarios('a manifest', (openScenario) => {
  it('of a Deployment and a Job is applied and becomes ready', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)
    const image = imageOf(scenario)

    const result = await scenario.run({ manifest: yaml(deployment(image), job(image, { 'fake-node/exit': '0' })) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const common = { cluster: scenario.kube.name, namespace: scenario.namespace }
    expect(JSON.parse(result.outputs.workloads ?? '')).toEqual([
      { ...common, kind: 'Deployment', name: 'web', result: 'ready' },
      { ...common, kind: 'Job', name: 'once', result: 'ready' },
    ])
    expect(result.log).toMatch(/Deployment scenario-\w+\/web: \d of 2 /)
  })

  it('of a Deployment whose new image does not exist fails early with the reason', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)
    await scenario.run({ manifest: yaml(deployment(imageOf(scenario))) })

    const result = await scenario.run({ manifest: yaml(deployment(imageOf(scenario, 'none'))) })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toMatch(
      /Pod web-\w+-\d: container main: image 127\.0\.0\.1:\d+\/team\/app:none does not exist: /,
    )

    const fixed = await scenario.run({ manifest: yaml(deployment(imageOf(scenario))) })
    expect(fixed).toMatchObject({ code: 0, annotations: [] })
  })

  it('of a Deployment whose Pods the cluster refuses fails with the reason', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)
    const refused = template(imageOf(scenario), { serviceAccountName: 'missing' })

    const result = await scenario.run({ manifest: yaml(deployment(imageOf(scenario), { template: refused })) })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toContain(': FailedCreate: pods "web-')
  })

  it('of a Job that fails reports the exit code of its Pod', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)

    const result = await scenario.run({ manifest: yaml(job(imageOf(scenario), { 'fake-node/exit': '3' })) })

    expect(result.code).toBe(1)
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([
      {
        result: 'failed',
        reason:
          'BackoffLimitExceeded: Job has reached the specified backoff limit: Pod once-0: container main: Error, exit code 3',
      },
    ])
  })

  it('of a Job with another template replaces the Job only when it has finished and `recreate-jobs` is set', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)
    const [exits, runs] = [{ 'fake-node/exit': '0' }, { 'fake-node/exit': '0', 'example.com/v': '2' }]
    const of = (annotations: object) => ({ manifest: yaml(job(imageOf(scenario), annotations)) })
    expect(await scenario.run(of(exits))).toMatchObject({ code: 0, annotations: [] })

    const refused = await scenario.run(of(runs))
    const replaced = await scenario.run({
      ...of({ 'example.com/v': '3' }),
      'recreate-jobs': 'true',
      'wait-timeout': '0',
    })
    const running = await scenario.run({ ...of(runs), 'recreate-jobs': 'true' })

    expect([refused.code, replaced.code, running.code]).toEqual([1, 0, 1])
    expect(refused.annotations[0]?.message).toMatch(
      /^Could not apply Job scenario-\w+\/once .*field is immutable\..*`recreate-jobs: true`.*`ttlSecondsAfterFinished`.*#cluster-rejected$/,
    )
    expect(replaced.log).toContain(`refused to change Job ${scenario.namespace}/once: deleting and creating it again`)
    expect(running.annotations[0]?.message).toContain('/once has not finished, so it is not deleted')
  })

  it.each<[string, (scenario: Scenario, elsewhere: string) => string, string]>([
    ['a tag that does not exist', (scenario) => imageOf(scenario, 'none'), ':none does not exist'],
    [
      'a repository without access',
      ({ ibm }) => `${ibm.registryHost}/${ibm.otherImage.repository}:1`,
      'is not allowed to pull from',
    ],
    ['another registry', (_scene, elsewhere) => `${elsewhere}/team/app:1`, `but secret ${SECRET} is for 127.0.0.1`],
    ['an unreachable registry', () => '127.0.0.1:1/team/app:1', 'the node could not reach registry'],
  ])('with %s fails with its own reason', async (_, image, reason) => {
    await using scenario = await openScenario()
    await using other = await startFakeIbm()

    const result = await scenario.run({ image: image(scenario, other.registryHost), 'pod-name': 'web' })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toContain(reason)
  })

  it('can define its own kinds and namespaces', async () => {
    await using scenario = await openScenario()
    await using _ = startFakeControllers(scenario.kube, scenario.namespace)
    const suffix = scenario.namespace.replace('scenario-', '')
    const [shops, planets] = [definition(`Shop${suffix}`, 'Namespaced'), definition(`Planet${suffix}`, 'Cluster')]
    const custom = ({ spec }: ReturnType<typeof definition>) => ({
      apiVersion: 'example.com/v1',
      kind: spec.names.kind,
      metadata: { name: 'one' },
    })
    const made = `${scenario.namespace}-made`
    const pod = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'in', namespace: made },
    }
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: made } }
    const more = await scenario.createNamespace()

    const result = await scenario.run({
      namespaces: `${scenario.namespace},${more}`,
      manifest: yaml(custom(shops), custom(planets), pod, planets, shops, namespace),
    })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const workloads = JSON.parse(result.outputs.workloads ?? '').map(
      ({ kind, namespace: where, result }: Record<string, string>) => `${kind} ${where} ${result}`,
    )
    expect(workloads).toEqual([
      'Namespace  applied',
      'CustomResourceDefinition  applied',
      'CustomResourceDefinition  applied',
      `Shop${suffix} ${scenario.namespace} applied`,
      `Shop${suffix} ${more} applied`,
      `Planet${suffix}  applied`,
      `ConfigMap ${made} applied`,
    ])
    expect(scenario.requests(/^kubernetes GET \/(api\/v1|apis\/[^/]+\/v1)$/).length).toBeLessThanOrEqual(3)
  })

  it('is waited for although every watch is cut off after two seconds', async () => {
    await using scenario = await openScenario()
    const cut = scenario.kube.faults.add({ when: isWatch, fault: { kind: 'cut', ms: 2000 }, times: 1000 })
    const path = `/api/v1/namespaces/${scenario.namespace}/pods/web`
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      // No node matches, so the fake node does not run it.
      spec: { nodeSelector: { disk: 'none' }, containers: [{ name: 'main', image: imageOf(scenario) }] },
    }

    const running = scenario.start({ manifest: yaml(pod) })
    await vi.waitFor(() => expect(cut.met).toBeGreaterThan(2), 60_000)
    const { body } = await scenario.kube.request('GET', path)
    const status = podStatus(body, 'Running', isRunning)
    await scenario.kube.request(
      'PATCH',
      `${path}/status`,
      { status },
      { 'content-type': 'application/merge-patch+json' },
    )

    expect(await running.result).toMatchObject({ code: 0, annotations: [] })
  })

  it('whose pull the kubelet delays is waited for, with the setting of the kubelet in the log', async () => {
    await using scenario = await openScenario()
    const { kube, namespace } = scenario
    const path = `/api/v1/namespaces/${namespace}`
    const image = imageOf(scenario)
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      // No node matches, so the fake node does not run it.
      spec: { nodeSelector: { disk: 'none' }, containers: [{ name: 'main', image }] },
    }
    const lines: string[] = []
    const running = scenario.start({ manifest: yaml(pod) }, (line) => lines.push(line))
    const found = await vi.waitFor(async () => {
      const { status, body } = await kube.request('GET', `${path}/pods/web`)
      expect(status).toBe(200)
      return body
    }, 60_000)
    const setStatus = (status: object) =>
      kube.request('PATCH', `${path}/pods/web/status`, { status }, { 'content-type': 'application/merge-patch+json' })
    const now = new Date().toISOString().replace(/\.\d+/, '')
    const event = {
      metadata: { name: 'web.1' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web', uid: found.metadata.uid },
      ...{ type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": pull QPS exceeded` },
      ...{ firstTimestamp: now, lastTimestamp: now, count: 3 },
    }
    expect((await kube.request('POST', `${path}/events`, event)).status).toBe(201)

    await setStatus(
      podStatus(found, 'Pending', () => isWaiting('ImagePullBackOff', `Back-off pulling image "${image}"`)),
    )
    await vi.waitFor(() => expect(lines.join('\n')).toContain('`registryPullQPS`'), 60_000)
    await setStatus(podStatus(found, 'Running', isRunning))

    expect(await running.result).toMatchObject({ code: 0, annotations: [] })
  })

  it('whose image was already on the node is ready with a warning', async () => {
    await using scenario = await openScenario()
    const path = `/api/v1/namespaces/${scenario.namespace}`
    const image = imageOf(scenario)
    await scenario.run({ image, 'pod-name': 'web' })
    const { body: pod } = await scenario.kube.request('GET', `${path}/pods/web`)
    const involvedObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: scenario.namespace,
      name: 'web',
      uid: pod.metadata.uid,
    }
    const message = `Container image "${image}" already present on machine`
    const event = { metadata: { name: 'web.1' }, involvedObject, type: 'Normal', reason: 'Pulled', message }
    expect((await scenario.kube.request('POST', `${path}/events`, event)).status).toBe(201)

    const result = await scenario.run({ image, 'pod-name': 'web' })

    expect(result.code).toBe(0)
    expect(result.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining(
          `The nodes already had the image of Pod ${scenario.namespace}/web, so this run did not verify that secret ${SECRET} can pull it. Set \`imagePullPolicy: Always\` or \`verify-image\`.`,
        ),
      },
    ])
  })
})
