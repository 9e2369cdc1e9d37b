import { betweenMarkers } from './markers.ts'

/** Replaces what is between the two HTML comments of that name. @throws Error when one is missing */
export function between(text: string, marker: string, content: string): string {
  return betweenMarkers(text, [`<!-- ${marker}:start -->`, `<!-- ${marker}:end -->`], `\n\n${content}\n\n`)
}

/** A table in GitHub's Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
