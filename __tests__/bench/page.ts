// Where the figures are in the documentation: between markers.
import { readFileSync, writeFileSync } from 'node:fs'
import { between } from '../../scripts/markdown.ts'
import { betweenMarkers } from '../../scripts/markers.ts'

const PAGE = 'docs/performance.md'
const README = 'README.md'

/** @param sentence for the README, which keeps the old one without it */
export function updateDocs(summary: string, sentence: string | undefined): void {
  writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), 'bench', summary))
  if (sentence === undefined) return
  const markers = ['<!-- headline:start -->', '<!-- headline:end -->'] as const
  writeFileSync(README, betweenMarkers(readFileSync(README, 'utf8'), markers, sentence))
}

export function updateLatency(summary: string): void {
  writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), 'latency', summary))
}
