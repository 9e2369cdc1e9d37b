// What the workflow builder makes, used as a reader would: the permissions suffice for the workflow, and are the least.
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { accessManifest, accountNamespace } from '../../scripts/builder/access.ts'
import type { Choices } from '../../scripts/builder/choices.ts'
import { commandsOf } from '../../scripts/builder/commands.ts'
import { initialChoices } from '../../scripts/builder/fields.ts'
import { readData } from '../../scripts/builder/read-data.ts'
import { workflowOf } from '../../scripts/builder/workflow.ts'
import { loginFor } from '../support/docker-config.ts'
import { startFakeControllers } from '../support/kubernetes/controllers.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'
import { createReader, fillToken } from './reader.ts'

const data = readData()

describeScenarios(
  'a workflow of the builder',
  (openScenario) => {
    it('may keep the pull secret of one namespace, and nothing else', async () => {
      await using scenario = await openScenario()
      const other = await scenario.createNamespace()
      const choices = choose(scenario, { values: { 'service-accounts': 'default' } })
      const inputs = await access(scenario, choices)

      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
        { namespace: scenario.namespace, result: 'created', serviceAccounts: [{ name: 'default', result: 'updated' }] },
      ])
      const rotation = await scenario.run({ ...inputs, 'max-age': '0' })
      expect(rotation).toMatchObject({ code: 0, annotations: [] })
      expect(JSON.parse(rotation.outputs.revoked ?? '')).toEqual([result.outputs['token-id']])
      const refused = expect.stringContaining('is not allowed to get')
      for (const more of [{ namespaces: other }, { 'secret-name': 'other' }])
        expect((await scenario.run({ ...inputs, ...more })).annotations).toMatchObject([{ message: refused }])
    })

    it.each(['get', 'create', 'patch'])('may not do it without %s', async (verb) => {
      await using scenario = await openScenario()
      const choices = choose(scenario)
      const without = (manifest: string) => {
        const verbs = ['get', 'create', 'patch'].filter((one) => one !== verb)
        expect(manifest).toContain('verbs: [get, create, patch]')
        return manifest.replaceAll('verbs: [get, create, patch]', `verbs: [${verbs.join(', ')}]`)
      }
      const inputs = await access(scenario, choices, without)

      const { annotations } = await scenario.run(inputs)

      expect(annotations).toMatchObject([{ message: expect.stringContaining(`is not allowed to ${verb}`) }])
    })

    it('may keep those of several namespaces, of a glob, and create one', async () => {
      await using scenario = await openScenario()
      const second = await scenario.createNamespace()
      const both = [scenario.namespace, second].join()
      const named = await access(scenario, choose(scenario, { values: { namespaces: both, 'service-accounts': '*' } }))
      expect(await scenario.run(named)).toMatchObject({ code: 0, annotations: [] })

      const created = `${scenario.namespace}-new`
      const values = { namespaces: `${scenario.namespace}*,${created}`, 'create-namespaces': 'true' }
      const inputs = await access(scenario, choose(scenario, { values }))
      const result = await scenario.run(inputs)

      expect(result).toMatchObject({ code: 0, annotations: [] })
      const targets = JSON.parse(result.outputs.targets ?? '').map(({ namespace }: { namespace: string }) => namespace)
      expect(targets.toSorted()).toEqual([scenario.namespace, created])
      await scenario.kube.request('DELETE', `/api/v1/namespaces/${created}`)
    })

    it('may deploy its Pod', async () => {
      await using scenario = await openScenario()
      await using _ = startFakeControllers(scenario.kube, scenario.namespace)
      const image = `${scenario.ibm.registryHost}/team/app:1`
      const inputs = await access(scenario, choose(scenario, { deployment: 'image', values: { image } }))

      expect(await scenario.run(inputs)).toMatchObject({ code: 0, annotations: [] })
      // The same Pod: nothing is left to do.
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, annotations: [] })
    })

    it('may deploy manifests', async () => {
      await using scenario = await openScenario()
      await using _ = startFakeControllers(scenario.kube, scenario.namespace)
      const choices = choose(scenario, { deployment: 'manifests', kinds: ['Deployment', 'ConfigMap'] })
      const { 'manifest-files': files, ...inputs } = await access(scenario, choices)
      expect(files).toBe('deploy/')
      const labels = { app: 'web' }
      const containers = [{ name: 'main', image: `${scenario.ibm.registryHost}/team/app:1` }]
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } }
      const manifest = [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { key: 'value' } },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec },
      ]

      const result = await scenario.run({
        ...inputs,
        manifest: manifest.map((one) => JSON.stringify(one)).join('\n---\n'),
      })

      expect(result).toMatchObject({ code: 0, annotations: [] })
    })

    it('may copy a pull secret of the cluster', async () => {
      await using scenario = await openScenario()
      const source = await scenario.createNamespace()
      await scenario.run({ namespaces: source })
      const initial = initialChoices(data, 'pull-secret')
      const values = {
        ...initial.values,
        namespaces: scenario.namespace,
        'secret-name': SECRET,
        'docker-config-secret': `${source}/${SECRET}`,
      }
      const inputs = await access(scenario, { ...initial, values })
      const empty = Object.fromEntries(Object.keys(scenario.inputs).map((name) => [name, '']))

      const result = await scenario.run({ ...empty, ...inputs })

      expect(result).toMatchObject({ code: 0, annotations: [] })
      const host = scenario.ibm.registryHost
      const copy = loginFor(await scenario.secret(), host)
      expect(copy?.password).toBe(loginFor(await scenario.secret(source), host)?.password)
      expect(copy?.password).toMatch(/./)
    })
  },
  { onlyOnReal: true },
)

/** For the environment of the scenario. */
function choose({ namespace }: Scenario, changes: Partial<Choices> = {}): Choices {
  const initial = initialChoices(data, 'rotate')
  const values = { ...initial.values, namespaces: namespace, 'secret-name': SECRET, ...changes.values }
  return { ...initial, ...changes, values }
}

/**
 * Applies the permissions and stores the kubeconfig by the commands of the builder.
 * @returns the inputs of its workflow, with those of the registry of the scenario
 */
async function access(
  scenario: Scenario,
  choices: Choices,
  edit = (manifest: string) => manifest,
): Promise<Record<string, string>> {
  using reader = createReader(scenario)
  const workflow = workflowOf(data, choices)
  const [apply = '', store = ''] = commandsOf(data, choices, workflow).split('\n\n')
  reader.save('access.yaml', edit(accessManifest(data, choices)))
  await reader.run(apply)
  await fillToken(scenario, accountNamespace(choices))
  await reader.run(store)
  const { jobs } = load(workflow) as Workflow
  const inputs = Object.entries(jobs['pull-secret'].steps.at(-1)?.with ?? {})
  const ofWorkflow = inputs.flatMap(([name, value]) => (isOfRegistry(name) ? [] : [[name, String(value)]]))
  return { ...Object.fromEntries(ofWorkflow), kubeconfig: reader.stored('KUBECONFIG') }
}

interface Workflow {
  readonly jobs: { readonly 'pull-secret': { readonly steps: readonly { readonly with?: object }[] } }
}

/** The scenario has its own environment, key and image. */
function isOfRegistry(name: string): boolean {
  return ['dedicated-domain', 'api-key', 'organization', 'verify-image'].includes(name)
}
