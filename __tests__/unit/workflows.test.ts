// Every workflow of README, docs and examples, read as GitHub and this action read it.
import { globSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { actionErrorsOf } from '../../src/core/errors.ts'
import { loadInputs } from '../../src/inputs/inputs.ts'
import { inputsOf, isAction, type Step, stepsOf } from '../support/documented-workflow.ts'
import { codeBlocksOf } from '../support/markdown-page.ts'

const action = load(readFileSync('action.yml', 'utf8')) as {
  inputs: Record<string, unknown>
  outputs: Record<string, unknown>
}

const pages = ['README.md', ...globSync('docs/**/*.md')]
const blocks = pages.flatMap((path) =>
  codeBlocksOf(readFileSync(path, 'utf8'), 'yaml').map((text, index) => [`${path}, block ${index + 1}`, text] as const),
)
const examples = globSync('examples/**/*.{yml,yaml}').map((path) => [path, readFileSync(path, 'utf8')] as const)
const withSteps = [...blocks, ...examples].filter(([, text]) => /^\s*(- )?uses: /m.test(text))
const workflows = withSteps.filter(([, text]) => /uses: registry-pull-secret\/registry-pull-secret@/.test(text))

const stepsIn = (text: string) => stepsOf(load(text)).filter(isAction)

it('there are workflows on many pages and in the examples', () => {
  const of = (folder: string) => workflows.filter(([title]) => title.startsWith(folder))
  expect(of('examples/').length).toBeGreaterThan(10)
  expect(of('docs/recipes/').length).toBeGreaterThan(15)
  expect(of('README.md').length).toBeGreaterThan(3)
})

describe.each(workflows)('%s', (_, text) => {
  it('has this action in the form of the README, with inputs that exist', () => {
    const steps = stepsIn(text)
    expect(steps.length).toBe(text.match(/uses: registry-pull-secret\/registry-pull-secret@/g)?.length)
    for (const { uses, with: provided = {} } of steps) {
      expect(uses).toBe('registry-pull-secret/registry-pull-secret@v0')
      expect(Object.keys(provided).filter((name) => !(name in action.inputs))).toEqual([])
    }
  })

  it('has the inputs that its provider requires, and none that exclude each other', async () => {
    for (const step of stepsIn(text)) {
      const errors = await errorsOf(valuesOf(step))
      expect(errors.filter((error) => !DEPENDS_ON_THE_JOB.test(error))).toEqual([])
    }
  })

  it('reads outputs that exist, of steps and jobs that exist', () => {
    const steps = stepsOf(load(text))
    const ids = stepsIn(text).flatMap(({ id }) => id ?? [])
    for (const [, id = '', name = ''] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(steps.map((step) => step.id)).toContain(id)
      if (ids.includes(id)) expect(Object.keys(action.outputs)).toContain(name)
    }
    const jobs = Object.keys((load(text) as { readonly jobs?: object }).jobs ?? {})
    for (const [, job] of text.matchAll(/needs\.([\w-]+)\./g)) expect(jobs).toContain(job)
  })
})

describe('the actions of others', () => {
  const uses = withSteps.flatMap(([title, text]) =>
    [...text.matchAll(/uses: (\S+)(?: +# (\S+))?/g)]
      .filter(([, name = '']) => !/^(registry-pull-secret\/|\.\/)/.test(name))
      .map(([, name = '', version = '']) => ({ title, name, version })),
  )

  it('are pinned to a commit, with its version', () => {
    const others = uses.filter(({ name, version }) => !/@[0-9a-f]{40}$/.test(name) || !/^v\d+\.\d+\.\d+$/.test(version))
    expect(uses.length).toBeGreaterThan(10)
    expect(others).toEqual([])
  })

  it('have the same commit everywhere', () => {
    const commits = Map.groupBy(uses, ({ name }) => name.replace(/@.*/, ''))
    const differing = [...commits].filter(([, own]) => new Set(own.map(({ name, version }) => name + version)).size > 1)
    expect(differing.map(([name]) => name)).toEqual([])
  })
})

/** Only a job has the files of the repository. */
const DEPENDS_ON_THE_JOB = /matches no manifest/

const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'prod',
  contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'prod' } }],
  clusters: [{ name: 'prod', cluster: { server: 'https://kube.example.com:6443' } }],
  users: [{ name: 'prod', user: { token: 'token-of-the-cluster' } }],
})

/** In the place of an expression. */
const UNKNOWN = 'value-1234'

/** Inputs whose value is not any text. */
const VALUES: Readonly<Record<string, string>> = {
  kubeconfig: KUBECONFIG,
  'docker-server': 'registry.example.com',
  'max-age': '0',
  'dry-run': 'true',
  'ca-certificates': '',
}

/** The inputs of a step as the reader gets them, with a value for each expression. */
function valuesOf(step: Step): Record<string, string> {
  const provided = Object.entries(inputsOf(step, {}, UNKNOWN)).map(([name, value]) => {
    return [name, value === UNKNOWN ? (VALUES[name] ?? value) : value] as const
  })
  const values = Object.fromEntries(provided)
  const { provider, 'docker-server': server = '' } = values
  // An earlier step has logged in, and a runner in the cluster needs no kubeconfig.
  const login = { auths: { [server]: { auth: btoa('user:password-1234') } } }
  const found = provider === 'docker-config' ? { 'docker-config': JSON.stringify(login) } : {}
  return { kubeconfig: KUBECONFIG, ...found, ...values }
}

async function errorsOf(inputs: Readonly<Record<string, string>>): Promise<string[]> {
  const environment = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
  const errors = await loadInputs(environment).then(() => [], actionErrorsOf)
  return errors.map(({ message }) => message)
}
