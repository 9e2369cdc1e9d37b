// What a manifest makes of a cluster, and what the step says when it does not run.
import { expect, it } from 'vitest'
import { isRunning, podStatus } from '../support/fake-node/pod-status.ts'
import type { PracticeRequest } from '../support/http/exchange.ts'
import { startPracticeEnvironment } from '../support/ibm/environment.ts'
import { definition } from '../support/kubernetes/conformance/custom-resource.ts'
import { startPracticeControllers } from '../support/kubernetes/controllers.ts'
import { isOurs, type Scene, SECRET, tell } from './harness.ts'

const yaml = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n')
const imageOf = ({ ibm }: Scene, tag = ibm.image.tag) => `${ibm.registryHost}/${ibm.image.repository}:${tag}`

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

const isWatch = (request: Pick<PracticeRequest, 'query' | 'headers'>) =>
  isOurs(request) && request.query.get('watch') === 'true'

tell('a manifest', (openScene) => {
  it('of a Deployment and a Job ends when both have run', async () => {
    await using scene = await openScene()
    await using _ = startPracticeControllers(scene.kube)
    const image = imageOf(scene)

    const result = await scene.run({ manifest: yaml(deployment(image), job(image, { 'practice/exit': '0' })) })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const common = { cluster: scene.kube.name, namespace: scene.namespace }
    expect(JSON.parse(result.outputs.workloads ?? '')).toEqual([
      { ...common, kind: 'Deployment', name: 'web', result: 'ready' },
      { ...common, kind: 'Job', name: 'once', result: 'ready' },
    ])
    expect(result.log).toMatch(/Deployment story-\w+\/web: \d of 2 /)
  })

  it('of a Deployment whose new image is not there fails by its reason, and not by the time', async () => {
    await using scene = await openScene()
    await using _ = startPracticeControllers(scene.kube)
    await scene.run({ manifest: yaml(deployment(imageOf(scene))) })

    const result = await scene.run({ manifest: yaml(deployment(imageOf(scene, 'none'))) })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toMatch(
      /Pod web-\w+-\d: container main: there is no image 127\.0\.0\.1:\d+\/team\/app:none: /,
    )

    const healed = await scene.run({ manifest: yaml(deployment(imageOf(scene))) })
    expect(healed).toMatchObject({ code: 0, annotations: [] })
  })

  it('of a Deployment whose Pods the cluster refuses says so', async () => {
    await using scene = await openScene()
    await using _ = startPracticeControllers(scene.kube)
    const refused = template(imageOf(scene), { serviceAccountName: 'nobody' })

    const result = await scene.run({ manifest: yaml(deployment(imageOf(scene), { template: refused })) })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toContain(': FailedCreate: pods "web-')
  })

  it('of a Job that fails says how its Pod ended', async () => {
    await using scene = await openScene()
    await using _ = startPracticeControllers(scene.kube)

    const result = await scene.run({ manifest: yaml(job(imageOf(scene), { 'practice/exit': '3' })) })

    expect(result.code).toBe(1)
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([
      {
        result: 'failed',
        reason:
          'BackoffLimitExceeded: Job has reached the specified backoff limit: Pod once-0: container main: Error, exit code 3',
      },
    ])
  })

  it.each<[string, (scene: Scene, elsewhere: string) => string, string]>([
    ['a tag that is not there', (scene) => imageOf(scene, 'none'), 'there is no image'],
    ['the repository of others', ({ ibm }) => `${ibm.registryHost}/${ibm.otherImage.repository}:1`, 'has no right to'],
    ['another registry', (_scene, elsewhere) => `${elsewhere}/team/app:1`, `and the secret ${SECRET} is for 127.0.0.1`],
    ['a registry that is dead', () => '127.0.0.1:1/team/app:1', 'gives the node no answer'],
  ])('with %s is told apart', async (_, image, says) => {
    await using scene = await openScene()
    await using other = await startPracticeEnvironment()

    const result = await scene.run({ image: image(scene, other.registryHost), 'pod-name': 'web' })

    expect(result.code).toBe(1)
    const [workload] = JSON.parse(result.outputs.workloads ?? '')
    expect(workload.result).toBe('failed')
    expect(workload.reason).toContain(says)
  })

  it('brings its own kinds and namespaces, each once', async () => {
    await using scene = await openScene()
    await using _ = startPracticeControllers(scene.kube)
    const suffix = scene.namespace.replace('story-', '')
    const [shops, planets] = [definition(`Shop${suffix}`, 'Namespaced'), definition(`Planet${suffix}`, 'Cluster')]
    const custom = ({ spec }: ReturnType<typeof definition>) => ({
      apiVersion: 'example.com/v1',
      kind: spec.names.kind,
      metadata: { name: 'one' },
    })
    const made = `${scene.namespace}-made`
    const pod = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'in', namespace: made },
    }
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: made } }
    const more = await scene.createNamespace()

    const result = await scene.run({
      namespaces: `${scene.namespace},${more}`,
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
      `Shop${suffix} ${scene.namespace} applied`,
      `Shop${suffix} ${more} applied`,
      `Planet${suffix}  applied`,
      `ConfigMap ${made} applied`,
    ])
    expect(scene.requests(/^kubernetes GET \/(api\/v1|apis\/[^/]+\/v1)$/).length).toBeLessThanOrEqual(3)
  })

  it('is awaited although every watch is cut after two seconds', async () => {
    await using scene = await openScene()
    const cut = scene.kube.faults.add({ when: isWatch, fault: { kind: 'cut', ms: 2000 }, times: 1000 })
    const path = `/api/v1/namespaces/${scene.namespace}/pods/web`
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      // The practice node leaves it alone.
      spec: { nodeSelector: { disk: 'none' }, containers: [{ name: 'main', image: imageOf(scene) }] },
    }

    const running = scene.start({ manifest: yaml(pod) })
    await expect.poll(() => cut.met, { timeout: 30_000 }).toBeGreaterThan(2)
    const { body } = await scene.kube.request('GET', path)
    const status = podStatus(body, 'Running', isRunning)
    await scene.kube.request('PATCH', `${path}/status`, { status }, { 'content-type': 'application/merge-patch+json' })

    expect(await running.result).toMatchObject({ code: 0, annotations: [] })
  })

  it('whose image was on the node says that this proves nothing', async () => {
    await using scene = await openScene()
    const path = `/api/v1/namespaces/${scene.namespace}`
    const image = imageOf(scene)
    await scene.run({ image, 'pod-name': 'web' })
    const { body: pod } = await scene.kube.request('GET', `${path}/pods/web`)
    const involvedObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: scene.namespace,
      name: 'web',
      uid: pod.metadata.uid,
    }
    const message = `Container image "${image}" already present on machine`
    const event = { metadata: { name: 'web.1' }, involvedObject, type: 'Normal', reason: 'Pulled', message }
    expect((await scene.kube.request('POST', `${path}/events`, event)).status).toBe(201)

    const result = await scene.run({ image, 'pod-name': 'web' })

    expect(result.code).toBe(0)
    expect(result.annotations).toMatchObject([
      {
        level: 'warning',
        message: `The nodes had the image of Pod ${scene.namespace}/web already, so that this run does not prove that the secret ${SECRET} opens it. Set \`imagePullPolicy: Always\`, or \`verify-image\`.`,
      },
    ])
  })
})
