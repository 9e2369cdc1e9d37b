// rotate-clusters.yml, job after job: four fake clusters in waves of two, one of which refuses the action at first.
import { expect, it } from 'vitest'
import { dedicatedInputs } from '../support/ibm/inputs.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import type { ObservedKubernetesServer } from '../support/kubernetes/observed-server.ts'
import { tokenIdOf } from '../support/records.ts'
import { CLUSTERS_WORKFLOW, runClustersStep, startGitHubJobs } from '../support/rotate-clusters.ts'
import { runStep } from '../support/runner/runner.ts'
import { openFakeScenario, SECRET } from './harness.ts'

const NAMES = ['canary', 'eu', 'us', 'asia']
const NAMESPACE = 'shop'

it('stops before the second wave, and the next run rotates what is left', async () => {
  await using resources = new AsyncDisposableStack()
  const scenario = resources.use(await openFakeScenario())
  const clusters = new Map<string, ObservedKubernetesServer>()
  for (const name of NAMES) {
    const server = resources.use(await startFakeApiServer())
    await server.createNamespace(NAMESPACE)
    clusters.set(name, server)
  }
  const inputs = {
    clusters: JSON.stringify(['canary', { name: 'eu', namespaces: NAMESPACE }, 'us', 'asia']),
    'first-wave': '2',
    'max-failures': '0',
    namespaces: NAMESPACE,
    'secret-name': SECRET,
    'max-age': '30d',
    ...dedicatedInputs(scenario.ibm),
  }
  const held = async () => {
    const paths = NAMES.map((name) => [name, clusters.get(name)] as const)
    const secrets = paths.map(async ([name, server]) => {
      const { status, body } = (await server?.request('GET', `/api/v1/namespaces/${NAMESPACE}/secrets/${SECRET}`)) ?? {}
      return [name, status === 200 ? tokenIdOf(body) : undefined] as const
    })
    return Object.fromEntries(await Promise.all(secrets))
  }
  clusters
    .get('eu')
    ?.faults.add({ when: () => true, fault: { kind: 'status', status: 403 }, times: Number.POSITIVE_INFINITY })

  const stopped = await runWorkflow(inputs, clusters)

  expect(stopped.results).toEqual({ canary: 'success', eu: 'failure' })
  expect(stopped.summary).toContain('1 rotated, 1 failed, 2 not started.')
  const first = await held()
  expect(first).toEqual({ canary: expect.any(String), eu: undefined, us: undefined, asia: undefined })

  clusters.get('eu')?.faults.clear()
  const finished = await runWorkflow(inputs, clusters)

  expect(finished.results).toEqual(Object.fromEntries(NAMES.map((name) => [name, 'success'])))
  expect(finished.summary).toContain('## Rotated 4 clusters')
  const second = await held()
  expect(second.canary).toBe(first.canary)
  // A token for each cluster, and no other one is alive.
  expect(new Set(Object.values(second))).toEqual(new Set(scenario.ibm.liveTokens().map(({ id }) => id)))
  expect(scenario.ibm.liveTokens()).toHaveLength(4)
})

type Inputs = Readonly<Record<string, string>>

/** Runs the jobs in their order. GitHub runs those of a wave at the same time. */
async function runWorkflow(inputs: Inputs, clusters: ReadonlyMap<string, ObservedKubernetesServer>) {
  const jobs: { id: number; name: string; conclusion: string | null }[] = [
    { id: 1, name: 'rotate / budget', conclusion: null },
  ]
  const results: Record<string, string> = {}
  const { outputs } = await runClustersStep('plan', {
    CLUSTERS: inputs.clusters ?? '',
    FIRST_WAVE: inputs['first-wave'] ?? '',
    MAX_FAILURES: inputs['max-failures'] ?? '',
  })
  await using github = await startGitHubJobs(jobs)
  const variables = {
    NAMES: outputs.names ?? '',
    MAX_FAILURES: inputs['max-failures'] ?? '',
    JOB_ID: '1',
    GH_TOKEN: 'clusters-test-token',
    ...github.variables,
  }
  for (let wave = 1; outputs[`wave-${wave}`]?.startsWith('[{'); wave++) {
    if (wave > 1 && (await runClustersStep(`budget-${wave}`, variables)).outputs.proceed !== 'true') break
    for (const cluster of JSON.parse(outputs[`wave-${wave}`] ?? '') as ({ name: string } & Inputs)[]) {
      const { code } = await runStep({
        inputs: stepInputs(wave, { cluster, inputs, server: clusters.get(cluster.name) }),
      })
      results[cluster.name] = code === 0 ? 'success' : 'failure'
      jobs.push({
        id: jobs.length + 1,
        name: `rotate / cluster ${cluster.name}`,
        conclusion: results[cluster.name] ?? null,
      })
    }
  }
  const { summary } = await runClustersStep('summary', variables)
  return { results, summary }
}

interface JobContext {
  readonly cluster: Inputs
  readonly inputs: Inputs
  /** Whose kubeconfig the environment of the cluster has. */
  readonly server: ObservedKubernetesServer | undefined
}

/** The inputs of the action in a wave, with the expressions of the workflow evaluated. */
function stepInputs(wave: number, { cluster, inputs, server }: JobContext): Record<string, string> {
  if (server === undefined) throw new Error('no such cluster')
  const { url, certificateAuthority, adminToken } = server
  const config = kubeconfig([{ context: 'c', server: url, certificateAuthority, user: { token: adminToken } }])
  const secrets: Inputs = { KUBECONFIG: config, PASSWORD: inputs.password ?? '' }
  const evaluate = (text: string) => {
    const [, own = '', common = ''] = /^\$\{\{ matrix\.cluster\.([\w-]+) \|\| inputs\.([\w-]+) \}\}$/.exec(text) ?? []
    const [, secret = ''] = /^\$\{\{ secrets\.(\w+) \}\}$/.exec(text) ?? []
    return cluster[own] || inputs[common] || secrets[secret] || ''
  }
  const step = CLUSTERS_WORKFLOW.jobs[`wave-${wave}`]?.steps.at(-1)
  return Object.fromEntries(Object.entries(step?.with ?? {}).map(([name, text]) => [name, evaluate(text)]))
}
