/** A longer list is shown by its count. */
export const MAX_LISTED = 10

/** `1,000`, of a whole number. `Intl` would take a quarter of the time in which Node starts, and several megabytes. */
export function formatNumber(number: number): string {
  const groups: string[] = []
  for (let rest = String(number); rest !== ''; rest = rest.slice(0, -3)) groups.unshift(rest.slice(-3))
  return groups.join(',')
}

/** `1 target`, `1,000 targets`. */
export function formatCount(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `3 failed, 12 created`, in the order of their first occurrence. */
export function tally(results: readonly string[]): string {
  return [...Map.groupBy(results, (result) => result)]
    .map(([result, { length }]) => `${formatNumber(length)} ${result}`)
    .join(', ')
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** The end of a text, without half of a character at its beginning. */
export function end(text: string, maxLength: number): string {
  return text.slice(-maxLength).replace(/^[\uDC00-\uDFFF]/, '')
}

/** The beginning of a text, without half of a character at its end. */
export function cut(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')
}
