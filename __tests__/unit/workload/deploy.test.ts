import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asObject } from '../../../src/core/json.ts'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { explain } from '../../../src/report/error-text.ts'
import type { DeployInputs } from '../../../src/workload/deploy.ts'
import { deploy, type Workload } from '../../../src/workload/deploy.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { connectTo } from '../../support/connect-to.ts'
import { EXIT_ANNOTATION, startFakeNode } from '../../support/fake-node/node.ts'
import { type FakeIbm, startFakeIbm } from '../../support/ibm/environment.ts'
import { base64, podsOf, pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const { signal } = new AbortController()

describeServers((server) => {
  const resources = new AsyncDisposableStack()
  let ibm: FakeIbm
  beforeAll(async () => {
    ibm = resources.use(await startFakeIbm())
    const { url, certificateAuthority, adminToken: token } = server()
    resources.use(await startFakeNode({ server: url, certificateAuthority, token }))
  })
  afterAll(() => resources.disposeAsync())

  let namespaces = 0

  /** Creates a namespace with the pull secret. */
  async function createNamespace(): Promise<string> {
    const namespace = `deploy-${++namespaces}`
    await server().createNamespace(namespace)
    const auths = { [ibm.registryHost]: { auth: base64(`token:${ibm.mintToken().value}`) } }
    await server().request('POST', secretsOf(namespace), pullSecret('pull', JSON.stringify({ auths })))
    return namespace
  }

  const image = () => `${ibm.registryHost}/${ibm.image.repository}:${ibm.image.tag}`
  const pod = (name: string, change: object = {}) => {
    const { metadata, ...rest } = podManifest({ name, container: 'main', image: image() })
    return { ...rest, metadata: { ...metadata, ...change } }
  }
  const configMap = (namespace = '') =>
    parseManifest(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings${namespace && `, namespace: ${namespace}`}}\n`,
      '',
    )

  async function run(
    namespaces: readonly string[],
    objects: DeployInputs['objects'],
    {
      secret = 'pull',
      dryRun = false,
      waitTimeoutMs = 60_000,
    }: { secret?: string | undefined; dryRun?: boolean; waitTimeoutMs?: number } = {},
  ) {
    using captured = captureLog()
    const cluster = connectTo(server())
    const targets = namespaces.map((namespace) => ({ cluster, namespace }))
    const inputs = { objects, waitTimeoutMs, recreate: [] }
    const pullSecret = secret ? { name: secret, hosts: [ibm.registryHost] } : undefined
    const workloads = await deploy(targets, { inputs, secret: pullSecret, dryRun }, signal)
    return { workloads, log: captured.log }
  }

  const withoutError = (workloads: readonly Workload[]) => workloads.map(({ error: _, ...workload }) => workload)
  const errorTextsOf = (workloads: readonly Workload[]) =>
    workloads.flatMap(({ error }) => (error === undefined ? [] : explain(error)))
  const exists = async (path: string) => (await server().request('GET', path)).status === 200

  it('adds the pull secret to a Pod that does not name it, and waits until the Pod is ready', async () => {
    const namespace = await createNamespace()
    const { workloads, log } = await run([namespace], [pod('web')])
    expect(workloads).toEqual([{ cluster: 'test', namespace, kind: 'Pod', name: 'web', result: 'ready' }])
    expect(log.text).toContain(`Applied Pod ${namespace}/web in cluster test\n`)
    expect(log.text).toContain(`Pod ${namespace}/web is ready\n`)
    const { body } = await server().request('GET', `${podsOf(namespace)}/web`)
    expect(body.spec.imagePullSecrets).toEqual([{ name: 'pull' }])
  })

  it('waits for Pods, and not for objects without a rollout', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [...configMap(), pod('web')])
    expect(workloads).toMatchObject([
      { kind: 'ConfigMap', name: 'settings', result: 'applied' },
      { kind: 'Pod', name: 'web', result: 'ready' },
    ])
  })

  it('does not wait with a `wait-timeout` of 0', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [pod('web')], { waitTimeoutMs: 0 })
    expect(workloads).toMatchObject([{ name: 'web', result: 'applied' }])
  })

  it('reports each Pod that fails, and continues with the others', async () => {
    const namespace = await createNamespace()
    const failing = pod('failing', { annotations: { [EXIT_ANNOTATION]: '3' } })
    const { workloads } = await run([namespace], [pod('Broken'), failing, pod('web')])
    expect(withoutError(workloads)).toMatchObject([
      { name: 'Broken', result: 'failed' },
      { name: 'failing', result: 'failed', reason: 'container main: Error, exit code 3' },
      { name: 'web', result: 'ready' },
    ])
    const [broken, failed] = workloads.map(({ error }) => error)
    const details = { cluster: 'test', namespace }
    expect(broken).toMatchObject({ code: 'cluster-rejected', details: { ...details, resource: 'pods/Broken' } })
    expect(failed).toMatchObject({
      code: 'container-failed',
      details: { ...details, resource: 'pods/failing', serverCode: 'Error' },
    })
    expect(errorTextsOf(workloads)).toEqual([
      expect.stringMatching(/^Could not apply Pod deploy-\d+\/Broken in cluster test: .* 422 Invalid/),
      expect.stringMatching(/^Pod deploy-\d+\/failing in cluster test failed: container main: Error, exit code 3\. /),
    ])
  })

  it('reports why an image is not pulled, with a hint', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [pod('web')], { secret: 'other' })
    expect(withoutError(workloads)).toMatchObject([
      {
        result: 'failed',
        reason: expect.stringMatching(`^container main: pull secret other does not exist in namespace ${namespace}: `),
      },
    ])
    expect(workloads).toMatchObject([
      {
        error: {
          code: 'pull-secret-missing',
          details: { cluster: 'test', namespace, resource: 'pods/web', serverCode: 'ErrImagePull' },
        },
      },
    ])
    expect(errorTextsOf(workloads)).toEqual([
      expect.stringMatching(/^Pod deploy-\d+\/web in cluster test failed: .* Add the namespace to `namespaces`/),
    ])
  })

  it('reports what a Pod waits for when it is not ready in time', async () => {
    const namespace = await createNamespace()
    const web: KubernetesObject = pod('web')
    const unschedulable = { ...web, spec: { ...asObject(web.spec), nodeSelector: { disk: 'none' } } }
    const { workloads } = await run([namespace], [unschedulable], { waitTimeoutMs: 1 })
    expect(workloads).toMatchObject([{ name: 'web', result: 'timeout', error: { code: 'workload-timeout' } }])
    expect(errorTextsOf(workloads)).toEqual([
      expect.stringMatching(
        /^Pod deploy-\d+\/web in cluster test was not ready within 0\.001 s: .*raise `wait-timeout`\.$/,
      ),
    ])
  })

  describe('with several targets', () => {
    it('applies an object without a namespace to each', async () => {
      const both = [await createNamespace(), await createNamespace()]
      const { workloads } = await run(both, configMap())
      expect(workloads.map(({ namespace, result }) => [namespace, result])).toEqual(both.map((one) => [one, 'applied']))
    })

    it('applies an object with a namespace only there', async () => {
      const [first, second] = [await createNamespace(), await createNamespace()]
      const { workloads } = await run([first, second], configMap(second))
      expect(workloads).toMatchObject([{ namespace: second, result: 'applied' }])
    })

    it('warns about an object in a namespace that is not a target', async () => {
      const [first, second, elsewhere] = [await createNamespace(), await createNamespace(), await createNamespace()]
      const { workloads, log } = await run([first, second], [pod('web', { namespace: elsewhere })])
      expect(workloads).toMatchObject([{ namespace: elsewhere, result: 'ready' }])
      expect(log.annotations).toMatchObject([
        {
          level: 'warning',
          message: expect.stringContaining(
            `Pod ${elsewhere}/web is in a namespace that does not get secret pull. Add the namespace to \`namespaces\`.`,
          ),
        },
      ])
    })
  })

  it('changes nothing in a dry run', async () => {
    const namespace = await createNamespace()
    const { workloads, log } = await run([namespace], [...configMap(), pod('web')], { dryRun: true })
    expect(workloads.map(({ result }) => result)).toEqual(['planned', 'planned'])
    expect(log.text).toContain(`Would apply Pod ${namespace}/web in cluster test\n`)
    expect(await exists(`${podsOf(namespace)}/web`)).toBe(false)
    expect(await exists(`/api/v1/namespaces/${namespace}/configmaps/settings`)).toBe(false)
  })
})
