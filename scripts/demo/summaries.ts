// The job summaries of a demo as a page to open in a browser.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pageOf } from '../../__tests__/support/summary/page.ts'

export interface TitledSummary {
  readonly title: string
  /** Markdown, with the masks of its step applied. */
  readonly summary: string
}

/** `.gitignore` names it. */
const FOLDER = fileURLToPath(new URL('../../.cache/demo', import.meta.url))

/** @returns the path of the page */
export function saveSummaries(mode: string, summaries: readonly TitledSummary[]): string {
  const markdown = summaries.map(({ title, summary }) => `# ${title}\n\n${summary}`).join('\n\n---\n\n')
  const page = join(FOLDER, `${mode}.html`)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(page, pageOf(markdown, 'system'))
  return page
}
