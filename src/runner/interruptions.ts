import type { Range } from './decode.ts'

/** A text without some of its characters, and where each of the others was. */
export interface Joined {
  readonly text: string
  /** Undefined when nothing was removed. */
  readonly origins: Int32Array | undefined
}

/**
 * What a reader does not see, or sees as a blank: blanks, control characters, marks over a letter, and what Unicode ignores by
 * default. https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for, and `\p{Cc}` loads Unicode data
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each mark is a character of its own here
  /(?:[\s\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffd]|[\u0300-\u036f]|\udb40[\udc00-\udfff])+/g

/** Tags, entities that are not decoded, commands of the runner, colors of a terminal, and line ends that a format adds or quotes. */
const MARKUP =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a color begins with one
  /<[^<>]*>|&(?!(?:amp|lt|gt|quot|apos|nbsp);)[a-zA-Z]{2,24};|::[a-zA-Z][^:\r\n]*::|##\[[^[\]\r\n]*\]|\x1b\[[0-9;?]*[@-~]|[=\\]\r?\n|\n[>|*]+/g

const OTHER_THAN_LETTERS = /[^A-Za-z0-9]+/g

/** Without what a reader does not see. */
export function joined(text: string): Joined {
  return without(text, UNSEEN)
}

/** Without markup as well. */
export function unmarked(text: string): Joined {
  const first = without(text, MARKUP)
  const second = without(first.text, UNSEEN)
  if (first.origins === undefined || second.origins === undefined)
    return { ...second, origins: second.origins ?? first.origins }
  return { ...second, origins: second.origins.map((position) => first.origins?.[position] ?? 0) }
}

/** Only ASCII letters and digits: what remains of a token when a server writes anything else between its parts. */
export function lettersOf(text: string): Joined {
  return without(text, OTHER_THAN_LETTERS)
}

/** Where a range of the joined text is in the first one, with the interruptions inside of it. */
export function originOf({ start, end }: Range, { origins }: Joined): Range {
  return origins === undefined ? { start, end } : { start: origins[start] ?? 0, end: (origins[end - 1] ?? 0) + 1 }
}

function without(text: string, pattern: RegExp): Joined {
  const parts: string[] = []
  let origins: Int32Array | undefined
  let [done, length] = [0, 0]
  const keepUntil = (end: number, target: Int32Array) => {
    for (let position = done; position < end; position++) target[length++] = position
    parts.push(text.slice(done, end))
  }
  for (const { 0: removed, index } of text.matchAll(pattern)) {
    origins ??= new Int32Array(text.length)
    keepUntil(index, origins)
    done = index + removed.length
  }
  if (origins === undefined) return { text, origins }
  keepUntil(text.length, origins)
  return { text: parts.join(''), origins }
}
