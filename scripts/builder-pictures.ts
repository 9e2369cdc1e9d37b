// Pictures of the workflow builder, for the documentation: a part of `npm run pictures`. It needs a Chromium.
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { findChromium } from '../__tests__/support/browser/find-chromium.ts'
import { openPage } from '../__tests__/support/browser/open-page.ts'
import { startBrowser } from '../__tests__/support/browser/protocol.ts'

/** What the documentation shows is wide; `--all` also makes pictures of whole pages in a narrow window. */
const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 800 } }

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, folder: { type: 'string', default: 'docs/pictures' } },
})
const chromium = findChromium()
if (chromium === undefined) throw new Error('No Chromium found: install one, as chromium or google-chrome on the PATH.')

const address = pathToFileURL(resolve('docs/workflow-builder.html')).href
await using browser = await startBrowser(chromium)
for (const theme of ['light', 'dark'] as const) {
  const wide = await openPage(browser, address, { ...SIZES.wide, theme })
  const picture = join(values.folder, `builder-${theme}.png`)
  await wide.screenshot(picture, SIZES.wide.height)
  console.log(picture)
  if (!values.all) continue
  const narrow = await openPage(browser, address, { ...SIZES.narrow, theme })
  await narrow.screenshot(picture.replace('.png', '-narrow.png'))
}
