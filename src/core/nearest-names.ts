import { distance } from 'fastest-levenshtein'

export interface NearestOptions {
  /** How many are returned; default 5. */
  readonly limit?: number
  /** How a name is written for the comparison; default in lower case. */
  readonly normalize?: (name: string) => string
  /** Whether two normalized names are near, `edits` apart; default `isAlike`. */
  readonly isNear?: (edits: number, name: string, other: string) => boolean
}

/** What a server sends can be long, and the distance takes time in proportion to it. */
const MAX_NAME_LENGTH = 256
const MAX_COMPARED = 10_000
const DEFAULT_LIMIT = 5
/** A shorter text is in many names. */
const MIN_PART_LENGTH = 3

/** Of some names, those that a person may have meant by another one, the nearest first. */
export function nearestNames<T extends string>(
  name: string,
  names: readonly T[],
  { limit = DEFAULT_LIMIT, normalize = lowerCase, isNear = isAlike }: NearestOptions = {},
): T[] {
  const wanted = normalize(name.slice(0, MAX_NAME_LENGTH))
  return [...new Set(names.slice(0, MAX_COMPARED))]
    .filter((one) => one.length <= MAX_NAME_LENGTH)
    .map((one) => ({ one, normalized: normalize(one) }))
    .map(({ one, normalized }) => ({ one, normalized, edits: distance(normalized, wanted) }))
    .filter(({ normalized, edits }) => isNear(edits, wanted, normalized))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, limit)
    .map(({ one }) => one)
}

/** They differ in less than half of their characters, or one is a part of the other. */
function isAlike(edits: number, name: string, other: string): boolean {
  const [short, long] = name.length < other.length ? [name, other] : [other, name]
  return edits < long.length / 2 || (short.length >= MIN_PART_LENGTH && long.includes(short))
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}
