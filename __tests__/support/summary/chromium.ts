// Pages in a headless Chromium.
import { execFile } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Page {
  readonly html: string
  /** In CSS pixels. */
  readonly width: number
}

export interface Measures {
  /** Of the whole page, in CSS pixels: more than the width of the window where something sticks out. */
  readonly width: number
  readonly height: number
  /** The beginnings of the texts that are wider than their box: cut off, or to be scrolled. */
  readonly overflowing: readonly string[]
}

/** Measures pages with all folded parts open. Each is in a frame, since a window has a minimum width. */
export async function measure(chromium: string, pages: readonly Page[]): Promise<Measures[]> {
  const frames = pages.map(
    ({ html, width }) => `<iframe style="width: ${width}px; border: 0" srcdoc="${attribute(html)}"></iframe>`,
  )
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pages-'))
  const file = join(folder.path, 'pages.html')
  await writeFile(file, `<!doctype html><meta charset="utf-8">${frames.join('')}<pre></pre>${MEASURE}`)
  const options = optionsFor(folder.path, { width: 1200, height: 800 })
  const { stdout } = await run(chromium, [...options, '--dump-dom', pathToFileURL(file).href], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const [, measures = ''] = /<pre>([^<]*)<\/pre>\s*<script>/.exec(stdout) ?? []
  return JSON.parse(measures.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
}

const MEASURE = `<script>addEventListener('load', () => {
  const measures = [...document.querySelectorAll('iframe')].map(({ contentDocument: page }) => {
    const folded = page.querySelector('.markdown-body').getBoundingClientRect().height
    for (const one of page.querySelectorAll('details')) one.open = true
    const wide = [...page.querySelectorAll('.markdown-body *')].filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    return {
      width: page.documentElement.scrollWidth,
      height: Math.ceil(folded) + 48,
      overflowing: wide.map((one) => one.tagName + ' ' + one.textContent.trim().slice(0, 60)),
    }
  })
  document.querySelector('pre').textContent = JSON.stringify(measures)
})</script>`

function attribute(html: string): string {
  return html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** Saves a picture of the whole page, as it is before a reader opens something. */
export async function screenshot(chromium: string, page: Page, picture: string): Promise<void> {
  const [{ height } = { height: 800 }] = await measure(chromium, [page])
  await using folder = await mkdtempDisposable(join(tmpdir(), 'page-'))
  const file = join(folder.path, 'page.html')
  await writeFile(file, page.html)
  const options = optionsFor(folder.path, { width: page.width, height })
  await run(chromium, [...options, `--screenshot=${picture}`, pathToFileURL(file).href])
}

function optionsFor(folder: string, { width, height }: { readonly width: number; readonly height: number }): string[] {
  return [
    '--headless=new',
    // Chromium does not start as root with its sandbox. It shows only what this repository wrote.
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--force-device-scale-factor=1',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--window-size=${width},${height}`,
  ]
}
