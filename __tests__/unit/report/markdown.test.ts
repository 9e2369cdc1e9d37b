// GitHub shows the texts as they are, even texts that a server chose.
import { describe, expect, it } from 'vitest'
import { type Alert, alerts, codeBlocks, details, factTable, list, table, text } from '../../../src/report/markdown.ts'

describe('a text', () => {
  it.each([
    ['plain words, 100 %', 'plain words, 100 %'],
    ['Check `max-age`.', 'Check `max-age`.'],
    ['`https://api.<dedicated-domain>` or `GET /v2/`', '`https://api.<dedicated-domain>` or `GET /v2/`'],
    ['`namespace/image[:tag|@digest]`', '`namespace/image[:tag|@digest]`'],
    ['**bold** _it_ ~no~ [a](b) ![i](x)', '\\*\\*bold\\*\\* \\_it\\_ \\~no\\~ \\[a\\]\\(b\\) \\!\\[i\\]\\(x\\)'],
    ['<img src=x> & co | more', '&#60;img src=x&#62; &#38; co &#124; more'],
    ['see https://evil.example or www.evil.example', 'see https&#58;//evil.example or www&#46;evil.example'],
    ['@octocat #12 a@b.c', '\\@\u200boctocat \\#\u200b12 a\\@\u200bb.c'],
    ['a@_b.c @-d #no', 'a\\@\u200b\\_b.c \\@\u200b-d \\#no'],
    ['app@sha256:0123', 'app\\@sha256:0123'],
    ['two\nlines\r\n# and a heading', 'two\\\\nlines\\\\r\\\\n\\# and a heading'],
    ['1. one', '1\\. one'],
    ['123456789. one', '123456789\\. one'],
    ['1) one', '1\\) one'],
    ['- one', '\\- one'],
    ['+ one', '\\+ one'],
    ['* one', '\\* one'],
    ['---', '\\---'],
    ['- - -', '\\- - -'],
    ['___', '\\_\\_\\_'],
    ['===', '\\==='],
    ['# one', '\\# one'],
    ['> one', '&#62; one'],
    ['~~~ yaml', '\\~\\~\\~ yaml'],
    ['``` yaml', '&#96;&#96;&#96; yaml'],
    ['    code', 'code'],
    ['\t- one', '\\- one'],
    ['[x] done', '\\[x\\] done'],
    ['[a]: https://evil.example', '\\[a\\]: https&#58;//evil.example'],
    ['[^1] note', '\\[^1\\] note'],
    ['| a | b |', '&#124; a &#124; b &#124;'],
    ['1.31.0 is old', '1.31.0 is old'],
    ['see GH-12, gh-1, gh-a and high-5', 'see GH-\u200b12, gh-\u200b1, gh-a and high-5'],
    ['mailto:a@b.c, xmpp:a@b.c/d', 'mailto&#58;a\\@\u200bb.c, xmpp&#58;a\\@\u200bb.c/d'],
    ['acme/shop#12 and acme@0a1b2c3', 'acme/shop\\#\u200b12 and acme\\@\u200b0a1b2c3'],
    ['&lt;b&gt; &#60;', '&#38;lt;b&#38;gt; &#38;\\#\u200b60;'],
    ['$x$ and $`x`$', '\\$x\\$ and \\$&#96;x&#96;\\$'],
  ])('%j', (words, markdown) => {
    expect(text(words)).toBe(markdown)
  })

  it.each([
    ['one ` alone', 'one &#96; alone'],
    ['``two``, ```three```', '&#96;&#96;two&#96;&#96;, &#96;&#96;&#96;three&#96;&#96;&#96;'],
    ['`a``b`', '&#96;a&#96;&#96;b&#96;'],
    ['`a\\`b', '&#96;a\\\\&#96;b'],
    ['a\\`<b>`', 'a\\\\`<b>`'],
    ['`x <b> @me', '&#96;x &#60;b&#62; \\@\u200bme'],
  ])('has code only between two single backticks: %j', (words, markdown) => {
    expect(text(words)).toBe(markdown)
  })

  it('is cut when it is too long, and not within a character', () => {
    const cut = text(`x${'\u{1F600}'.repeat(3000)}`)
    expect(cut).toBe(`x${'\u{1F600}'.repeat(999)}…`)
  })
})

describe('a table', () => {
  const tableOf = (words: readonly string[], resultOf: (index: number) => string = () => 'done') => {
    const items = words.map((word, index) => ({ word, result: resultOf(index) }))
    return table(['Word'], items, { cellsOf: ({ word }) => [word], source: 'the log' })
  }

  it('has a row for each item, and no text ends a cell', () => {
    expect(tableOf(['a | b', '`a|b`', '`a\\|b`', 'a\\|b'])).toBe(
      ['| Word |', '| --- |', '| a &#124; b |', '| `a\\|b` |', '| &#96;a\\\\&#124;b&#96; |', '| a\\\\&#124;b |'].join(
        '\n',
      ),
    )
  })

  it('is empty without items', () => {
    expect(tableOf([])).toBe('')
  })

  it('shows a hundred rows, and counts the others', () => {
    const words = Array.from({ length: 1250 }, (_, index) => `row ${index}`)
    const lines = tableOf(words, (index) => (index % 5 === 0 ? 'failed' : 'updated')).split('\n')
    expect(lines.slice(2, 102)).toEqual(words.slice(0, 100).map((word) => `| ${word} |`))
    expect(lines.slice(102)).toEqual(['', '… and 1,150 more: 230 failed, 920 updated. All are in the log.'])
  })
})

it('lists a hundred at most', () => {
  expect(list(['a', '*b*'])).toBe('- a\n- \\*b\\*')
  const lines = list(Array.from({ length: 1200 }, (_, index) => `item ${index}`)).split('\n')
  expect(lines.slice(99)).toEqual(['- item 99', '- … and 1,100 more'])
})

const LINK = 'https://example.com/docs#code'
const SEE = `[Troubleshooting: Title](${LINK})`

function alert(message: string, hint?: string): Alert {
  return { title: 'Title', message, hint, link: LINK }
}

it('has ten alerts at most, each with what to do about it', () => {
  expect(alerts([alert('a'), alert('*b*', 'Do *c*')])).toBe(
    `> [!CAUTION]\n> a\n>\n> ${SEE}\n\n> [!CAUTION]\n> \\*b\\*\n>\n> **To fix it:** Do \\*c\\*\n>\n> ${SEE}`,
  )
  const boxes = alerts(Array.from({ length: 48 }, (_, index) => alert(`error ${index}`))).split('\n\n')
  expect(boxes.slice(9)).toEqual([
    `> [!CAUTION]\n> error 9\n>\n> ${SEE}`,
    '> [!CAUTION]\n> … and 38 more, see the log of this step.',
  ])
})

describe('a table of facts', () => {
  it('has a row for each, whose lines and marks no text can end', () => {
    const lines = ['a | b', [{ strong: 'Yes' }, ' in `c|d`: *e*'], [{ struck: 'id|1' }, ' ', '~revoked~']]
    expect(factTable([{ label: 'Fact', lines }])).toBe(
      [
        '| | |',
        '| --- | --- |',
        '| **Fact** | a &#124; b<br>**Yes** in `c\\|d`: \\*e\\*<br>~~`id\\|1`~~ \\~revoked\\~ |',
      ].join('\n'),
    )
  })

  it('is empty without facts', () => {
    expect(factTable([])).toBe('')
  })
})

it('folds content, and nothing without any', () => {
  expect(details('3 namespaces', '| a |')).toBe('<details><summary>3 namespaces</summary>\n\n| a |\n\n</details>')
  expect(details('3 namespaces', '')).toBe('')
})

it('shows a code block completely or not at all', () => {
  expect(codeBlocks('Apply:', 'yaml', ['a: `b`\nc: 1\n', 'd: ```'])).toBe(
    'Apply:\n\n```yaml\na: `b`\nc: 1\n```\n\nApply:\n\n````yaml\nd: ```\n````',
  )
  expect(codeBlocks('Apply:', 'yaml', ['a: 1\n'.repeat(50_000)])).toBe('Apply: 1 more, see the log of this step.')
})

// https://github.github.com/gfm/#blocks-and-inlines: what a line can begin with other than a paragraph.
const BLOCKS =
  /^(?: {4}|\t| {0,3}(?:[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|#{1,6}(?:\s|$)|>|```|~~~|=+\s*$|-+\s*$|(?:[-*_]\s*){3,}$|\||<|\[[^\]]+\]:))/

describe('any text', () => {
  const starts = [
    '',
    ' ',
    '    ',
    '1',
    '12',
    '-',
    '--',
    '+',
    '*',
    '#',
    '##',
    '>',
    '`',
    '``',
    '~~',
    '=',
    '==',
    '|',
    '<',
    '_',
    '[a]',
  ]
  const ends = [
    '',
    ' ',
    '. x',
    ') x',
    ' x',
    '-',
    '--',
    '- - -',
    '==',
    '# x',
    '`',
    '```',
    '~',
    ': x',
    '> x',
    '|',
    'b>',
    '__',
    '@me',
    'GH-1',
    '#1',
  ]

  it('begins no block in a list, in a box or in a line', () => {
    for (const content of starts.flatMap((start) => ends.map((end) => start + end))) {
      expect(text(content), JSON.stringify(content)).not.toMatch(BLOCKS)
      expect(list([content]).slice(2)).toBe(text(content))
      expect(alerts([alert(content)])).toBe(`> [!CAUTION]\n> ${text(content)}\n>\n> ${SEE}`)
    }
  })
})
