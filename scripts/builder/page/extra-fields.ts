// The fields that are no input of the action.
import { type Choices, registryOf } from '../choices.ts'
import type { BuilderData } from '../data.ts'
import { namespacesOf } from '../targets.ts'
import { vendorSettings } from '../vendor-steps.ts'
import { type Control, controlElement } from './control.ts'
import { byId, element } from './element.ts'
import type { State } from './state.ts'

/** A part of the form. */
export type Section = 'registry' | 'login' | 'access' | 'targets' | 'deployment' | 'schedule' | 'more'

interface Context {
  readonly data: BuilderData
  readonly state: State
  readonly onChange: () => void
}

export function extraFields(section: Section, context: Context): HTMLElement[] {
  const { access, deployment } = context.state.choices
  switch (section) {
    case 'registry':
      return vendorFields(context)
    case 'access':
      return access === 'kubeconfig' ? [] : [userField(context)]
    case 'targets':
      return [secretListField(context)]
    case 'deployment':
      return deployment === 'manifests' ? [kindsField(context)] : []
    case 'schedule':
      return [cronField(context)]
    case 'login':
    case 'more':
      return []
  }
}

/** Where the permissions are for single namespaces, there is nothing to choose. */
export function showSecretList({ choices }: State): void {
  byId('list-secrets').hidden = !namespacesOf(choices).isClusterWide
}

function vendorFields({ data, state, onChange }: Context): HTMLElement[] {
  return vendorSettings(registryOf(data, state.choices)).map(({ name, initial }) => {
    const value = state.choices.settings[name] ?? initial
    const help = 'An input of the vendor’s login action, which runs before this one.'
    return controlElement({ id: name, label: `\`${name}\``, help, value, kind: 'line' }, (typed) => {
      state.setSetting(name, typed)
      onChange()
    })
  })
}

function userField(context: Context): HTMLElement {
  const { user } = context.state.choices
  const help = 'Who gets the permissions, as the API server calls the user: `kubectl auth whoami` prints it.'
  const control: Control = { id: 'user', label: 'User of the cluster', help, value: user, kind: 'line' }
  return field(context, control, (typed) => ({ user: typed }))
}

function cronField(context: Context): HTMLElement {
  const { cron } = context.state.choices
  const help = 'Five fields of cron, in UTC. Empty: you start the workflow yourself.'
  return field(context, { id: 'cron', label: 'Schedule', help, value: cron, kind: 'line' }, (typed) => ({
    cron: typed,
  }))
}

function secretListField(context: Context): HTMLElement {
  const { choices } = context.state
  const help =
    'Many namespaces are then read by one request, and more replaced tokens can be revoked. The user can read every Secret.'
  const label = 'Let the action list the Secrets of the whole cluster'
  const value = String(choices.mayListSecrets)
  const control: Control = { id: 'may-list-secrets', label, help, value, kind: 'checkbox' }
  const created = field(context, control, (typed) => ({ mayListSecrets: typed === 'true' }))
  created.id = 'list-secrets'
  created.hidden = !namespacesOf(choices).isClusterWide
  return created
}

function field(
  { state, onChange }: Context,
  control: Control,
  changesOf: (typed: string) => Partial<Choices>,
): HTMLElement {
  return controlElement(control, (typed) => {
    state.set(changesOf(typed))
    onChange()
  })
}

function kindsField({ data, state, onChange }: Context): HTMLElement {
  const boxes = data.kinds.map(({ kind }) => {
    const id = `kind-${kind}`
    const box = element('input', { type: 'checkbox', id, checked: state.choices.kinds.includes(kind) })
    box.addEventListener('change', () => {
      const others = state.choices.kinds.filter((one) => one !== kind)
      state.set({ kinds: box.checked ? [...others, kind] : others })
      onChange()
    })
    return element('div', { class: 'choice' }, box, element('label', { for: id }, kind))
  })
  return element('fieldset', { class: 'kinds' }, element('legend', {}, 'The manifests contain'), ...boxes)
}
