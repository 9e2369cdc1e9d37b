// Pulls and what happened meanwhile, as lines of a terminal.
import type { Pull } from './pullers.ts'
import { bad, faint, good, WIDTH } from './terminal.ts'

export interface Moment {
  /** In milliseconds since the epoch. */
  readonly at: number
  readonly text: string
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** Shorter ones show one pull each. */
const MIN_COLUMN_MS = 100
const COLUMNS = WIDTH - 12

/** One character for each column of time: whether its pulls succeeded. Below it, the moments by number. */
export function timeline(pulls: readonly Pull[], moments: readonly Moment[], { from, to }: Span): string[] {
  const width = Math.max(MIN_COLUMN_MS, Math.ceil((to - from) / COLUMNS / MIN_COLUMN_MS) * MIN_COLUMN_MS)
  const columnOf = (at: number) => Math.floor((at - from) / width)
  const columns = Array.from({ length: columnOf(to) + 1 }, (_, column) =>
    symbolOf(pulls.filter(({ at }) => columnOf(at) === column)),
  )
  return [
    `pulls    ${columns.join('')}`,
    `         ${numbersAt(moments.map(({ at }) => columnOf(at)))}`,
    faint(`         Each is ${seconds(width)}: ▪ all pulls succeeded, ✗ one failed, blank: none began`),
    '',
    ...moments.map(({ at, text }, index) => `${index + 1}  ${seconds(at - from).padStart(6)}  ${text}`),
  ]
}

function symbolOf(pulls: readonly Pull[]): string {
  if (pulls.length === 0) return ' '
  return pulls.some(({ error }) => error !== undefined) ? bad('✗') : good('▪')
}

/** Each number in its column, or in the next free one. */
function numbersAt(columns: readonly number[]): string {
  return columns.reduce((line, column, index) => `${line.padEnd(column)}${index + 1}`, '')
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
