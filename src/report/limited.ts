import { formatNumber } from '../core/format.ts'

/** More lines of one fact are counted, or are in a table of their own. */
export const MAX_LINES = 3

export function limited(lines: readonly string[]): string[] {
  const rest = lines.length - MAX_LINES
  return rest > 0 ? [...lines.slice(0, MAX_LINES), `… and ${formatNumber(rest)} more`] : [...lines]
}
