// The text of the workflow.
import { type Choices, registryOf } from './choices.ts'
import type { BuilderData, Registry } from './data.ts'
import { providerOf } from './fields.ts'
import { loginsOf } from './logins.ts'
import { type StepInput, stepInputs } from './step-inputs.ts'
import { vendorSteps } from './vendor-steps.ts'
import { literal, yamlOf } from './yaml.ts'

/** A whole file for `.github/workflows/`. */
export function workflowOf(data: BuilderData, choices: Choices): string {
  const registry = registryOf(data, choices)
  const { example } = registry
  const permissions = permissionsOf(registry, choices)
  const vendor = vendorSteps(registry, choices)
  const lines = [
    `name: ${example.name}`,
    '',
    'on:',
    ...scheduleOf(registry, choices.cron),
    '  workflow_dispatch:',
    '',
    'permissions: {}',
    '',
    '# Two concurrent runs would do the same work twice.',
    'concurrency:',
    '  group: registry-credential',
    '',
    'jobs:',
    '  pull-secret:',
    `    runs-on: ${needsOwnRunner(registry, choices) ? 'self-hosted' : 'ubuntu-latest'}`,
    '    timeout-minutes: 20',
    ...(Object.keys(permissions).length > 0 ? [yamlOf({ permissions }, 4)] : []),
    '    steps:',
    ...(choices.deployment === 'manifests' ? [data.checkout, ''] : []),
    ...(vendor === '' ? [] : [vendor, '']),
    ...(choices.access === 'earlier-step'
      ? ['      # Here is the step that writes the kubeconfig of the cluster.', '']
      : []),
    '      # Pin this action to the full commit SHA of a release as well.',
    `      - uses: ${example.action}`,
    yamlOf({ with: Object.fromEntries(stepInputs(data, choices).map((one) => [one.name, withValue(one)])) }, 8),
  ]
  return `${lines.join('\n')}\n`
}

/** The names of the secrets and variables of a workflow, each once. */
export function settingsOf(workflow: string, kind: 'secrets' | 'vars'): string[] {
  const found = [...workflow.matchAll(/\$\{\{ (secrets|vars)\.(\w+) \}\}/g)]
  return [...new Set(found.flatMap(([, of, name = '']) => (of === kind ? [name] : [])))]
}

function scheduleOf({ example }: Registry, typed: string): string[] {
  const cron = typed.trim()
  if (cron === '') return []
  const comment = cron === example.cron && example.scheduleComment !== '' ? [`    # ${example.scheduleComment}`] : []
  return ['  schedule:', ...comment, yamlOf([{ cron: literal(cron) }], 4)]
}

function permissionsOf({ example }: Registry, { access, deployment }: Choices): Record<string, string> {
  return {
    ...(deployment === 'manifests' && { contents: 'read' }),
    ...(access === 'oidc' && { 'id-token': 'write' }),
    ...example.permissions,
  }
}

function needsOwnRunner(registry: Registry, { access, login }: Choices): boolean {
  const method = loginsOf(providerOf(registry)).find(({ id }) => id === login)
  return access === 'pod' || method?.needsOwnRunner === true
}

function withValue(input: StepInput): string | boolean {
  switch (input.kind) {
    case 'text':
      return literal(input.text)
    case 'flag':
      return input.isSet
    case 'reference':
      return `\${{ ${input.expression} }}`
  }
}
