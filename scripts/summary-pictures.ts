// Pictures of job summaries as GitHub shows them, for the documentation: `npm run pictures`. It needs a Chromium.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from '../__tests__/support/browser/find-chromium.ts'
import { startBrowser } from '../__tests__/support/browser/protocol.ts'
import { openSummary } from '../__tests__/support/summary/open-summary.ts'
import type { Theme } from '../__tests__/support/summary/page.ts'
import { SAMPLES } from '../__tests__/support/summary/samples.ts'

/** Of a window on a desktop, and on a phone. */
const WIDTHS = { wide: 1060, narrow: 500 }

/** What the documentation shows; `--all` makes the others as well. */
const DOCUMENTED: readonly string[] = ['rotation', 'failure', 'thousand']

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, folder: { type: 'string', default: 'docs/pictures' } },
})
const chromium = findChromium()
if (chromium === undefined) throw new Error('No Chromium found: install one, as chromium or google-chrome on the PATH.')

await using browser = await startBrowser(chromium)
mkdirSync(values.folder, { recursive: true })
for (const [name, markdown] of Object.entries(SAMPLES)) {
  if (!values.all && !DOCUMENTED.includes(name)) continue
  if (values.all) writeFileSync(join(values.folder, `${name}.md`), markdown)
  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    for (const [size, width] of Object.entries(values.all ? WIDTHS : { wide: WIDTHS.wide })) {
      const picture = join(values.folder, `summary-${name}-${theme}${size === 'wide' ? '' : '-narrow'}.png`)
      const page = await openSummary(browser, markdown, { width, theme })
      await page.screenshot(picture)
      console.log(picture)
    }
  }
}
