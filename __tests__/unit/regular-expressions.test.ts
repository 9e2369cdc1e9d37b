// No text makes a regular expression of `src` run for long: servers, tenants and manifests choose most of these texts.
import { globSync, readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { parseSync, Visitor } from 'rolldown/utils'
import { describe, expect, it } from 'vitest'

interface Found {
  readonly pattern: string
  readonly flags: string
  readonly path: string
}

/** A text of this length takes an expression less than a millisecond when it reads the text once, and seconds when it reads it for each character. */
const REPEATS = 60_000
/** For all texts of one expression. It is no measure: what exceeds it would not end. */
const MAX_MS = 8_000

const found = globSync('src/**/*.ts').flatMap((path) => {
  const literals: Found[] = []
  const { program } = parseSync(path, readFileSync(path, 'utf8'))
  new Visitor({
    Literal(node) {
      if ('regex' in node) literals.push({ ...node.regex, path })
    },
  }).visit(program)
  return literals
})
const distinct = [...new Map(found.map((one) => [`/${one.pattern}/${one.flags}`, one]))]

/** Parts of texts that the expression may match: its literals, and characters of each of its classes. */
function partsOf(pattern: string): string[] {
  const literals = pattern
    .replace(/\(\?(?:[:=!]|<[=!])/g, '(')
    .replace(/\[(?:\\.|[^\]])*\]|\\[dwspPbu](?:\{\w+\}|[0-9a-f]{4})?|[*+?|()^$.]|\{[\d,]+\}/gi, '\0')
    .replace(/\\(.)/g, '$1')
    .split('\0')
    .filter((part) => part !== '')
  return [...new Set([...literals, ...literals.map((one) => one[0] ?? ''), ...'a0 /.:-_="*<@\\\n'])]
}

describe('a regular expression', () => {
  it.each(distinct)('%s ends soon for every long text', (_, { pattern, flags }) => {
    const parts = partsOf(pattern)
    const [first = '', ...next] = parts.slice(0, 4)
    const repeated = new Set(parts.flatMap((part) => [part, part + first, ...next.map((other) => part + other)]))
    const texts = [...repeated].flatMap((part) => {
      const long = part.repeat(Math.ceil(REPEATS / part.length))
      return [`${long}\n!/`, `${first}${long}!`]
    })
    // Only the machine of a context can be stopped within an expression.
    const run = () =>
      runInNewContext(
        'for (const text of texts) { if (flags.includes("g")) text.replace(new RegExp(pattern, flags), ""); else new RegExp(pattern, flags).test(text) }',
        { texts, pattern, flags },
        { timeout: MAX_MS },
      )
    expect(run).not.toThrow()
  })

  it('is never made from a text of others', () => {
    const made = globSync('src/**/*.ts').filter((path) => /RegExp\(/.test(readFileSync(path, 'utf8')))
    expect(made.map((path) => path.replaceAll('\\', '/'))).toEqual(['src/inputs/grammar.ts'])
  })
})
