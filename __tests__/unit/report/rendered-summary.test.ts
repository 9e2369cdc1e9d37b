// Job summaries as GitHub shows them: no text of a server becomes a link or an element, and nothing sticks out of the page.
import { expect, it } from 'vitest'
import { TROUBLESHOOTING } from '../../../src/core/documentation.ts'
import { startBrowser } from '../../support/browser/protocol.ts'
import { describeBrowser } from '../../support/describe-real.ts'
import { type Measures, measure, openSummary } from '../../support/summary/open-summary.ts'
import { renderMarkdown } from '../../support/summary/page.ts'
import { SAMPLES } from '../../support/summary/samples.ts'

const ALLOWED = new Set(
  'a article blockquote br code del details h2 li p pre strong summary table tbody td th thead tr ul'.split(' '),
)

it.each(Object.entries(SAMPLES))('%s has only the elements and the links of this action', (_, markdown) => {
  const html = renderMarkdown(markdown)
  const elements = new Set([...html.matchAll(/<([a-z]\w*)/g)].map(([, name = '']) => name))
  expect([...elements].filter((name) => !ALLOWED.has(name))).toEqual([])
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address)
  expect(links.filter((address) => !address.startsWith(TROUBLESHOOTING))).toEqual([])
  // The tags of folded parts are HTML, and balanced.
  expect(html.match(/<details/g)?.length).toBe(html.match(/<\/details>/g)?.length)
})

const WIDTHS = [1060, 768, 390]

describeBrowser('a summary in Chromium', (chromium) => {
  it('fits on a desktop, a tablet and a phone', { timeout: 120_000 }, async () => {
    await using browser = await startBrowser(chromium)
    const cases = Object.entries(SAMPLES).flatMap(([name, markdown]) =>
      WIDTHS.map((width) => ({ name, width, markdown })),
    )
    const results: { name: string; window: number; measured: Measures }[] = []
    for (const { name, width, markdown } of cases) {
      const page = await openSummary(browser, markdown, { width, theme: 'light' })
      results.push({ name, window: width, measured: await measure(page) })
    }
    // No page scrolls sideways: a table that is too wide scrolls in its own box.
    expect(results.filter(({ window, measured }) => measured.width !== window)).toEqual([])
    const typical = results.filter(({ name }) => name !== 'hostile')
    // GitHub does not wrap the lines of a code block: on a phone they scroll.
    const isCut = (text: string, window: number) => !(text.startsWith('PRE ') && window < Math.max(...WIDTHS))
    const cut = typical.flatMap(({ name, window, measured }) =>
      measured.overflowing.filter((text) => isCut(text, window)).map((text) => `${name}, ${window}: ${text}`),
    )
    expect(cut).toEqual([])
  })
})
