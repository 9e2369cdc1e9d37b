import { cut, formatNumber, tally } from '../core/format.ts'
import { printable } from '../runner/log.ts'
import { redact } from '../runner/mask.ts'

// GitHub refuses the summary of a step that is longer than 1 MiB (1,048,576 bytes):
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
// Nine parts of MAX_PART_BYTES, and a few texts of MAX_TEXT_LENGTH, at most six bytes a character after escaping, stay below it.

/** Bytes of a table, a list, or the alerts. */
const MAX_PART_BYTES = 100 * 1024
/** Characters of one text. */
const MAX_TEXT_LENGTH = 2000
/** Characters of a diff. */
const MAX_DIFF_LENGTH = 8000
/** Rows of a table: enough to skim. The output and the log have all of them. */
const MAX_ROWS = 100
/** GitHub shows as many annotations. */
const MAX_ALERTS = 10

/** A text, or an id that is shown as no longer valid. */
export type Cell = string | { readonly struck: string }

/** A line is one text, or several pieces of which some are marked. */
export interface Fact {
  readonly label: string
  readonly lines: readonly (string | readonly (Cell | { readonly strong: string })[])[]
}

/** A table without a head. */
export function factTable(facts: readonly Fact[]): string {
  if (facts.length === 0) return ''
  const rows = fitting(facts, MAX_ROWS, ({ label, lines }) => {
    const written = lines.map((line) => (typeof line === 'string' ? cell(line) : line.map(piece).join('')))
    return `| **${cell(label)}** | ${written.join('<br>')} |`
  })
  return ['| | |', '| --- | --- |', ...rows].join('\n')
}

function piece(content: Fact['lines'][number][number]): string {
  if (typeof content === 'string') return spaced(content)
  return 'strong' in content ? `**${cell(content.strong)}**` : cell(content)
}

/** A piece keeps the spaces at its ends. */
function spaced(content: string): string {
  const before = content.slice(0, content.length - content.trimStart().length)
  const after = content.slice(content.trimEnd().length)
  return `${before}${cell(content)}${content.trim() === '' ? '' : after}`
}

/** A part that a reader opens. @param summary plain words and numbers */
export function details(summary: string, content: string): string {
  return content === '' ? '' : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`
}

export function note(content: string): string {
  return `> [!NOTE]\n> ${text(content)}`
}

interface TableOptions<T> {
  readonly cellsOf: (item: T) => readonly Cell[]
  readonly source: string
  readonly numbers?: number
}

/**
 * A table of the first items; the others are counted below it by result.
 * @param options.source where a reader finds all of them
 * @param options.numbers how many of the last columns are numbers, to be aligned
 */
export function table<T extends { readonly result: string }>(
  head: readonly string[],
  items: readonly T[],
  { cellsOf, source, numbers = 0 }: TableOptions<T>,
): string {
  if (items.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const shown = fitting(items, MAX_ROWS, (item) => line(cellsOf(item).map(cell)))
  const rest = items.slice(shown.length)
  const lines = [line(head), line(head.map((_, index) => (index < head.length - numbers ? '---' : '---:'))), ...shown]
  if (rest.length > 0) {
    lines.push(
      '',
      `… and ${formatNumber(rest.length)} more: ${tally(rest.map(({ result }) => result))}. All are in ${source}.`,
    )
  }
  return lines.join('\n')
}

export function list(items: readonly string[]): string {
  const shown = fitting(items, MAX_ROWS, (item) => `- ${text(item)}`)
  return [...shown, ...remainder(items.length - shown.length, (count) => `- … and ${count} more`)].join('\n')
}

/** What went wrong, and what to do about it. */
export interface Alert {
  readonly title: string
  readonly message: string
  readonly hint: string | undefined
  /** An address of this action's documentation. */
  readonly link: string
}

/** A red box for each. */
export function alerts(items: readonly Alert[]): string {
  const box = (...paragraphs: string[]) => `> [!CAUTION]\n> ${paragraphs.join('\n>\n> ')}`
  const shown = fitting(items, MAX_ALERTS, ({ title, message, hint, link }) => {
    return box(text(message), ...fixOf(hint), `[Troubleshooting: ${text(title)}](${link})`)
  })
  const rest = remainder(items.length - shown.length, (count) => box(`… and ${count} more, see the log of this step.`))
  return [...shown, ...rest].join('\n\n')
}

/** Where a value is wrong, its hint says what is allowed. */
function fixOf(hint: string | undefined): string[] {
  if (hint === undefined) return []
  const [, allowed] = /^Allowed: (.*)/s.exec(hint) ?? []
  return [allowed === undefined ? `**To fix it:** ${text(hint)}` : `**Allowed:** ${text(allowed)}`]
}

/** Each under the title, and whole or not at all: half of a manifest could be taken for all of it. */
export function codeBlocks(title: string, language: string, contents: readonly string[]): string {
  const shown = fitting(contents, MAX_ALERTS, (content) => `${title}\n\n${codeBlock(language, content)}`)
  const rest = remainder(contents.length - shown.length, (count) => `${title} ${count} more, see the log of this step.`)
  return [...shown, ...rest].join('\n\n')
}

/** A folded block of lines that begin with `+`, `-` or a space. */
export function diff(summary: string, content: string): string {
  return content === '' ? '' : details(summary, codeBlock('diff', cut(redact(content), MAX_DIFF_LENGTH)))
}

/** Its fence is longer than any that the text could hold. */
function codeBlock(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const lines = redact(content).trimEnd().split('\n').map(printable)
  return `${fence}${language}\n${lines.join('\n')}\n${fence}`
}

/** As many of the first ones as fit. */
function fitting<T>(items: readonly T[], most: number, write: (item: T) => string): string[] {
  const lines: string[] = []
  let bytes = 0
  for (const item of items.slice(0, most)) {
    const line = write(item)
    bytes += Buffer.byteLength(line) + 2
    if (bytes > MAX_PART_BYTES) break
    lines.push(line)
  }
  return lines
}

function remainder(number: number, sentence: (count: string) => string): string[] {
  return number > 0 ? [sentence(formatNumber(number))] : []
}

/** A text on one line that GitHub shows as it is: text from servers must not become links, mentions, images or HTML. */
export function text(content: string): string {
  return inline(content, (code) => code).replace(BLOCK_START, '$1\\')
}

/** In a cell a pipe ends even a code span, unless it is escaped. */
function cell(content: Cell): string {
  if (typeof content !== 'string') return `~~${cell(`\`${content.struck}\``)}~~`
  return inline(content, (code) => code.replaceAll('|', '\\|'))
}

/**
 * Where a code span begins and ends. In it everything is text to GitHub, also what a server put in backticks; what
 * could be read in another way (runs of backticks, a backslash before a pipe, the dollars of mathematics) makes none.
 */
const CODE = /(?<![`$])`([^`\\$]+)`(?![`$])/

function inline(content: string, code: (content: string) => string): string {
  return shortened(printable(content).trim())
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? `\`${code(part)}\`` : escaped(part)))
    .join('')
}

/**
 * What begins a list, a rule or the underline of a heading at the start of a line; all else that begins a block is escaped
 * wherever it is: https://github.github.com/gfm/#blocks-and-inlines
 */
const BLOCK_START = /^(\d{1,9}(?=\.(?:\s|$))|(?=[-+=]))/

function shortened(content: string): string {
  return content.length > MAX_TEXT_LENGTH ? `${cut(content, MAX_TEXT_LENGTH)}…` : content
}

function escaped(plain: string): string {
  return (
    plain
      .replace(/[\\*_{}[\]()#!~@$]/g, '\\$&')
      // GitHub looks for mentions, issues and mail addresses in what it has rendered; a digest stays to be copied.
      .replace(/@(?!sha256:)|#(?=\d)|\bgh-(?=\d)/gi, '$&\u200b')
      .replace(/[&<>|`]/g, entity)
      .replace(/:(?=\/\/)|(?<=www)\.|(?<=mailto|xmpp):/gi, entity)
  )
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
