import fc from 'fast-check'
import { alerts, codeBlocks, list, table, text } from '../../src/report/markdown.ts'
import { printable } from '../../src/runner/log.ts'
import { mask } from '../../src/runner/mask.ts'
import { expectSafe, expectSame, expectThat } from './expect.ts'
import { fuzz } from './fuzz.ts'
import { editedText, hostileText } from './hostile.ts'

const line = editedText([
  'registry us.icr.io lets this credential pull team/app:1',
  'Could not read the secret `team/regcred`: 403 Forbidden',
  'see https://example.com/?a=b&c and @octocat #12 `code` $x$',
])

fuzz('printable', 'any text is one line without control characters and commands, and stays as it is then', {
  share: 0.5,
  cases: line,
  check: (value) => {
    const shown = printable(value)
    expectSafe(shown)
    expectSame(printable(shown), shown)
  },
})

const secrets = ['s3cr3t-value-1', 'two\nlines-of-secret', 'quo"te\\back::error', 'a b&c=d/e+f', 'pässwörd🔑']

fuzz('printable', 'no masked secret is in a text, in whatever encoding it was', {
  share: 0.5,
  prepare: () => {
    for (const secret of secrets) mask(secret)
  },
  cases: fc.tuple(hostileText, fc.constantFrom(...secrets), fc.nat(4), hostileText),
  check: ([before, secret, encoding, after]) => {
    const bytes = Buffer.from(secret)
    const forms = [
      secret,
      bytes.toString('base64'),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(`${before.slice(0, 7)}${secret}${after.slice(0, 7)}`).toString('base64'),
    ]
    const form = forms[encoding] ?? ''
    const shown = printable(`${before}${form}${after}`)
    expectSafe(shown)
    // The characters at both ends of base64 depend on what is around the secret.
    const core = encoding === 4 ? bytes.subarray(2, -2).toString('base64').slice(4, -4) : form
    expectThat(!shown.includes(core), 'without the secret', shown)
  },
})

const result = fc.constantFrom('created', 'updated', 'failed')
const MAX_PART_BYTES = 100 * 1024

/** Without code spans and code blocks nothing of it is a link, an image, a mention or HTML. */
function expectInert(markdown: string): void {
  const plain = markdown.replace(/(?<![`$])`[^`\\$\n]+`(?![`$])/g, '')
  const active = /(?<!\\)[[\]*_~!]|<|(?<!\\)`|@(?!sha256:|\u200b)|:\/\//.exec(plain)
  expectThat(active === null, 'inert', plain)
}

fuzz('markdown', 'a text becomes no link, mention, image, HTML or second line', {
  share: 0.8,
  cases: line,
  check: (value) => {
    const shown = text(value)
    expectSafe(shown)
    expectInert(shown)
    expectThat(shown.length <= 6 * 2001, 'short', shown.length)
  },
})

fuzz('markdown', 'tables, lists, boxes and code blocks keep their form and size', {
  share: 0.2,
  cases: fc
    .tuple(fc.array(fc.tuple(line, result), { maxLength: 4 }), fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 40))
    .map(([items, times]) => Array.from({ length: times }, () => items).flat()),
  check: (items) => {
    const rows = items.map(([name, result]) => ({ name, result }))
    const shown = table(['name', 'result'], rows, { cellsOf: ({ name, result }) => [name, result], source: 'the log' })
    const isRow = (row: string) => (row.match(/(?<!\\)\|/g) ?? []).length === 3
    for (const row of shown.split('\n').slice(0, 2 + Math.min(items.length, 100))) {
      expectThat(row === '' || row.startsWith('…') || isRow(row), 'a row of two cells', row)
    }
    const texts = items.map(([name]) => name)
    const boxes = alerts(texts.map((one) => ({ title: one, message: one, hint: one, link: 'https://example.com' })))
    for (const part of [shown, list(texts), boxes, codeBlocks('Apply this', 'yaml', texts)])
      expectThat(Buffer.byteLength(part) < MAX_PART_BYTES + 10_000, 'within the limit', part)
    for (const one of list(texts).split('\n')) expectThat(/^$|^- /.test(one), 'an item', one)
    for (const one of boxes.split('\n')) expectThat(/^$|^>(?: |$)/.test(one), 'in the box', one)
    const [only] = texts
    if (only === undefined) return
    const [, , fence = '', ...block] = codeBlocks('Apply this', 'yaml', [only]).split('\n')
    if (fence === '') return
    const closing = fence.replace('yaml', '')
    expectSame(
      block.findIndex((one) => one.trimStart().startsWith(closing)),
      block.length - 1,
    )
    for (const one of block) expectSafe(one)
  },
})
