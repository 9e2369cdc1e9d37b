import { styleText } from 'node:util'

/** Columns. A wide terminal is not filled: long lines are hard to read. */
export const WIDTH = Math.min(process.stdout.columns ?? 80, 100)

/** Colours only on a terminal and without NO_COLOR: `styleText` looks at both. */
export const strong = (text: string) => styleText('bold', text)
export const faint = (text: string) => styleText('dim', text)
export const good = (text: string) => styleText('green', text)
export const bad = (text: string) => styleText('red', text)
const warned = (text: string) => styleText('yellow', text)

export function say(text = ''): void {
  for (const line of wrap(text, WIDTH)) write(line)
}

/** Lines as they are. */
export function print(text: string): void {
  write(text)
}

export function section(title: string): void {
  write()
  write(`${faint('──')} ${strong(title)} ${faint('─'.repeat(Math.max(0, WIDTH - title.length - 4)))}`)
  write()
}

/** Quoted lines: of a file, a log, a page. */
export function quote(text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, indent = ''] = /^(\s*)/.exec(line) ?? []
    for (const piece of wrap(line, WIDTH - 2, indent.length + 2)) {
      write(piece === '' ? faint('│') : `${faint('│')} ${coloured(line, piece)}`)
    }
  }
}

/** Quoted lines that have colours of their own, and are not wrapped. */
export function quoteAsIs(lines: readonly string[]): void {
  for (const line of lines) write(`${faint('│')} ${line}`.trimEnd())
}

/** Names and values in two columns. */
export function pairs(entries: readonly (readonly [name: string, value: string])[]): string {
  const column = Math.max(...entries.map(([name]) => name.length)) + 2
  return entries
    .flatMap(([name, value]) => {
      const [first = '', ...rest] = value.split('\n').flatMap((line) => wrap(line, WIDTH - column - 2))
      return [name.padEnd(column) + first, ...rest.map((line) => ' '.repeat(column) + line)]
    })
    .join('\n')
}

/** Breaks at spaces, and inside of JSON after commas; what follows is indented. */
export function wrap(text: string, width: number, hanging = 0): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(/^\s+|\S+?,(?=["{])|\S+\s?|\s+/g) ?? []) {
    if (line.trim() !== '' && (line + word).trimEnd().length > width) {
      lines.push(line.trimEnd())
      line = ' '.repeat(hanging)
    }
    line += word
  }
  return [...lines, line.trimEnd()]
}

function coloured(line: string, piece: string): string {
  if (line.startsWith('Error: ')) return bad(piece)
  return line.startsWith('Warning: ') ? warned(piece) : piece
}

/** By `console`, which does not mind a reader that has seen enough. */
function write(line = ''): void {
  console.log(line)
}
