// The tables of inputs and outputs in the README, made of action.yml.
import { load } from 'js-yaml'

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: unknown }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
}

/**
 * The README with fresh tables between its markers.
 * @param metadata the text of action.yml, whose comments head the groups of inputs
 * @throws Error when a marker is missing
 */
export function withTables(readme: string, metadata: string): string {
  const { inputs, outputs } = load(metadata) as Action
  const groups = groupsOf(metadata).map(({ title, names }) => {
    const rows = names.map((name) => [code(name), usual(inputs[name]?.default), inputs[name]?.description ?? ''])
    return `### ${title}\n\n${table(['Input', 'Default', 'Meaning'], rows)}`
  })
  const rows = Object.entries(outputs).map(([name, { description }]) => [code(name), description])
  return between(between(readme, 'inputs', groups.join('\n\n')), 'outputs', table(['Output', 'Meaning'], rows))
}

/** YAML's parser drops comments, so they are taken from the lines themselves. */
function groupsOf(metadata: string): { readonly title: string; readonly names: readonly string[] }[] {
  const [, inputs = ''] = /^inputs:\n((?: .*\n|\n)*)/m.exec(metadata) ?? []
  return inputs.split(/^ {2}# /m).flatMap((part) => {
    const names = [...part.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name = '']) => name)
    return names.length === 0 ? [] : [{ title: part.slice(0, part.indexOf('\n')), names }]
  })
}

/** The text with fresh content between the two markers of that name. */
export function between(text: string, marker: string, content: string): string {
  const [start, end] = [`<!-- ${marker}:start -->`, `<!-- ${marker}:end -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}

/** A table in GitHub's Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function usual(value: unknown): string {
  return value === undefined ? '' : code(String(value))
}

function code(text: string): string {
  return `\`${text}\``
}
