// The form: one fieldset for each question.
import type { InputRow } from '../../../src/inputs/table/row.ts'
import { defaultOf } from '../../../src/inputs/table/row.ts'
import { INPUT_GROUPS } from '../../../src/inputs/table.ts'
import { type Access, type Deployment, registryOf } from '../choices.ts'
import type { BuilderData } from '../data.ts'
import { type Field, fieldsOf, providerOf } from '../fields.ts'
import { LOGIN_INPUTS, loginsOf } from '../logins.ts'
import { controlElement, inputControl, type Option, radioGroup } from './control.ts'
import { byId, element } from './element.ts'
import { extraFields, type Section, showSecretList } from './extra-fields.ts'
import type { State } from './state.ts'

const ACCESSES: readonly (Option & { readonly id: Access; readonly user?: string })[] = [
  { id: 'kubeconfig', title: 'A kubeconfig, for a ServiceAccount that the commands create' },
  {
    id: 'oidc',
    title: 'GitHub’s OIDC token, without a secret',
    note: 'The API server must trust GitHub: see docs/cluster-access.md.',
    user: 'github:repo:acme/shop:ref:refs/heads/main',
  },
  { id: 'earlier-step', title: 'A kubeconfig that an earlier step writes', user: 'pull-secret@example.com' },
  {
    id: 'pod',
    title: 'The ServiceAccount of a self-hosted runner in the cluster',
    user: 'system:serviceaccount:runners:default',
  },
]

const DEPLOYMENTS: readonly (Option & { readonly id: Deployment })[] = [
  { id: 'nothing', title: 'Nothing: only keep the secret' },
  { id: 'image', title: 'A Pod with one image' },
  { id: 'manifests', title: 'Manifests of the repository' },
]

export class Form {
  readonly #data: BuilderData
  readonly #state: State
  readonly #onChange: () => void

  /** @param onChange is called after each change of the state */
  constructor(data: BuilderData, state: State, onChange: () => void) {
    this.#data = data
    this.#state = state
    this.#onChange = onChange
  }

  /** Creates the questions, and the fields for what is chosen. */
  render(): void {
    const { choices } = this.#state
    const registries = this.#data.registries.map(({ id, title, lifetime }) => ({
      id,
      title,
      note: `Lifetime: ${lifetime}.`,
    }))
    this.#radios('registry', { options: registries, chosen: choices.registry }, (id) => {
      this.#state.chooseRegistry(id)
      this.#renderLogins()
    })
    this.#radios('access', { options: ACCESSES, chosen: choices.access }, (id) => {
      const access = ACCESSES.find((one) => one.id === id)
      this.#state.set({ access: access?.id ?? 'kubeconfig', user: access?.user ?? '' })
    })
    this.#radios('deployment', { options: DEPLOYMENTS, chosen: choices.deployment }, (id) => {
      this.#state.set({ deployment: DEPLOYMENTS.find((one) => one.id === id)?.id ?? 'nothing' })
    })
    this.#renderLogins()
    this.#renderFields()
  }

  #renderLogins(): void {
    const { choices } = this.#state
    const options = loginsOf(providerOf(registryOf(this.#data, choices)))
    byId('section-login').hidden = options.length === 0
    this.#radios('login', { options, chosen: choices.login }, (login) => this.#state.set({ login }))
  }

  #radios(
    name: Section,
    content: { readonly options: readonly Option[]; readonly chosen: string },
    choose: (id: string) => void,
  ): void {
    const group = radioGroup(name, content, (id) => {
      choose(id)
      this.#renderFields()
      this.#onChange()
    })
    byId(`choices-${name}`).replaceChildren(group)
  }

  #renderFields(): void {
    const fields = fieldsOf(this.#data, this.#state.choices)
    const bySection = Map.groupBy(fields, (field) => this.#sectionOf(field))
    for (const section of ['registry', 'login', 'access', 'targets', 'deployment', 'schedule'] as const) {
      const elements = (bySection.get(section) ?? []).map((field) => this.#field(field))
      byId(`fields-${section}`).replaceChildren(
        ...elements,
        ...extraFields(section, { data: this.#data, state: this.#state, onChange: this.#onChange }),
      )
    }
    const more = Map.groupBy(bySection.get('more') ?? [], ({ group }) => group)
    const groups = INPUT_GROUPS.flatMap(({ title }) => {
      const elements = (more.get(title) ?? []).map((field) => this.#field(field))
      return elements.length === 0 ? [] : [element('fieldset', {}, element('legend', {}, title), ...elements)]
    })
    byId('fields-more').replaceChildren(...groups)
  }

  #field(field: Field): HTMLElement {
    const row: InputRow = field.row
    const value = this.#state.choices.values[field.name] ?? defaultOf(row) ?? ''
    return controlElement(inputControl(field, value), (typed) => {
      this.#state.setValue(field.name, typed)
      showSecretList(this.#state)
      this.#onChange()
    })
  }

  #sectionOf({ name, group, isEssential }: Field): Section {
    const isLogin =
      LOGIN_INPUTS.includes(name) && loginsOf(providerOf(registryOf(this.#data, this.#state.choices))).length > 0
    if (isLogin) return 'login'
    if (!isEssential) return 'more'
    if (['namespaces', 'secret-name', 'service-accounts'].includes(name)) return 'targets'
    if (name === 'max-age') return 'schedule'
    if (group === 'The cluster') return 'access'
    return group === 'Deploying' ? 'deployment' : 'registry'
  }
}
