// The control of one input of the table: label, help text, and a place for its problem.
import type { InputRow } from '../../../src/inputs/table/row.ts'
import { defaultText, descriptionText } from '../../input-docs.ts'
import type { Field } from '../fields.ts'
import { element, prose } from './element.ts'

export interface Control {
  readonly id: string
  readonly label: string
  /** Sentences in Markdown. */
  readonly help: string
  readonly value: string
  readonly kind: 'line' | 'lines' | 'checkbox' | readonly string[]
}

/** @param onChange receives what the field contains */
export function controlElement(control: Control, onChange: (value: string) => void): HTMLElement {
  const { id, label, help, kind } = control
  const fieldId = `field-${id}`
  const input = inputElement(control)
  input.id = fieldId
  input.setAttribute('aria-describedby', `${fieldId}-help ${fieldId}-problem`)
  input.addEventListener('input', () => {
    onChange(input instanceof HTMLInputElement && input.type === 'checkbox' ? String(input.checked) : input.value)
  })
  const caption = element('label', { for: fieldId }, ...prose(label))
  const helpText = element('p', { class: 'help', id: `${fieldId}-help` }, ...prose(help))
  const problem = element('p', { class: 'problem', id: `${fieldId}-problem` })
  const order = kind === 'checkbox' ? [element('div', { class: 'choice' }, input, caption)] : [caption, input]
  return element('div', { class: 'field' }, ...order, helpText, problem)
}

/** The control of an input. Its texts are those of the documentation. */
export function inputControl({ name, row, isSecret }: Field, value: string): Control {
  const text = defaultText(row)
  return {
    id: name,
    label: isSecret ? `\`${name}\`: name of the secret` : `\`${name}\``,
    help: [
      descriptionText(row),
      text === '' ? '' : `Default: ${text}.`,
      isSecret ? 'Type the name of a secret of the repository, never the secret itself.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    value,
    kind: isSecret ? 'line' : kindOf(row),
  }
}

function kindOf(row: InputRow): Control['kind'] {
  switch (row.type) {
    case 'flag':
      return 'checkbox'
    case 'choice':
      return row.choices
    case 'list':
    case 'pairs':
    case 'pem':
      return 'lines'
    default:
      return 'line'
  }
}

function inputElement({ kind, value }: Control): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  const plain = { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' }
  if (kind === 'checkbox') return element('input', { type: 'checkbox', checked: value === 'true' })
  if (kind === 'line') return element('input', { type: 'text', value, ...plain })
  if (kind === 'lines') {
    const rows = String(Math.min(6, value.split('\n').length + 1))
    return element('textarea', { rows, ...plain }, value)
  }
  return element('select', {}, ...kind.map((one) => element('option', { value: one, selected: one === value }, one)))
}

/** A group of radio buttons. @param onChange receives the id of the chosen one */
export function radioGroup(
  name: string,
  { options, chosen }: { readonly options: readonly Option[]; readonly chosen: string },
  onChange: (id: string) => void,
): HTMLElement {
  const group = element('div', { class: 'radios' })
  for (const { id, title, note } of options) {
    const radioId = `${name}-${id}`
    const radio = element('input', { type: 'radio', name, id: radioId, value: id, checked: id === chosen })
    radio.addEventListener('change', () => onChange(id))
    const label = element('label', { for: radioId }, title, ...(note ? [element('small', {}, ...prose(note))] : []))
    group.append(element('div', { class: 'choice' }, radio, label))
  }
  return group
}

export interface Option {
  readonly id: string
  readonly title: string
  /** In Markdown. */
  readonly note?: string
}
