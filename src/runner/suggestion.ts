import { capitalized, cut } from '../core/format.ts'
import { nearestNames } from '../core/nearest-names.ts'
import { printable } from './log.ts'

export interface Suggested {
  /** In the plural: `tags of team/app`. */
  readonly kind: string
  /** The name that was not found. */
  readonly wanted: string
  /** What exists, as a server lists it. */
  readonly names: readonly string[]
  /** Which ones are shown where none is near. */
  readonly otherwise: 'none' | 'first' | 'last'
}

const MAX_SHOWN = 5
const MAX_NAME_LENGTH = 100

/**
 * One sentence with the names that a person may have meant, or with some of those that exist; undefined when there is none.
 * It is safe to print: the names come from a server.
 */
export function suggestionOf({ kind, wanted, names, otherwise }: Suggested): string | undefined {
  const near = nearestNames(wanted, names, { limit: MAX_SHOWN })
  if (near.length > 0) return `${capitalized(kind)} near ${quoted(wanted)}: ${near.map(quoted).join(', ')}.`
  const shown = otherwise === 'last' ? names.slice(-MAX_SHOWN) : names.slice(0, MAX_SHOWN)
  if (shown.length === 0 || otherwise === 'none') return undefined
  const others = names.length > shown.length ? ' and others' : ''
  return `Existing ${kind}: ${shown.map(quoted).join(', ')}${others}.`
}

/** A hint and what follows it, if there is anything. */
export function withSuggestion(hint: string, suggestion: string | undefined): string {
  return [hint, suggestion].filter(Boolean).join(' ')
}

/** Secrets are removed before the name is cut. */
function quoted(name: string): string {
  const text = printable(name)
  return `"${text.length > MAX_NAME_LENGTH ? `${cut(text, MAX_NAME_LENGTH)}…` : text}"`
}
