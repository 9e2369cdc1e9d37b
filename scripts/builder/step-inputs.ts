// What the step of this action gets under `with`.
import { defaultOf } from '../../src/inputs/table/row.ts'
import type { InputName } from '../../src/inputs/table.ts'
import { type Choices, registryOf } from './choices.ts'
import type { BuilderData } from './data.ts'
import { type Field, fieldsOf } from './fields.ts'

/** The value of an input: text that means itself, or an expression that GitHub evaluates. */
export type StepInput =
  | { readonly name: InputName; readonly kind: 'text'; readonly text: string }
  | { readonly name: InputName; readonly kind: 'flag'; readonly isSet: boolean }
  | { readonly name: InputName; readonly kind: 'reference'; readonly expression: string }

/** https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets */
const SETTING_NAME = /^(?!GITHUB_)[A-Za-z_]\w{0,99}$/i

/** Stands where the name of a secret is not valid: it may be the secret itself, so it is repeated nowhere. */
const UNNAMED = 'NAME_OF_THE_SECRET'

/** The inputs that are set, in the order of the table. A field that contains its default is not one of them. */
export function stepInputs(data: BuilderData, choices: Choices): StepInput[] {
  const { provider } = registryOf(data, choices).example.inputs
  const first: StepInput[] = provider === undefined ? [] : [{ name: 'provider', kind: 'text', text: provider }]
  return [...first, ...fieldsOf(data, choices).flatMap((field) => stepInput(field, choices.values[field.name] ?? ''))]
}

export function isSettingName(text: string): boolean {
  return SETTING_NAME.test(text)
}

function stepInput({ name, row, isSecret, allowsVariable }: Field, typed: string): StepInput[] {
  const text = typed.replaceAll('\r\n', '\n').trim()
  if (text === '' || text === defaultOf(row)) return []
  if (isSecret) return [{ name, kind: 'reference', expression: `secrets.${isSettingName(text) ? text : UNNAMED}` }]
  const [, variable = ''] = /^\$\{\{ *vars\.(\w+) *\}\}$/.exec(text) ?? []
  if (allowsVariable && isSettingName(variable)) return [{ name, kind: 'reference', expression: `vars.${variable}` }]
  if (row.type === 'flag') return [{ name, kind: 'flag', isSet: text === 'true' }]
  return [{ name, kind: 'text', text: row.type === 'list' ? listText(text) : text }]
}

/** One item a line. */
function listText(text: string): string {
  const items = itemsOf(text)
  return items.length < 2 ? items.join('') : `${items.join('\n')}\n`
}

/** The items of a list, as the action separates them. */
export function itemsOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
