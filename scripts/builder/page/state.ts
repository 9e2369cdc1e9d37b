// What is chosen and typed. Values of one registry are kept when a person looks at another one and comes back.
import type { Choices } from '../choices.ts'
import type { BuilderData } from '../data.ts'
import { initialChoices } from '../fields.ts'

/** What belongs to a registry: another one begins with the values of its own example. */
type OfRegistry = 'login' | 'cron' | 'values' | 'settings'

export class State {
  #choices: Choices
  readonly #data: BuilderData
  readonly #ofRegistries = new Map<string, Pick<Choices, OfRegistry>>()

  constructor(data: BuilderData) {
    this.#data = data
    this.#choices = initialChoices(data, data.registries[0]?.id ?? '')
  }

  get choices(): Choices {
    return this.#choices
  }

  set(changes: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...changes }
  }

  setValue(name: string, value: string): void {
    this.set({ values: { ...this.#choices.values, [name]: value } })
  }

  setSetting(name: string, value: string): void {
    this.set({ settings: { ...this.#choices.settings, [name]: value } })
  }

  /** What is typed for the cluster stays. */
  chooseRegistry(id: string): void {
    const { registry, login, cron, values, settings } = this.#choices
    this.#ofRegistries.set(registry, { login, cron, values, settings })
    const next = this.#ofRegistries.get(id) ?? initialChoices(this.#data, id)
    const shared = Object.fromEntries(SHARED.flatMap((name) => (name in values ? [[name, values[name] ?? '']] : [])))
    this.set({ registry: id, login: next.login, cron: next.cron, settings: next.settings })
    this.set({ values: { ...next.values, ...shared } })
  }
}

/** The inputs that are about the cluster, not the registry. */
const SHARED = [
  'secret-name',
  'namespaces',
  'namespace-selector',
  'create-namespaces',
  'service-accounts',
  'kubeconfig',
  'contexts',
  'kube-server',
  'kube-ca',
  'kube-oidc-audience',
  'manifest-files',
  'pod-name',
]
