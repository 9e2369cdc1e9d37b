// A job summary in a Chromium, as GitHub shows it.
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type OpenPage, openPage } from '../browser/open-page.ts'
import type { Browser } from '../browser/protocol.ts'
import { pageOf, type Theme } from './page.ts'

/** @param width of the window, in CSS pixels */
export async function openSummary(
  browser: Browser,
  markdown: string,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): Promise<OpenPage> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'summary-'))
  const file = join(folder.path, 'summary.html')
  await writeFile(file, pageOf(markdown, theme))
  // A picture has at least the height of the window.
  return await openPage(browser, pathToFileURL(file).href, { width, height: 100, theme })
}

export interface Measures {
  /** Of the whole page, in CSS pixels: more than the width of the window where something sticks out. */
  readonly width: number
  /** The beginnings of the texts that are wider than their box: cut off, or to be scrolled. */
  readonly overflowing: readonly string[]
}

/** Measures a summary with all folded parts open. */
export async function measure(page: OpenPage): Promise<Measures> {
  return await page.evaluate(`(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
    const wide = [...document.querySelectorAll('.markdown-body *')].filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    return {
      width: document.documentElement.scrollWidth,
      overflowing: wide.map((one) => one.tagName + ' ' + one.textContent.trim().slice(0, 60)),
    }
  })()`)
}
