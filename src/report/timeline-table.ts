import { formatNumber } from '../core/format.ts'
import { formatSeconds, type Phase } from '../runner/timeline.ts'
import { details, table } from './markdown.ts'
import type { SummaryData } from './summary-data.ts'

/** How long each phase took, folded. */
export function timelineOf({ phases }: SummaryData): string {
  const items = phases.map((phase) => ({ phase, result: phase.isFailed ? 'failed' : 'done' }))
  const rows = table(['Phase', 'Took', 'Requests'], items, {
    cellsOf: ({ phase }) => cellsOf(phase),
    source: 'the log',
    numbers: 2,
  })
  return details('Timeline', rows)
}

function cellsOf({ title, durationMs, requests, isFailed }: Phase): string[] {
  return [title, `${isFailed ? 'failed after ' : ''}${formatSeconds(durationMs)}`, formatNumber(requests)]
}
