// The tables of inputs and outputs in docs/inputs.md, made from the tables in the code.

import type { InputRow } from '../src/inputs/table/row.ts'
import { INPUT_GROUPS } from '../src/inputs/table.ts'
import { OUTPUTS } from '../src/report/outputs.ts'
import { code, defaultText, descriptionText, providersText } from './input-docs.ts'
import { between, table } from './markdown.ts'

/**
 * The page with the current tables between its markers.
 * @throws Error when a marker is missing
 */
export function withTables(page: string): string {
  const groups = INPUT_GROUPS.map(({ title, inputs }) => `## ${title}\n\n${inputTable(Object.entries(inputs))}`)
  const outputs = Object.entries(OUTPUTS).map(([name, description]) => [code(name), description])
  return between(between(page, 'inputs', groups.join('\n\n')), 'outputs', table(['Output', 'Description'], outputs))
}

/** A group in which every input is for every provider has no column of providers. */
function inputTable(inputs: readonly (readonly [name: string, row: InputRow])[]): string {
  const hasProviders = inputs.some(([, { providers }]) => providers !== undefined)
  const rows = inputs.map(([name, row]) => [
    code(name),
    ...(hasProviders ? [row.providers === undefined ? 'all' : providersText(row.providers)] : []),
    defaultText(row),
    descriptionText(row),
  ])
  return table(['Input', ...(hasProviders ? ['Provider'] : []), 'Default', 'Description'], rows)
}
