// Pages in a headless Chromium, where this machine has one.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The path of the browser; undefined where there is none. */
export function findChromium(path = process.env.PATH ?? ''): string | undefined {
  const folders = path.split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

export interface Measures {
  /** Of the whole page, in CSS pixels. */
  readonly width: number
  readonly height: number
  /** The texts of elements that are wider than their box: what is cut off, or scrolls. */
  readonly overflowing: readonly string[]
}

/** Written into the page, so that `--dump-dom` returns it. */
const MEASURE = `<script>addEventListener('load', () => {
  for (const one of document.querySelectorAll('details')) if (location.hash === '#open') one.open = true
  const root = document.documentElement
  const wide = [...document.querySelectorAll('.markdown-body, .markdown-body *')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  const measures = { width: root.scrollWidth, height: Math.ceil(document.querySelector('.markdown-body').getBoundingClientRect().height) + 48, overflowing: wide.map((one) => one.tagName + ': ' + one.textContent.slice(0, 80)) }
  root.dataset.measures = JSON.stringify(measures)
})</script>`

/** Chromium does not make a window narrower than this: a narrow page is shown in a frame of its width. */
interface PageOptions {
  readonly html: string
  readonly width: number
  /** Whether folded parts are open. */
  readonly open?: boolean
}

export async function measure(chromium: string, { html, width, open = false }: PageOptions): Promise<Measures> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'page-'))
  const file = join(folder.path, 'page.html')
  await writeFile(file, html + MEASURE)
  const { stdout } = await run(
    chromium,
    [...optionsFor(folder.path, width, 800), '--dump-dom', `${pathToFileURL(file)}${open ? '#open' : ''}`],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  const [, measures = '{}'] = /data-measures="([^"]*)"/.exec(stdout) ?? []
  return JSON.parse(
    measures.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
}

export async function screenshot(chromium: string, page: PageOptions, picture: string): Promise<void> {
  const { height } = await measure(chromium, page)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'page-'))
  const file = join(folder.path, 'page.html')
  await writeFile(file, page.html + (page.open ? MEASURE : ''))
  const url = `${pathToFileURL(file)}${page.open ? '#open' : ''}`
  await run(chromium, [...optionsFor(folder.path, page.width, height), `--screenshot=${picture}`, url])
}

function optionsFor(folder: string, width: number, height: number): string[] {
  return [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--force-device-scale-factor=1',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--window-size=${width},${height}`,
  ]
}
