// examples/rbac/, applied by the commands of the README as a reader would, and used by a step.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startFakeControllers } from '../support/kubernetes/controllers.ts'
import { codeBlocksOf } from '../support/markdown-page.ts'
import { describeScenarios, isOurs, type Scenario, SECRET } from './harness.ts'
import { createReader, fillToken } from './reader.ts'

describeScenarios(
  'the user of examples/rbac',
  (openScenario) => {
    it('one-namespace.yaml may write the pull secret of its namespace, and of no other one', async () => {
      await using scenario = await openScenario()
      const other = await scenario.createNamespace()
      const kubeconfig = await accessBy(scenario, 'one-namespace', scenario.namespace)

      // Without `namespaces`: the kubeconfig names the namespace.
      const result = await scenario.run({ kubeconfig, namespaces: '', 'service-accounts': '*' })

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
        { cluster: 'cluster', namespace: scenario.namespace, result: 'created' },
      ])
      expect(await scenario.secret()).toBeDefined()
      const rotation = await scenario.run({ kubeconfig, namespaces: '', 'max-age': '0' })
      expect(rotation).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(rotation.outputs.revoked ?? '')).toEqual([result.outputs['token-id']])
      const elsewhere = await scenario.run({ kubeconfig, namespaces: other })
      expect(elsewhere.code).toBe(1)
      expect(elsewhere.annotations[0]?.message).toContain(`in namespace ${other}`)
    })

    it('one-namespace.yaml may be restricted to one Secret, as its comment says', async () => {
      await using scenario = await openScenario()
      const { namespace } = scenario
      const restrict = (manifest: string) =>
        manifest.replace('# resourceNames: [team-registry] #', 'resourceNames: [team-registry] #')
      const kubeconfig = await accessBy(scenario, 'one-namespace', namespace, restrict)

      expect(await scenario.run({ kubeconfig, 'secret-name': 'team-registry' })).toMatchObject({
        code: 0,
        annotations: [],
      })
      const other = await scenario.run({ kubeconfig })
      expect(other.annotations).toMatchObject([{ message: expect.stringContaining('is not allowed to get') }])
    })

    it('deploy.yaml may deploy to its namespace', async () => {
      await using scenario = await openScenario()
      await using _ = startFakeControllers(scenario.kube, scenario.namespace)
      const kubeconfig = await accessBy(scenario, 'deploy', scenario.namespace)
      const image = `${scenario.ibm.registryHost}/team/app:1`

      const result = await scenario.run({ kubeconfig, manifest: workloads(image) })

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([
        { kind: 'ConfigMap', result: 'applied' },
        { kind: 'Pod', result: 'ready' },
        { kind: 'Deployment', result: 'ready' },
        { kind: 'Job', result: 'ready' },
      ])
      const path = `/apis/apps/v1/namespaces/${scenario.namespace}/deployments/web`
      const { body } = await scenario.kube.request('GET', path)
      expect(body.spec.template.spec.imagePullSecrets).toEqual([{ name: SECRET }])
      // It may also watch, and then nothing is polled.
      const watched = scenario.kube.journal.filter(
        (request) => isOurs(request) && request.query.get('watch') === 'true',
      )
      const kinds = watched.map(({ path }) => path.split('/').at(-1))
      expect(kinds).toEqual(expect.arrayContaining(['deployments', 'jobs', 'pods']))
    })

    it('many-namespaces.yaml may write the pull secrets of all namespaces', async () => {
      await using scenario = await openScenario()
      const kubeconfig = await accessBy(scenario, 'many-namespaces', 'registry-pull-secret')
      const inputs = { kubeconfig, namespaces: `${scenario.namespace}*`, 'service-accounts': '*' }

      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
        { result: 'created', serviceAccounts: [{ name: 'default', result: 'updated' }] },
      ])
      // It sees that no other secret holds the token: a run for other namespaces may revoke it.
      const other = await scenario.createNamespace()
      const second = await scenario.run({ ...inputs, namespaces: `${scenario.namespace},${other}`, 'max-age': '0' })
      expect(second).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(second.outputs.revoked ?? '')).toEqual([result.outputs['token-id']])
    })

    it('can be GitHub itself, bound by the command of the documentation', async () => {
      await using scenario = await openScenario()
      using reader = createReader(scenario)
      const page = readFileSync('docs/cluster-access.md', 'utf8')
      const [command = ''] = codeBlocksOf(page, 'sh').filter((block) => block.includes('create rolebinding'))
      await reader.run(applyCommand('one-namespace', scenario.namespace))

      await reader.run(command.replaceAll('shop --role', `${scenario.namespace} --role`))

      const [, user = ''] = /--user '?([^'\s]+)/.exec(command) ?? []
      const review = {
        spec: { user, resourceAttributes: { namespace: scenario.namespace, verb: 'patch', resource: 'secrets' } },
      }
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
      const { body } = await scenario.kube.request('POST', path, review)
      expect(body.status).toMatchObject({ allowed: true })
    })
  },
  { onlyOnReal: true },
)

type Kit = 'one-namespace' | 'many-namespaces' | 'deploy'

/** @returns the kubeconfig that the commands of the README store */
async function accessBy(
  scenario: Scenario,
  kit: Kit,
  namespace: string,
  edit = (manifest: string) => manifest,
): Promise<string> {
  using reader = createReader(scenario, edit)
  await reader.run(applyCommand(kit, namespace))
  await fillToken(scenario, namespace)
  await reader.run(storeCommand(kit, namespace))
  return reader.stored('KUBECONFIG')
}

const [apply = '', store = ''] = codeBlocksOf(readFileSync('README.md', 'utf8'), 'sh').filter(
  (block) => block.includes('registry-pull-secret-token') || block.includes('examples/rbac/'),
)

function applyCommand(kit: Kit, namespace: string): string {
  const [first = '', ...rest] = apply.split('\n')
  expect(first).toMatch(/^kit=one-namespace namespace=shop\b/)
  return [`kit=${kit} namespace=${namespace}`, ...rest].join('\n')
}

function storeCommand(kit: Kit, namespace: string): string {
  return `kit=${kit} namespace=${namespace}\n${store}`
}

/** One of each kind of workload that the Role is for, and what they often need. */
function workloads(image: string): string {
  const template = (more: object = {}) => ({
    metadata: { labels: { app: 'web' }, annotations: { 'fake-node/exit': '0' } },
    spec: { containers: [{ name: 'main', image }], ...more },
  })
  const selector = { matchLabels: { app: 'web' } }
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { key: 'value' } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'main', image }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector, template: { ...template(), metadata: { labels: { app: 'web' } } } },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { template: template({ restartPolicy: 'Never' }) },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n')
}
