/**
 * Whether a pattern matches all of a text, as Go's path.Match: `*` is any characters, `?` one, `[a-z]` or `[^a-z]` one of a
 * set, and `\` quotes the next. A malformed pattern matches nothing. https://pkg.go.dev/path#Match
 *
 * Only the last `*` is ever extended, since an earlier one would match no text that it does not: a regular expression would
 * try all of them, forever.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const terms = parseGlob(pattern)
  if (terms === undefined) return false
  const characters = [...text]
  if (terms.filter((term) => term !== '*').length > characters.length) return false
  let next = 0
  let at = 0
  let star: { readonly next: number; at: number } | undefined
  while (at < characters.length) {
    const term = terms[next]
    if (term === '*') {
      next++
      star = { next, at }
    } else if (term?.(characters[at] ?? '')) {
      next++
      at++
    } else if (star !== undefined) {
      star.at++
      next = star.next
      at = star.at
    } else return false
  }
  return terms.slice(next).every((term) => term === '*')
}

/** What one character must be. */
type Term = '*' | ((character: string) => boolean)

/** @returns undefined for a malformed pattern */
function parseGlob(pattern: string): Term[] | undefined {
  const characters = [...pattern]
  const terms: Term[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]
    if (character === '*') {
      if (terms.at(-1) !== '*') terms.push('*')
    } else if (character === '?') terms.push(() => true)
    else if (character === '[') {
      const set = parseSet(characters, at + 1)
      if (set === undefined) return undefined
      terms.push(set.term)
      at = set.end
    } else {
      const literal = character === '\\' ? characters[++at] : character
      if (literal === undefined) return undefined
      terms.push((other) => other === literal)
    }
  }
  return terms
}

/** @returns the set that begins after its bracket, and where its closing bracket is */
function parseSet(characters: readonly string[], start: number): { term: Term; end: number } | undefined {
  const isNegated = characters[start] === '^'
  const ranges: (readonly [string, string])[] = []
  let at = isNegated ? start + 1 : start
  const read = () => {
    const character = characters[at] === '\\' ? characters[++at] : characters[at]
    at++
    return character
  }
  while (characters[at] !== ']' || ranges.length === 0) {
    if (characters[at] === '-' || characters[at] === ']') return undefined
    const low = read()
    if (low === undefined) return undefined
    if (characters[at] !== '-') {
      ranges.push([low, low])
      continue
    }
    at++
    const high = characters[at] === '-' || characters[at] === ']' ? undefined : read()
    if (high === undefined) return undefined
    ranges.push([low, high])
  }
  return { term: (one) => ranges.some(([low, high]) => low <= one && one <= high) !== isNegated, end: at }
}
