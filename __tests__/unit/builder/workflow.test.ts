// Each workflow that the builder makes is one that GitHub and the action accept, whatever a person types.
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { type Choices, registryOf } from '../../../scripts/builder/choices.ts'
import { fieldsOf } from '../../../scripts/builder/fields.ts'
import { problemsOf } from '../../../scripts/builder/problems.ts'
import { workflowOf } from '../../../scripts/builder/workflow.ts'
import { loadInputs } from '../../../src/inputs/inputs.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { COMBINATIONS, choose, data } from './sample-choices.ts'

interface Workflow {
  readonly on: { readonly schedule?: readonly { readonly cron: string }[] }
  readonly permissions: object
  readonly jobs: Readonly<Record<string, Job>>
}

interface Job {
  readonly 'runs-on': string
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

const action = load(readFileSync('action.yml', 'utf8')) as { readonly inputs: Readonly<Record<string, unknown>> }

function jobOf(choices: Choices): Job {
  const { permissions, jobs } = load(workflowOf(data, choices)) as Workflow
  expect(permissions).toEqual({})
  expect(Object.keys(jobs)).toEqual(['pull-secret'])
  const job = jobs['pull-secret']
  if (job === undefined) throw new Error('no job')
  return job
}

/** What GitHub passes to the action: literals evaluated, secrets and variables with a value of the test. */
function inputsOf(choices: Choices, values: Readonly<Record<string, string>> = {}): Record<string, string> {
  const step = jobOf(choices).steps.at(-1)
  expect(step?.uses).toBe('registry-pull-secret/registry-pull-secret@v0')
  const evaluate = (text: string, name: string) =>
    text.replaceAll(
      /\$\{\{ (?:'([^']*)'|[\w.]+) \}\}/g,
      (_, literal) => literal ?? values[name] ?? 'builder-test-value',
    )
  return Object.fromEntries(
    Object.entries(step?.with ?? {}).map(([name, value]) => [name, evaluate(String(value), name)]),
  )
}

const { certificate } = await createAuthority('builder')
const config = kubeconfig([
  {
    context: 'c',
    server: 'https://k.example.com:6443',
    certificateAuthority: certificate,
    user: { token: 'builder-test-token' },
  },
])

describe('a workflow of the builder', () => {
  it('is made for each registry of the documentation, and for each login of an environment', () => {
    expect(data.registries.map(({ id }) => id)).toContain('ghcr')
    expect(COMBINATIONS.length).toBe((data.registries.length - 1 + 5) * 4 * 3)
  })

  it.each(COMBINATIONS)('has inputs that the action accepts: %s', async (_, choices) => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'builder-'))
    const host = registryOf(data, choices).example.inputs['docker-server'] ?? 'registry.example.com'
    const auths = { [host]: { auth: btoa('jo:builder-test-password') } }
    writeFileSync(join(folder.path, 'config.json'), JSON.stringify({ auths }))
    writeFileSync(join(folder.path, 'kubeconfig'), config)
    writeFileSync(join(folder.path, 'pod.yaml'), '{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}')
    const manifests = { ...choices, values: { ...choices.values, 'manifest-files': join(folder.path, 'pod.yaml') } }
    expect(problemsOf(data, choices)).toEqual([])

    const inputs = inputsOf(manifests, { kubeconfig: config, 'kube-ca': certificate })

    expect(Object.keys(inputs).filter((name) => !(name in action.inputs))).toEqual([])
    const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
    const own = { DOCKER_CONFIG: folder.path, HOME: folder.path, KUBECONFIG: join(folder.path, 'kubeconfig') }
    const oidc = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://oidc.example.com', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-token' }
    const read = await loadInputs({ ...Object.fromEntries(variables), ...own, ...oidc })
    expect(read.warnings).toEqual([])
    expect(read.secret?.name).toBe('team-registry')
  })

  it.each(COMBINATIONS)('has the permissions and the runner that its steps need: %s', (_, choices) => {
    const { permissions = {}, steps, 'runs-on': runner } = jobOf(choices)
    const uses = steps.map(({ uses = '' }) => uses)
    expect(permissions.contents).toBe(uses.some((one) => one.startsWith('actions/checkout@')) ? 'read' : undefined)
    const needsToken = choices.access === 'oidc' || ['ecr', 'artifact-registry', 'acr'].includes(choices.registry)
    expect(permissions['id-token']).toBe(needsToken ? 'write' : undefined)
    expect(runner).toBe(choices.access === 'pod' || choices.login === 'cli' ? 'self-hosted' : 'ubuntu-latest')
    // The actions of others are pinned.
    const pins = /^(registry-pull-secret\/registry-pull-secret@v0|[\w./-]+@[0-9a-f]{40})$/
    expect(uses.filter((one) => one !== '' && !pins.test(one))).toEqual([])
  })

  it('sets the inputs of the vendor’s login action after the registry host', () => {
    const values = { 'docker-server': '210987654321.dkr.ecr.us-east-2.amazonaws.com' }
    const { steps } = jobOf(choose('ecr', { values, settings: { 'role-to-assume': 'arn:aws:iam::2:role/a: b' } }))
    expect(steps[0]?.with).toEqual({ 'aws-region': 'us-east-2', 'role-to-assume': 'arn:aws:iam::2:role/a: b' })
  })

  it('has no schedule when it is started by hand', () => {
    const workflow = load(workflowOf(data, choose('ghcr', { cron: ' ' }))) as Workflow
    expect(workflow.on).toEqual({ workflow_dispatch: null })
  })
})

const HOSTILE = [
  'a: b',
  'a # b',
  '"quoted" and \'quoted\'',
  '- item',
  '*alias &anchor !tag',
  '{a: b}, [c]',
  'a\nb: c\n  d',
  'a\r\n      - run: curl evil.example',
  '|\n  a',
  '%TAG',
  '@at `tick`',
  'true',
  '0x10',
  '1e3',
  '~',
  'a\u2028b\u0085c\ufeffd',
  'a\u0000b\u001b[31m',
  '\ttab',
  `\${{ secrets.OTHER }}`,
  `a\${{ github.token }}b`,
  `\${{ vars.A }} \${{ '}}' }}`,
  `$\${{{ x }}`,
  `\${{`,
]

describe('what a person types', () => {
  const texts = fieldsOf(data, choose('any-registry', { deployment: 'image' }))
    .filter(({ row, isSecret }) => !isSecret && row.type !== 'flag' && row.type !== 'choice')
    .map(({ name }) => name)

  function expectText(name: string, typed: string): void {
    const base = choose('any-registry', { deployment: 'image' })
    const choices = { ...base, values: { ...base.values, [name]: typed } }
    const job = jobOf(choices)
    expect(job.steps).toHaveLength(1)
    const { [name]: value, ...others } = inputsOf(choices)
    const { [name]: _, ...expected } = inputsOf(base)
    expect(others).toEqual(expected)
    const text = typed.replaceAll('\r\n', '\n').trim()
    const isList = fieldsOf(data, base).find((field) => field.name === name)?.row.type === 'list'
    const items = text.split(/[\n,]/).map((item) => item.trim())
    const list = items.filter(Boolean)
    expect(value ?? '').toBe(isList ? list.join('\n') + (list.length > 1 ? '\n' : '') : text)
  }

  it.each(HOSTILE)('is the value of that input, and nothing else: %j', (typed) => {
    for (const name of texts) expectText(name, typed)
  })

  it('is so for any text', () => {
    const parts = fc.oneof(
      fc.constantFrom(...HOSTILE, `\${{ `, ' }}', '\n', ': ', ' #', "'"),
      fc.string({ unit: 'binary' }),
    )
    const text = fc.array(parts, { maxLength: 6 }).map((all) => all.join(''))
    fc.assert(
      fc.property(fc.constantFrom('verify-image', 'namespaces', 'annotations'), text, (name, typed) => {
        fc.pre(!typed.includes('\ufffd') && typed.isWellFormed())
        // A variable is an expression of its own, and a default is not written.
        fc.pre(!/^\s*\$\{\{ *vars\.\w+ *\}\}\s*$/.test(typed))
        expectText(name, typed)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('may be a variable of the repository, where the permissions do not depend on it', () => {
    const values = { 'docker-username': `\${{ vars.USER }}`, namespaces: `\${{ vars.NAMESPACE }}` }
    const step = jobOf(choose('any-registry', { values })).steps.at(-1)
    expect(step?.with).toMatchObject({
      'docker-username': `\${{ vars.USER }}`,
      namespaces: `\${{ '\${{' }} vars.NAMESPACE }}`,
    })
  })
})
