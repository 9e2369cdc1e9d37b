// The steps of other actions before this one, which log docker in.
import type { Choices } from './choices.ts'
import type { Registry } from './data.ts'
import { literal, yamlOf } from './yaml.ts'

/** What a person sets in these steps, by the id of the registry. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  ecr: ['role-to-assume'],
  'artifact-registry': ['workload_identity_provider', 'service_account'],
}

/** What follows from the first registry host. */
const FROM_HOST: Readonly<Record<string, (host: string) => Readonly<Record<string, string>>>> = {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
  ecr: (host) => ({ 'aws-region': /\.ecr\.([a-z0-9-]+)\./.exec(host)?.[1] ?? '' }),
  'artifact-registry': (host) => ({ registry: host }),
  acr: (host) => ({ REGISTRY: host.replace(/\.azurecr\.io$/, '') }),
  ghcr: (host) => ({ registry: host }),
}

export interface VendorSetting {
  readonly name: string
  /** What the example has. */
  readonly initial: string
}

export function vendorSettings({ id, example }: Registry): VendorSetting[] {
  return (SETTINGS[id] ?? []).map((name) => ({ name, initial: lineOf(name).exec(example.steps)?.[2] ?? '' }))
}

/** The lines of the steps with what was typed for them; empty when there are none. */
export function vendorSteps({ id, example }: Registry, { settings, values }: Choices): string {
  const [host = ''] = (values['docker-server'] ?? '').trim().split(/[\n,]/)
  const fromHost = FROM_HOST[id]?.(host.trim()) ?? {}
  const typed = (SETTINGS[id] ?? []).map((name) => [name, settings[name] ?? ''] as const)
  const changes = [...Object.entries(fromHost), ...typed].filter(([, value]) => value.trim() !== '')
  return changes.reduce(
    (steps, [name, value]) =>
      steps.replace(lineOf(name), (_, start: string) => `${start}${scalar(value.trim().replaceAll(/\s+/g, ' '))}`),
    example.steps,
  )
}

/** The line that sets an input or a variable. */
function lineOf(name: string): RegExp {
  return new RegExp(`^( +${name}: )(.*)$`, 'm')
}

function scalar(text: string): string {
  return yamlOf({ a: literal(text) }).replace(/^a: /, '')
}
