// The Markdown of our job summaries, drawn with characters: headings, paragraphs, lists, tables, alerts.
import { bad, faint, strong, wrap } from './terminal.ts'

export function renderMarkdown(markdown: string, width: number): string {
  const blocks = markdown.trim().split(/\n{2,}/)
  return blocks.map((block) => renderBlock(block.split('\n'), width)).join('\n\n')
}

function renderBlock(lines: readonly string[], width: number): string {
  const [first = ''] = lines
  if (first.startsWith('#')) return strong(plain(first.replace(/^#+ /, '')))
  if (first.startsWith('|')) return renderTable(lines.map(cells), width)
  if (first.startsWith('> [!')) return renderAlert(lines, width)
  if (first.startsWith('- ')) return lines.map((line) => hung('• ', plain(line.slice(2)), width)).join('\n')
  return hung('', plain(lines.join(' ')), width)
}

/** `> [!CAUTION]`, and what follows it. */
function renderAlert([kind = '', ...rest]: readonly string[], width: number): string {
  const title = kind.replace(/^> \[!(.*)\]$/, '$1')
  const text = plain(rest.map((line) => line.replace(/^> ?/, '')).join(' '))
  return [title, ...wrap(text, width - 2)].map((line) => `${bad('┃')} ${line}`).join('\n')
}

/** In columns where they fit, else each row as a list of its cells. */
function renderTable([head = [], , ...rows]: readonly (readonly string[])[], width: number): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)))
  if (widths.reduce((sum, one) => sum + one + 2, -2) > width)
    return rows.map((row) => renderRow(head, row, width)).join('\n\n')
  const line = (row: readonly string[]) =>
    widths
      .map((one, at) => (row[at] ?? '').padEnd(one))
      .join('  ')
      .trimEnd()
  return [strong(line(head)), faint(line(widths.map((one) => '─'.repeat(one)))), ...rows.map(line)].join('\n')
}

function renderRow(head: readonly string[], row: readonly string[], width: number): string {
  const column = Math.max(...head.map(({ length }) => length)) + 2
  return head
    .map((name, at) => {
      const [first = '', ...rest] = wrap(row[at] ?? '', width - column)
      return [strong(name.padEnd(column)) + first, ...rest.map((line) => ' '.repeat(column) + line)].join('\n')
    })
    .join('\n')
}

function cells(line: string): string[] {
  return line.slice(2, -2).split(' | ').map(plain)
}

function hung(bullet: string, text: string, width: number): string {
  const [first = '', ...rest] = wrap(text, width - bullet.length)
  return [bullet + first, ...rest.map((line) => ' '.repeat(bullet.length) + line)].join('\n')
}

/** Without the escapes that keep words of servers from being Markdown or HTML. */
function plain(text: string): string {
  return text
    .replace(/\\([\\*_{}[\]()#!|~@$])/g, '$1')
    .replaceAll('\u200b', '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}
