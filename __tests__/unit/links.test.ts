// Each link between the pages of this repository leads to a file that exists, and to a heading that exists.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { filesOf } from '../support/files-of.ts'
import { anchorOf, headingsOf, linksOf } from '../support/markdown-page.ts'

const pages = ['*.md', 'docs/**/*.md', '__tests__/README.md'].flatMap(filesOf)
const links = pages.flatMap((page) => linksOf(readFileSync(page, 'utf8')).map((link) => [page, link] as const))

it('there are pages with links', () => {
  expect(pages).toContain('docs/troubleshooting.md')
  expect(links.length).toBeGreaterThan(pages.length)
})

it.each(links)('%s links to what exists: %s', (page, link) => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  expect(existsSync(target)).toBe(true)
  if (anchor === undefined) return
  expect(headingsOf(readFileSync(target, 'utf8')).map(({ text }) => anchorOf(text))).toContain(anchor)
})
