import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { asObject } from '../../../src/core/json.ts'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import type { DeployInputs } from '../../../src/workload/deploy.ts'
import { deploy, type Workload } from '../../../src/workload/deploy.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { connectTo } from '../../support/connect-to.ts'
import { EXIT_ANNOTATION, startPracticeNode } from '../../support/fake-node/node.ts'
import { type PracticeEnvironment, startPracticeEnvironment } from '../../support/ibm/environment.ts'
import { base64, podsOf, pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const { signal } = new AbortController()

describeServers((server) => {
  const resources = new AsyncDisposableStack()
  let ibm: PracticeEnvironment
  beforeAll(async () => {
    ibm = resources.use(await startPracticeEnvironment())
    const { url, certificateAuthority, adminToken: token } = server()
    resources.use(await startPracticeNode({ server: url, certificateAuthority, token }))
  })
  afterAll(() => resources.disposeAsync())

  let namespaces = 0

  /** A namespace that holds the pull secret. */
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
    where: readonly string[],
    objects: DeployInputs['objects'],
    {
      secret = 'pull',
      dryRun = false,
      waitTimeout = 60_000,
    }: { secret?: string | undefined; dryRun?: boolean; waitTimeout?: number } = {},
  ) {
    using captured = captureLog()
    const cluster = connectTo(server())
    const targets = where.map((namespace) => ({ cluster, namespace }))
    const inputs = { objects, waitTimeout, recreatePods: false }
    const hosts = [ibm.registryHost]
    const workloads = await deploy(targets, inputs, secret ? { name: secret, hosts } : undefined, dryRun, signal)
    return { workloads, log: captured.log }
  }

  const withoutFailure = (workloads: readonly Workload[]) => workloads.map(({ failure: _, ...workload }) => workload)
  const complaintsOf = (workloads: readonly Workload[]) =>
    workloads.flatMap(({ failure }) => (failure === undefined ? [] : explain(failure)))
  const found = async (path: string) => (await server().request('GET', path)).status === 200

  it('runs a Pod with the pull secret that its manifest does not name', async () => {
    const namespace = await createNamespace()
    const { workloads, log } = await run([namespace], [pod('web')])
    expect(workloads).toEqual([{ cluster: 'practice', namespace, kind: 'Pod', name: 'web', result: 'ready' }])
    expect(log.text).toContain(`Applied Pod ${namespace}/web in practice\n`)
    expect(log.text).toContain(`Pod ${namespace}/web is ready\n`)
    const { body } = await server().request('GET', `${podsOf(namespace)}/web`)
    expect(body.spec.imagePullSecrets).toEqual([{ name: 'pull' }])
  })

  it('waits for Pods only', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [...configMap(), pod('web')])
    expect(workloads).toMatchObject([
      { kind: 'ConfigMap', name: 'settings', result: 'applied' },
      { kind: 'Pod', name: 'web', result: 'ready' },
    ])
  })

  it('does not wait on request', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [pod('web')], { waitTimeout: 0 })
    expect(workloads).toMatchObject([{ name: 'web', result: 'applied' }])
  })

  it('tells each Pod that does not run, and is not stopped by it', async () => {
    const namespace = await createNamespace()
    const failing = pod('failing', { annotations: { [EXIT_ANNOTATION]: '3' } })
    const { workloads } = await run([namespace], [pod('Broken'), failing, pod('web')])
    expect(withoutFailure(workloads)).toMatchObject([
      { name: 'Broken', result: 'failed', reason: expect.stringContaining('422 Invalid') },
      { name: 'failing', result: 'failed', reason: 'container main: Error, exit code 3' },
      { name: 'web', result: 'ready' },
    ])
    expect(complaintsOf(workloads)).toEqual([
      expect.stringMatching(/^Could not apply Pod deploy-\d+\/Broken in the cluster practice: .* 422 Invalid/),
      expect.stringMatching(/^Pod deploy-\d+\/failing in practice does not run: container main: Error, exit code 3\. /),
    ])
  })

  it('tells why an image is not pulled, and what to compare', async () => {
    const namespace = await createNamespace()
    const { workloads } = await run([namespace], [pod('web')], { secret: 'other' })
    expect(withoutFailure(workloads)).toMatchObject([
      {
        result: 'failed',
        reason: expect.stringMatching(`^container main: the namespace ${namespace} lacks a pull secret \\(other\\): `),
      },
    ])
    expect(complaintsOf(workloads)).toEqual([
      expect.stringMatching(/^Pod deploy-\d+\/web in practice does not run: .* Add the namespace to `namespaces`/),
    ])
  })

  it('tells what a Pod waits for that is not ready in time', async () => {
    const namespace = await createNamespace()
    const web: KubernetesObject = pod('web')
    const nowhere = { ...web, spec: { ...asObject(web.spec), nodeSelector: { disk: 'none' } } }
    const { workloads } = await run([namespace], [nowhere], { waitTimeout: 1 })
    expect(workloads).toMatchObject([{ name: 'web', result: 'timeout' }])
    expect(complaintsOf(workloads)).toEqual([
      expect.stringMatching(/^Pod deploy-\d+\/web in practice is not ready after 0\.001 s: .*raise `wait-timeout`\.$/),
    ])
  })

  describe('several targets', () => {
    it('each get what names no namespace', async () => {
      const both = [await createNamespace(), await createNamespace()]
      const { workloads } = await run(both, configMap())
      expect(workloads.map(({ namespace, result }) => [namespace, result])).toEqual(both.map((one) => [one, 'applied']))
    })

    it('are one for what names its namespace', async () => {
      const [first, second] = [await createNamespace(), await createNamespace()]
      const { workloads } = await run([first, second], configMap(second))
      expect(workloads).toMatchObject([{ namespace: second, result: 'applied' }])
    })

    it('are not left for a namespace that is none of them without a warning', async () => {
      const [first, second, elsewhere] = [await createNamespace(), await createNamespace(), await createNamespace()]
      const { workloads, log } = await run([first, second], [pod('web', { namespace: elsewhere })])
      expect(workloads).toMatchObject([{ namespace: elsewhere, result: 'ready' }])
      expect(log.annotations).toMatchObject([
        {
          level: 'warning',
          message: `Pod ${elsewhere}/web is in a namespace that does not get the secret pull: add it to \`namespaces\`.`,
        },
      ])
    })
  })

  it('stores nothing in a dry run', async () => {
    const namespace = await createNamespace()
    const { workloads, log } = await run([namespace], [...configMap(), pod('web')], { dryRun: true })
    expect(workloads.map(({ result }) => result)).toEqual(['planned', 'planned'])
    expect(log.text).toContain(`Would apply Pod ${namespace}/web in practice\n`)
    expect(await found(`${podsOf(namespace)}/web`)).toBe(false)
    expect(await found(`/api/v1/namespaces/${namespace}/configmaps/settings`)).toBe(false)
  })
})
