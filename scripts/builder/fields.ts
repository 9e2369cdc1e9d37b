// Which inputs of the table a person can set, and what they are at first.
import type { InputRow, ProviderName } from '../../src/inputs/table/row.ts'
import { INPUT_GROUPS, INPUT_NAMES, INPUTS, type InputName } from '../../src/inputs/table.ts'
import { type Access, type Choices, type Deployment, registryOf } from './choices.ts'
import type { BuilderData, Registry } from './data.ts'
import { LOGIN_INPUTS, loginsOf } from './logins.ts'

const ROWS: Readonly<Record<InputName, InputRow>> = INPUTS

export interface Field {
  readonly name: InputName
  readonly row: InputRow
  /** The title of its group in the table. */
  readonly group: string
  /** Whether it is shown at once, or among further inputs. */
  readonly isEssential: boolean
  /** A person types the name of a secret of the repository. */
  readonly isSecret: boolean
  /** A person may type `${{ vars.NAME }}`. */
  readonly allowsVariable: boolean
}

/** Their text can contain a secret, although the type of their row allows a path as well. */
const MAY_HOLD_SECRET: readonly InputName[] = ['kubeconfig', 'docker-config']

/** What the permissions in the cluster are made from. A variable would hide it. */
const IN_PERMISSIONS: readonly InputName[] = [
  'namespaces',
  'namespace-selector',
  'secret-name',
  'service-accounts',
  'pod-name',
  'docker-config-secret',
  'wait-timeout',
]

const ACCESS_INPUTS: Readonly<Record<Access, readonly InputName[]>> = {
  kubeconfig: ['kubeconfig'],
  oidc: ['kube-server', 'kube-ca', 'kube-oidc-audience'],
  'earlier-step': [],
  pod: [],
}

const DEPLOYMENT_INPUTS: Readonly<Record<Deployment, readonly InputName[]>> = {
  nothing: [],
  image: ['image', 'pod-name'],
  manifests: ['manifest-files'],
}

/** What only belongs to some ways of access or deployment: a field where the way is chosen. */
const OPTIONAL_WITH_DEPLOYMENT: Readonly<Record<Deployment, readonly InputName[]>> = {
  nothing: [],
  image: ['container-name', 'wait-timeout', 'recreate-pods'],
  manifests: ['images', 'wait-timeout', 'recreate-pods', 'recreate-jobs'],
}

const ALWAYS_ESSENTIAL: readonly InputName[] = ['namespaces', 'secret-name', 'service-accounts']

/** The builder sets them itself, or has another way to choose them. */
const NEVER: readonly InputName[] = ['provider', 'manifest', 'kube-token']

/** The inputs that a person can set with these choices, in the order of the table. */
export function fieldsOf(data: BuilderData, choices: Choices): Field[] {
  const registry = registryOf(data, choices)
  const provider = providerOf(registry)
  const chosen = [...chosenInputs(provider, choices), ...ALWAYS_ESSENTIAL]
  const excluded = new Set<string>([...NEVER, ...notChosen(provider, choices)])
  const isEssential = (name: InputName) =>
    chosen.includes(name) || name in registry.example.inputs || isRequired(provider, ROWS[name])
  return INPUT_GROUPS.flatMap(({ title: group, inputs }) =>
    INPUT_NAMES.filter((name) => name in inputs && !excluded.has(name) && isFor(provider, name)).map((name) => ({
      name,
      row: ROWS[name],
      group,
      isEssential: isEssential(name),
      isSecret: ROWS[name].type === 'secret' || MAY_HOLD_SECRET.includes(name),
      allowsVariable: ROWS[name].type !== 'choice' && ROWS[name].type !== 'flag' && !IN_PERMISSIONS.includes(name),
    })),
  )
}

/** An input that another one can replace is not counted: the example has one of the two. */
function isRequired(provider: ProviderName, { required }: InputRow): boolean {
  return required?.for?.includes(provider) === true && required.unless === undefined
}

/** As the action finds it: the provider of the example, else the first one of the table. */
export function providerOf({ example }: Registry): ProviderName {
  return INPUTS.provider.choices.find((one) => one === example.inputs.provider) ?? INPUTS.provider.choices[0]
}

/** The choices for a registry before a person changes anything: those of its example. */
export function initialChoices(data: BuilderData, id: string): Choices {
  const registry = registryOf(data, { registry: id })
  const [login] = loginsOf(providerOf(registry))
  return {
    registry: id,
    login: login?.id ?? '',
    access: 'kubeconfig',
    user: '',
    mayListSecrets: false,
    deployment: 'nothing',
    kinds: ['Deployment', 'Service', 'ConfigMap'],
    cron: registry.example.cron,
    values: initialValues(registry),
    settings: {},
  }
}

/** @returns for each input what the field of it contains at first */
function initialValues({ example }: Registry): Record<string, string> {
  const secretOf = (text: string) => /^\$\{\{ secrets\.(\w+) \}\}$/.exec(text)?.[1]
  const ofExample = Object.entries(example.inputs).map(([name, text]) => [name, secretOf(text) ?? text.trim()])
  const secrets = INPUT_NAMES.filter((name) => ROWS[name].type === 'secret')
  return {
    ...Object.fromEntries(secrets.map((name) => [name, name.toUpperCase().replaceAll('-', '_')])),
    ...DEFAULTS,
    ...Object.fromEntries(ofExample),
  }
}

/** What no example has. */
const DEFAULTS: Readonly<Partial<Record<InputName, string>>> = {
  username: 'robot',
  'kube-server': 'https://k.example.com:6443',
  'kube-ca': `\${{ vars.KUBE_CA }}`,
  'kube-oidc-audience': 'https://k.example.com:6443',
  image: 'team/app:1',
  'pod-name': 'web',
  'manifest-files': 'deploy/',
}

function isFor(provider: ProviderName, name: InputName): boolean {
  return ROWS[name].providers?.includes(provider) !== false
}

function chosenInputs(provider: ProviderName, { login, access, deployment }: Choices): readonly InputName[] {
  const inputs = loginsOf(provider).find(({ id }) => id === login)?.inputs ?? []
  return [...inputs, ...ACCESS_INPUTS[access], ...DEPLOYMENT_INPUTS[deployment]]
}

function notChosen(provider: ProviderName, choices: Choices): InputName[] {
  const chosen = [...chosenInputs(provider, choices), ...OPTIONAL_WITH_DEPLOYMENT[choices.deployment]]
  const deploying = INPUT_GROUPS.find(({ title }) => title === 'Deploying')?.inputs ?? {}
  const all = [
    ...(loginsOf(provider).length > 0 ? LOGIN_INPUTS : []),
    ...Object.values(ACCESS_INPUTS).flat(),
    ...INPUT_NAMES.filter((name) => name in deploying),
  ]
  return all.filter((name) => !chosen.includes(name))
}
