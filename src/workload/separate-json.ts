import { endOfString } from './json.ts'

/**
 * A stream of JSON objects with document separators between them, so the parser of YAML reads all of them. kubectl reads
 * such a stream where the text starts with a brace:
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/yaml/decoder.go. Lines keep their numbers, unless two objects are
 * on one. Any other text is returned as it is.
 */
export function separateJson(text: string): string {
  const first = text.search(/\S/)
  const [, ...following] = (text[first] === '{' && objectsOf(text, first)) || []
  if (following.length === 0) return text
  const pieces: string[] = []
  let position = 0
  for (const { start, afterPrevious } of following) {
    const lineBreak = text.lastIndexOf('\n', start)
    const isOnOwnLine = lineBreak >= afterPrevious
    const boundary = isOnOwnLine ? lineBreak + 1 : start
    pieces.push(text.slice(position, boundary), isOnOwnLine ? '--- ' : '\n--- ')
    position = boundary
  }
  return pieces.join('') + text.slice(position)
}

interface Position {
  readonly start: number
  /** The end of the object before it. */
  readonly afterPrevious: number
}

/** Where the objects start that a text consists of; undefined when it has anything else. */
function objectsOf(text: string, first: number): readonly Position[] | undefined {
  const objects: Position[] = []
  let depth = 0
  let afterPrevious = 0
  for (let index = first; index < text.length; index++) {
    const character = text[index] ?? ''
    if (depth === 0 && /\s/.test(character)) continue
    if (depth === 0 && character !== '{') return undefined
    if (depth === 0) objects.push({ start: index, afterPrevious })
    if (character === '"') index = endOfString(text, index)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth === 0) afterPrevious = index + 1
  }
  return depth === 0 ? objects : undefined
}
