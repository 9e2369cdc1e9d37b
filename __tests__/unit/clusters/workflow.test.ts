// .github/workflows/rotate-clusters.yml: its inputs are those of the action, and its steps do what they say.
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readClusters, WAVES } from '../../../scripts/clusters/plan.js'
import { clustersWorkflow, PASSED_INPUTS, PASSED_SECRETS } from '../../../scripts/clusters-workflow.ts'
import { loadInputs } from '../../../src/inputs/inputs.ts'
import { INPUTS } from '../../../src/inputs/table.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { codeBlocksOf } from '../../support/markdown-page.ts'
import { CLUSTERS_WORKFLOW, runClustersStep, startGitHubJobs } from '../../support/rotate-clusters.ts'

const { text, on, jobs } = CLUSTERS_WORKFLOW
const action = load(readFileSync('action.yml', 'utf8')) as { readonly inputs: Readonly<Record<string, unknown>> }
const waves = Array.from({ length: WAVES }, (_, index) => index + 1)

describe('rotate-clusters.yml', () => {
  it('is what `npm run docs` generates', () => {
    expect(clustersWorkflow(text)).toBe(text)
  })

  it('has the inputs of the action, and takes secrets only as secrets', () => {
    const { inputs, secrets } = on.workflow_call
    expect(PASSED_INPUTS).toEqual(
      expect.arrayContaining(['provider', 'secret-name', 'namespaces', 'dry-run', 'verify-image']),
    )
    expect(PASSED_INPUTS.filter((name) => INPUTS[name].type === 'secret')).toEqual([])
    expect(Object.keys(inputs)).toEqual([
      'clusters',
      'first-wave',
      'max-failures',
      'max-parallel',
      'action-ref',
      'runs-on',
      ...PASSED_INPUTS,
    ])
    expect(Object.keys(secrets)).toEqual(Object.values(PASSED_SECRETS))
  })

  it.each(waves)('passes them on, each in its own environment: wave %d', (wave) => {
    const job = jobs[`wave-${wave}`]
    const step = job?.steps.at(-1)
    expect(step?.uses).toBe('./.registry-pull-secret')
    expect(Object.keys(step?.with ?? {}).filter((name) => !(name in action.inputs))).toEqual([])
    const expected = {
      ...Object.fromEntries(PASSED_INPUTS.map((name) => [name, `\${{ matrix.cluster.${name} || inputs.${name} }}`])),
      ...Object.fromEntries(
        Object.entries(PASSED_SECRETS).map(([name, secret]) => [name, `\${{ secrets.${secret} }}`]),
      ),
    }
    expect(step?.with).toEqual(expected)
    expect(job).toMatchObject({
      name: `cluster \${{ matrix.cluster.name }}`,
      environment: `\${{ matrix.cluster.name }}`,
      strategy: { 'fail-fast': false, matrix: { cluster: `\${{ fromJSON(needs.plan.outputs.wave-${wave}) }}` } },
    })
  })

  it.each(waves.slice(1))('counts failures before a later wave: %d', (wave) => {
    const [budget, rotate] = [jobs[`budget-${wave}`], jobs[`wave-${wave}`]]
    expect(budget?.needs).toContain(`wave-${wave - 1}`)
    // A failed cluster must not skip the count, and a cancelled run starts nothing.
    expect(budget?.if).toContain('!cancelled()')
    expect(rotate?.needs).toEqual(['plan', `budget-${wave}`])
    expect(rotate?.if).toContain(`needs.budget-${wave}.outputs.proceed == 'true'`)
    expect(budget?.permissions).toEqual({ actions: 'read', contents: 'read' })
    expect(rotate?.permissions).toEqual({ contents: 'read' })
  })

  it('runs the commit of the workflow itself, and for a copy what the caller names', () => {
    for (const { steps } of Object.values(jobs)) {
      const own = "job.workflow_repository == 'registry-pull-secret/registry-pull-secret' && job.workflow_sha"
      expect(steps[0]?.with).toMatchObject({
        repository: 'registry-pull-secret/registry-pull-secret',
        ref: `\${{ inputs.action-ref || ${own} || 'v0' }}`,
      })
    }
  })
})

describe('a workflow of the documentation that calls it', () => {
  interface Caller {
    readonly permissions: Readonly<Record<string, string>>
    readonly uses: string
    readonly secrets: string | object
    readonly with: Readonly<Record<string, string>>
  }
  const blocks = codeBlocksOf(readFileSync('docs/many-clusters.md', 'utf8'), 'yaml')
  const callers = blocks.map((block) => (load(block) as { readonly jobs: { readonly rotate: Caller } }).jobs.rotate)

  it('calls a copy with the secrets of environments, or the one of this repository with the secrets that it names', () => {
    const path = '.github/workflows/rotate-clusters.yml'
    expect(callers.map(({ uses, secrets }) => [uses, secrets])).toEqual([
      [`./${path}`, 'inherit'],
      [
        `registry-pull-secret/registry-pull-secret/${path}@v0`,
        expect.objectContaining({ KUBECONFIG: expect.any(String) }),
      ],
    ])
    const named = callers.flatMap(({ secrets }) => (typeof secrets === 'string' ? [] : Object.keys(secrets)))
    expect(named.filter((name) => !(name in on.workflow_call.secrets))).toEqual([])
  })

  it.each(callers)('sets inputs that exist, and grants what the jobs need: $uses', (caller) => {
    expect(Object.keys(caller.with).filter((name) => !(name in on.workflow_call.inputs))).toEqual([])
    expect(caller.permissions).toEqual(Object.assign({}, ...Object.values(jobs).map(({ permissions }) => permissions)))
  })

  it.each(callers)('has clusters and inputs that the action accepts: $uses', async (rotate) => {
    const clusters = readClusters(rotate.with.clusters ?? '', PASSED_INPUTS)
    expect(clusters.length).toBeGreaterThan(1)
    const { certificate } = await createAuthority('clusters')
    const user = { token: 'clusters-test-token' }
    for (const cluster of clusters) {
      const { INPUT_NAME: name = '', ...own } = environmentOf(cluster)
      const server = { context: name, server: 'https://k.example.com', certificateAuthority: certificate, user }
      const config = kubeconfig([server])
      const { account: _account, ...common } = rotate.with
      const secret = { kubeconfig: config, 'api-key': 'clusters-test-key', account: 'a1' }
      const passed = Object.entries({ ...common, ...secret }).filter(([name]) => name in action.inputs)
      const inputs = await loadInputs({ ...environmentOf(Object.fromEntries(passed)), ...own })
      expect(inputs.warnings).toEqual([])
    }
  })
})

function environmentOf(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

describe('its steps', () => {
  const names = Array.from({ length: 150 }, (_, index) => `c${index}`)

  it('plan the waves', async () => {
    const clusters = JSON.stringify([{ name: 'canary', namespaces: 'shop' }, ...names])
    const { code, outputs } = await runClustersStep('plan', { CLUSTERS: clusters, FIRST_WAVE: '1', MAX_FAILURES: '2%' })
    expect(code).toBe(0)
    expect(JSON.parse(outputs.names ?? '')).toEqual(['canary', ...names])
    expect(outputs['wave-1']).toBe('[{"namespaces":"shop","name":"canary"}]')
    const planned = waves.flatMap((wave) => JSON.parse(outputs[`wave-${wave}`] ?? ''))
    expect(planned).toHaveLength(151)
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(jobs.plan?.outputs ?? {}).sort())
  })

  it('refuse a budget before anything is rotated', async () => {
    const { code, log } = await runClustersStep('plan', { CLUSTERS: '["a"]', FIRST_WAVE: '1', MAX_FAILURES: 'few' })
    expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('::error::Input `max-failures` is neither') })
  })

  it('say what is wrong, on one line', async () => {
    const { code, log } = await runClustersStep('plan', { CLUSTERS: '["a\\nb"]', FIRST_WAVE: '1', MAX_FAILURES: '0' })
    expect(code).toBe(1)
    expect(log).toMatch(/^::error::Entry 1 of `clusters` has no name[^\n]*\n$/)
  })

  it('count failures over all pages of the jobs of the run', async () => {
    const jobsOfRun = [
      { id: 7, name: 'rotate / budget-2', conclusion: null },
      ...names.map((name, index) => ({
        id: index + 10,
        name: `rotate / cluster ${name}`,
        conclusion: index < 145 ? 'success' : 'failure',
      })),
    ]
    await using github = await startGitHubJobs(jobsOfRun)
    const values = { NAMES: JSON.stringify(names), JOB_ID: '7', GH_TOKEN: 'clusters-test-token', ...github.variables }

    const [stopped, allowed, summary] = await Promise.all([
      runClustersStep('budget-2', { ...values, MAX_FAILURES: '4' }),
      runClustersStep('budget-2', { ...values, MAX_FAILURES: '5' }),
      runClustersStep('summary', { ...values, MAX_FAILURES: '4' }),
    ])

    expect(stopped).toMatchObject({ code: 0, outputs: { proceed: 'false' } })
    expect(stopped.log).toContain('::error title=Later waves not started::5 clusters failed')
    expect(allowed).toMatchObject({ code: 0, outputs: { proceed: 'true' } })
    expect(summary.summary).toContain('## 5 of 150 clusters failed')
    expect(new Set(github.requests)).toEqual(
      new Set(
        [1, 2].map(
          (page) =>
            `Bearer clusters-test-token /repos/acme/shop/actions/runs/1/jobs?filter=latest&per_page=100&page=${page}`,
        ),
      ),
    )
  })

  it('start no further wave when the results cannot be read', async () => {
    await using github = await startGitHubJobs(undefined)
    const values = {
      NAMES: '["a"]',
      JOB_ID: '7',
      GH_TOKEN: 'clusters-test-token',
      MAX_FAILURES: '9',
      ...github.variables,
    }
    const { code, outputs, log } = await runClustersStep('budget-2', values)
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} })
    expect(log).toContain('GitHub returned 403 for the jobs of this run.')
  })
})
