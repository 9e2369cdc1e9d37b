import { type Event, parseEvents } from 'js-yaml'

/** A YAML stream, and its events. */
export interface ParsedStream {
  readonly source: string
  readonly events: readonly Event[]
}

/** More than the spaces that most lines need. A line that needs more gets them again. */
const SPACES = ' '.repeat(64)
/** Limits how many characters are parsed again: each line that needs spaces takes one more pass. */
const MAX_REPARSED = 64 * 1024 * 1024

/**
 * Parses a stream as go-yaml does, in which the lines of a flow collection or a quoted text need no indentation, such as
 * the `]` below the `[` of `args: [`. js-yaml follows https://yaml.org/spec/1.2.2/#rule-s-flow-line-prefix and refuses them. Spaces at
 * the start of such a line mean nothing, so they are added. The lines keep their numbers.
 * @returns the source with these spaces, to which the offsets of the events refer
 * @throws what js-yaml throws about the source as it is
 */
export function parseStream(original: string): ParsedStream {
  let source = original
  let reparsed = 0
  let first: unknown
  for (;;) {
    try {
      return { source, events: parseEvents(source, {}) }
    } catch (error) {
      first ??= error
      const fixed = fixLine(source, error)
      reparsed += source.length
      if (fixed === undefined || reparsed > MAX_REPARSED) throw first
      source = fixed
    }
  }
}

function fixLine(source: string, error: unknown): string | undefined {
  const { reason, mark } = error as { reason?: string; mark?: { position: number } }
  if (reason !== 'deficient indentation' || mark === undefined || mark.position === 0) return undefined
  const lineBreak = Math.max(source.lastIndexOf('\n', mark.position - 1), source.lastIndexOf('\r', mark.position - 1))
  const [start, line] = [lineBreak + 1, source.slice(lineBreak + 1, mark.position)]
  if (line.trim() === '') return source.slice(0, start) + SPACES + source.slice(start)
  // js-yaml calls a tab between the tokens of such a line an indentation. Those in texts stay.
  const text = line.trimEnd()
  const spaced =
    text.replace(/^([^"'\t]*[:,[{-] ?)(\t+)/, (_, before, tabs) => before + spacesFor(tabs)) +
    spacesFor(line.slice(text.length))
  return spaced === line ? undefined : source.slice(0, start) + spaced + source.slice(mark.position)
}

const spacesFor = (tabs: string) => ' '.repeat(tabs.length)
