import { BeginningFilter } from './beginning-filter.ts'
import type { Range } from './decode.ts'
import type { PartKind } from './encodings.ts'

/** So much of a secret counts as the secret, wherever it begins. */
export const MIN_PART_LENGTH = 20

/** A part of that length has at least one of the pieces that are indexed whole: every ninth piece of twelve characters. */
const PIECE_LENGTH = 12
const PIECE_DISTANCE = MIN_PART_LENGTH - PIECE_LENGTH + 1

/** What more forms have in common, such as the header of a JWT, tells none of them. */
const MAX_SAME_PIECES = 16

/** How often the kind of character changes in a text of `MIN_PART_LENGTH` that is not made of words. Hosts have one case. */
const MIN_CHANGES_OF_ONE_CASE = 10
const MIN_CHANGES_OF_BOTH_CASES = 6

const FILTER_BITS = 18

interface Form {
  readonly text: string
  readonly kind: PartKind
}

/** Finds the middle and the end of secrets in a text of letters and digits, in one pass that does not depend on their number. */
export class PartIndex {
  readonly #known = new Set<string>()
  readonly #pieces = new Map<string, { readonly form: Form; readonly at: number }[]>()
  /** Of pieces. */
  readonly #filter = new BeginningFilter(FILTER_BITS)

  /** @param text ASCII letters and digits */
  add(text: string, kind: PartKind): void {
    if (text.length < MIN_PART_LENGTH || this.#known.has(text)) return
    this.#known.add(text)
    const form = { text, kind }
    for (let at = 0; at + PIECE_LENGTH <= text.length; at += PIECE_DISTANCE) {
      const piece = text.slice(at, at + PIECE_LENGTH)
      const same = this.#pieces.get(piece) ?? []
      if (same.length >= MAX_SAME_PIECES || same.at(-1)?.form === form) continue
      same.push({ form, at })
      this.#pieces.set(piece, same)
      this.#filter.add(text, at)
    }
  }

  find(text: string): Range[] {
    if (this.#known.size === 0) return []
    const ranges: Range[] = []
    for (let start = 0; start + PIECE_LENGTH <= text.length; start++) {
      if (!this.#filter.has(text, start)) continue
      const pieces = this.#pieces.get(text.slice(start, start + PIECE_LENGTH)) ?? []
      const parts = pieces.map(({ form, at }) => ({
        form,
        ...commonPart({ text, at: start }, { text: form.text, at }),
      }))
      const found = parts.filter(({ form, ...range }) => isPart(text.slice(range.start, range.end), form))
      ranges.push(...found.map((range) => ({ start: range.start, end: range.end })))
      // Another form that goes on after the end has a piece there.
      const end = Math.max(0, ...found.map((range) => range.end))
      start = Math.max(start, end - PIECE_LENGTH)
    }
    return ranges
  }
}

interface Piece {
  readonly text: string
  readonly at: number
}

/** Where the first text has what it has in common with the other one around a piece. */
function commonPart(one: Piece, other: Piece): Range {
  const isSame = (offset: number) => one.text.charCodeAt(one.at + offset) === other.text.charCodeAt(other.at + offset)
  const most = Math.min(one.text.length - one.at, other.text.length - other.at)
  let [before, after] = [0, PIECE_LENGTH]
  while (before < Math.min(one.at, other.at) && isSame(-before - 1)) before++
  while (after < most && isSame(after)) after++
  return { start: one.at - before, end: one.at + after }
}

/** Words, and hosts made of them, can be part of a secret and public; most of a secret is not. */
function isPart(part: string, { text, kind }: Form): boolean {
  if (part.length < MIN_PART_LENGTH) return false
  return kind === 'encoded' || (kind === 'opaque' && part.length * 2 >= text.length) || looksRandom(part)
}

/** Whether somewhere in it letters, digits and cases alternate as in no word, name or host. */
function looksRandom(part: string): boolean {
  let changes = 0
  for (let end = 1; end < part.length; end++) {
    changes += changeAt(part, end)
    const first = end - MIN_PART_LENGTH + 1
    if (first > 0) changes -= changeAt(part, first)
    if (changes >= MIN_CHANGES_OF_ONE_CASE) return true
    if (changes < MIN_CHANGES_OF_BOTH_CASES) continue
    const window = part.slice(Math.max(0, first), end + 1)
    if (window !== window.toLowerCase() && window !== window.toUpperCase()) return true
  }
  return false
}

/** Between a digit and a letter it counts twice: names have capitals inside more often than digits. */
function changeAt(text: string, position: number): number {
  const [one, other] = [kindOf(text.charCodeAt(position - 1)), kindOf(text.charCodeAt(position))]
  if (one === other) return 0
  return one === DIGIT || other === DIGIT ? 2 : 1
}

const [DIGIT, UPPER, LOWER] = [0, 1, 2]

function kindOf(code: number): number {
  return code < 0x3a ? DIGIT : code < 0x5b ? UPPER : LOWER
}
