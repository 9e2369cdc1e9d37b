// docs/troubleshooting.md has an entry for every error code: annotations link to `troubleshooting.md#<code>`.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/core/error-codes.ts'

const page = readFileSync('docs/troubleshooting.md', 'utf8')
const headings = headingsOf(page)
const entries = headings.filter(({ level }) => level === 3).map(({ text }) => text)
const anchors = headings.map(({ text }) => anchorOf(text))

it('has an entry for every error code', () => {
  expect(ERROR_CODES.filter((code) => !entries.includes(code))).toEqual([])
})

it('has only entries of error codes, each once', () => {
  const codes: readonly string[] = ERROR_CODES
  expect(entries.filter((entry) => !codes.includes(entry))).toEqual([])
  expect(entries.filter((entry, index) => entries.indexOf(entry) !== index)).toEqual([])
})

it('gives every entry its code as anchor', () => {
  expect(ERROR_CODES.filter((code) => !anchors.includes(code))).toEqual([])
  // GitHub numbers the second heading of the same text, so the link of an annotation would lead to the first one.
  expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([])
})

it('says something in every entry', () => {
  const empty = headings.filter(({ level, body }) => level === 3 && body.trim() === '').map(({ text }) => text)
  expect(empty).toEqual([])
})

it.each(linksOf(page))('links to a heading that exists: %s', (link) => {
  const [path = '', anchor = ''] = link.split('#')
  const target = path === '' ? page : readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
  expect(headingsOf(target).map(({ text }) => anchorOf(text))).toContain(anchor)
})

/** The headings of a page outside code blocks, each with the text up to the next one. */
function headingsOf(markdown: string) {
  const text = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  return [...text.matchAll(/^(#{1,6}) (.+)\n([\s\S]*?)(?=^#{1,6} |$(?![\s\S]))/gm)].map(
    ([, marks = '', heading = '', body = '']) => ({ level: marks.length, text: heading, body }),
  )
}

/** As GitHub makes it: lower case, punctuation dropped, spaces as hyphens. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}

/** Relative links with an anchor. */
function linksOf(markdown: string): string[] {
  return [...new Set([...markdown.matchAll(/\]\(((?!https?:)[^)]*#[^)]+)\)/g)].map(([, link = '']) => link))]
}
