// What the documentation says about an input, made from its row in the table.
import { defaultOf, type InputRow, type ProviderName } from '../src/inputs/table/row.ts'

/** The default of an input in Markdown; empty when it has none. */
export function defaultText(row: InputRow): string {
  const constant = defaultOf(row) ?? ('template' in row ? row.template : undefined)
  if (constant !== undefined) return code(constant)
  const providerDefaults = 'providerDefaults' in row ? Object.entries(row.providerDefaults ?? {}) : []
  const ofProviders = providerDefaults.map(([provider, value]) => `${code(value)} for ${code(provider)}`)
  return row.derivedDefault ?? ofProviders.join(', ')
}

/** The description of an input together with when it is required and what it needs. */
export function descriptionText(row: InputRow): string {
  return [row.description, requirementText(row), needsText(row)].filter(Boolean).join(' ')
}

function requirementText({ required, providers }: InputRow): string {
  if (required === undefined) return ''
  const { for: requiredFor = [], with: other, unless } = required
  const isForAll = other === undefined && providers?.every((provider) => requiredFor.includes(provider))
  const conditions = [
    requiredFor.length > 0 && !isForAll && ` for ${providersText(requiredFor)}`,
    other !== undefined && ` with ${code(other)}`,
  ]
  const condition = conditions.filter(Boolean).join(' and')
  return `Required${condition}${unless === undefined ? '' : ` unless ${code(unless)} is set`}.`
}

function needsText({ needs, required }: InputRow): string {
  const isObvious = required?.with !== undefined && required.with === needs
  return needs === undefined || isObvious ? '' : `Needs ${code(needs)}.`
}

/** `a`, `b` and `c`. */
export function providersText(providers: readonly ProviderName[]): string {
  return new Intl.ListFormat('en-GB').format(providers.map(code))
}

export function code(text: string): string {
  return `\`${text}\``
}
