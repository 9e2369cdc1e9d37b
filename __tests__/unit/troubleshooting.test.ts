// docs/troubleshooting.md has an entry for every code of an error or a warning: annotations link to `troubleshooting.md#<code>`.
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ERROR_CODES, WARNING_CODES } from '../../src/core/error-codes.ts'
import { anchorOf, headingsOf } from '../support/markdown-page.ts'

const CODES: readonly string[] = [...ERROR_CODES, ...WARNING_CODES]

const page = readFileSync('docs/troubleshooting.md', 'utf8')
const headings = headingsOf(page)
const entries = headings.filter(({ level }) => level === 3).map(({ text }) => text)
const anchors = headings.map(({ text }) => anchorOf(text))

it('has an entry for every code', () => {
  expect(CODES.filter((code) => !entries.includes(code))).toEqual([])
})

it('has only entries of codes, each once', () => {
  expect(entries.filter((entry) => !CODES.includes(entry))).toEqual([])
  expect(entries.filter((entry, index) => entries.indexOf(entry) !== index)).toEqual([])
})

it('gives every entry its code as anchor', () => {
  expect(CODES.filter((code) => !anchors.includes(code))).toEqual([])
  // GitHub numbers the second heading of the same text, so the link of an annotation would lead to the first one.
  expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([])
})

it('has only codes that the sources use', () => {
  const sources = globSync('src/**/*.ts').filter((path) => !path.endsWith('error-codes.ts'))
  const text = sources.map((path) => readFileSync(path, 'utf8')).join('')
  // Codes of HTTP errors are composed of a service and a problem.
  const isComposed = (code: string) => /^(cluster|registry|issuer|oidc)-/.test(code)
  expect(CODES.filter((code) => !isComposed(code) && !text.includes(`'${code}'`))).toEqual([])
})

it('says something in every entry', () => {
  const empty = headings.filter(({ level, body }) => level === 3 && body.trim() === '').map(({ text }) => text)
  expect(empty).toEqual([])
})
