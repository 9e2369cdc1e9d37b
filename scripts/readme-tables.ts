// The overview of inputs and outputs in the README, made from the tables in the code. docs/inputs.md has the details.

import type { InputRow, ProviderName } from '../src/inputs/table/row.ts'
import { INPUT_GROUPS, INPUTS } from '../src/inputs/table.ts'
import { OUTPUTS } from '../src/report/outputs.ts'
import { code } from './input-docs.ts'
import { between, table } from './markdown.ts'

const PAGE = 'docs/inputs.md'
const ROWS: Readonly<Record<string, InputRow>> = INPUTS

/**
 * The README with the current overview between its markers.
 * @throws Error when a marker is missing
 */
export function withOverview(readme: string): string {
  const inputs = table(['Inputs', 'Required', 'Optional'], [...providerRows(), ...groupRows()])
  const outputs = Object.keys(OUTPUTS).map(code).join(', ')
  return between(between(readme, 'inputs', inputs), 'outputs', `[Outputs](${PAGE}#outputs): ${outputs}.`)
}

/** What is for some providers only, or only they require. */
function providerRows(): string[][] {
  const [{ title = '' } = {}] = INPUT_GROUPS
  return INPUTS.provider.choices.map((provider) => {
    const rows = Object.entries(ROWS).filter(([, { providers, required }]) =>
      [providers, required?.for].some((list) => list?.includes(provider)),
    )
    return row(`[${code(`provider: ${provider}`)}](${linkTo(title)})`, rows, provider)
  })
}

/** What is for all providers. */
function groupRows(): string[][] {
  return INPUT_GROUPS.map(({ title, inputs }) => {
    const rows = Object.entries(inputs).filter(
      ([name, { providers }]) => providers === undefined && name !== 'provider',
    )
    return row(`[${title}](${linkTo(title)})`, rows)
  }).filter(([, required, optional]) => required !== '' || optional !== '')
}

type NamedRow = readonly [name: string, row: InputRow]

function row(title: string, rows: readonly NamedRow[], provider?: ProviderName): string[] {
  const requirements = rows.flatMap((named) => requirementOf(named, provider) ?? [])
  const required = new Set(requirements.flatMap(({ names }) => names))
  const optional = rows.map(([name]) => name).filter((name) => !required.has(name))
  return [title, requirements.map(({ text }) => text).join(', '), optional.map(code).join(', ')]
}

/** Undefined for an input that the provider never requires. */
function requirementOf([name, { required }]: NamedRow, provider: ProviderName | undefined) {
  if (required === undefined) return undefined
  const isRequired = provider !== undefined && (required.for?.includes(provider) ?? false)
  if (!isRequired && required.with === undefined) return undefined
  const other = required.unless !== undefined && isFor(required.unless, provider) ? required.unless : undefined
  const names = Object.keys(ROWS).filter((one) => one === name || one === other)
  const condition = isRequired ? '' : ` with ${code(required.with ?? '')}`
  return { names, text: names.map((one) => `**${code(one)}**`).join(' or ') + condition }
}

function isFor(name: string, provider: ProviderName | undefined): boolean {
  const providers = ROWS[name]?.providers
  return providers === undefined || (provider !== undefined && providers.includes(provider))
}

function linkTo(title: string): string {
  return `${PAGE}#${title.toLowerCase().replaceAll(' ', '-')}`
}
