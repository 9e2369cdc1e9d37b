// docs/troubleshooting.md has an entry for every code of an error or a warning: annotations link to `troubleshooting.md#<code>`.
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, WARNING_CODES } from '../../src/core/error-codes.ts'
import { ANSWERS } from '../../src/report/facts.ts'
import { anchorOf, headingsOf } from '../support/markdown-page.ts'

const CODES: readonly string[] = [...ERROR_CODES, ...WARNING_CODES]

const page = readFileSync('docs/troubleshooting.md', 'utf8')
const headings = headingsOf(page)
const sections = headings.findIndex(({ text }) => text === 'Look up an error')
const entries = headings
  .slice(sections)
  .filter(({ level }) => level === 3)
  .map(({ text }) => text)
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

describe('Pods keep pulling?', () => {
  const answers = Object.values(ANSWERS)
  const answer = new RegExp(`^\\*\\*Pods keep pulling\\?\\*\\* (?:${answers.join('|')})\\b`)

  it('has an answer at the beginning of every entry, in the words of the job summary', () => {
    const open = headings.filter(({ text, body }) => CODES.includes(text) && !answer.test(body.trimStart()))
    expect(open.map(({ text }) => text)).toEqual([])
  })

  it('comes first, with what each answer means', () => {
    expect(headings[1]).toMatchObject({ level: 2, text: 'Do Pods still pull?' })
    expect(answers.filter((one) => !headings[1]?.body.includes(`| **${one}** |`))).toEqual([])
  })
})

it('says what to do in every entry', () => {
  const empty = headings.filter(({ text, body }) => CODES.includes(text) && body.trim().split('\n\n').length < 2)
  expect(empty.map(({ text }) => text)).toEqual([])
})
