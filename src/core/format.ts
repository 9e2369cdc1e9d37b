/** More than so many are told by their number, and not one by one. */
export const FEW = 10

/** `1,000`. */
export function figure(number: number): string {
  return number.toLocaleString('en-US')
}

/** `1 target`, `1,000 targets`. */
export function counted(number: number, noun: string): string {
  return `${figure(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `3 failed, 12 created`, in the order in which they first come. */
export function tally(results: readonly string[]): string {
  return [...Map.groupBy(results, (result) => result)]
    .map(([result, { length }]) => `${figure(length)} ${result}`)
    .join(', ')
}
