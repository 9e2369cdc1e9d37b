import { expect, it } from 'vitest'
import { parseCommand, parseFileCommand } from './command.ts'
import { applyMasks, RunnerLog } from './log.ts'

function logOf(lines: readonly string[]): RunnerLog {
  const log = new RunnerLog({ debug: false })
  for (const line of lines) log.add(line)
  return log
}

it('unescapes a command', () => {
  expect(parseCommand('  ::error title=a%3Ab%2C c%25,file=x::one%0Atwo%250A::')).toEqual({
    name: 'error',
    properties: { title: 'a:b, c%', file: 'x' },
    message: 'one\ntwo%0A::',
  })
})

it('knows a command in any case, and takes the rest for text', () => {
  expect(parseCommand('::SET-OUTPUT name=a::b')).toMatchObject({ name: 'set-output', message: 'b' })
  expect(parseCommand('see ::error::no')).toBeUndefined()
  expect(parseCommand('::unknown::no')).toBeUndefined()
})

it('reads values and heredocs of a file command', () => {
  const text = 'plain=a<<b=c\nempty=\n\nlines<<END\none=1\n\nthree\nEND\nnothing<<END\nEND\n'
  expect(parseFileCommand(text)).toEqual({ plain: 'a<<b=c', empty: '', lines: 'one=1\n\nthree', nothing: '' })
})

it('refuses a file command without its delimiter', () => {
  expect(() => parseFileCommand('a<<END\nvalue\n')).toThrow('Matching delimiter not found')
  expect(() => parseFileCommand('no operator\n')).toThrow('Invalid format')
})

it.each([
  ['itself', 'p"ss <w>', 'p"ss <w>'],
  ['base64', 'p"ss <w>', btoa('p"ss <w>')],
  ['an argument', 'p"ss\\w', 'p\\"ss\\w'],
  ['an expression', "p'ss w", "p''ss w"],
  ['JSON', 'p"ss\u2028\u0085\t', 'p\\"ss\\u2028\\u0085\\t'],
  ['a URI', "p'ss (é)*", 'p%27ss%20%28%C3%A9%29%2A'],
  ['XML', `p"ss <w>&'`, 'p&quot;ss &lt;w&gt;&amp;&apos;'],
  ['without its quotes', '"password"', 'password'],
  ['what PowerShell prints before an ampersand', 'one&second&third-part', 'one&second&'],
  ['what it prints after an ampersand', 'one&second&third-part', 'third-part'],
  ['what it prints before &+', 'first&+second&third', 'first&+'],
  ['what it prints after &+', 'first&+second&third', 'econd&third'],
])('masks a secret as the runner does: %s', (_, secret, form) => {
  expect(applyMasks(`[${form}]`, [secret])).toBe('[***]')
})

it.each(['', 'u', 'us', 'use'])('masks a secret in base64 after "%s"', (before) => {
  const encoded = btoa(`${before}my secret`)
  expect(applyMasks(encoded, ['my secret'])).toBe(`${encoded.slice(0, Math.ceil(before.length / 3) * 4)}***`)
})

it('does not know a secret in the form encoding, nor in Go JSON, nor in a URI in lower case', () => {
  for (const form of ['p%c3%a9 <w>', 'p+w%3C', 'p\\u003cw'])
    expect(applyMasks(form, ['pé <w>', 'p w<', 'p<w'])).toBe(form)
})

it('masks overlapping secrets, and ones that touch, as one', () => {
  expect(applyMasks('secret!secret! abcd', ['secret!', 'abc', 'bcd'])).toBe('*** ***')
})

it('masks from the mask on, each line of a secret by itself', () => {
  const log = logOf(['key', '::add-mask::key%0D%0A  lock%0A', 'key and lock'])
  expect(log.text).toBe('key\n*** and ***\n')
  expect(log.masks).toEqual(['key\r\n  lock\n', 'key', 'lock'])
})

it('indents a group and keeps annotations', () => {
  const log = logOf(['::group::Secrets', 'pull', '::endgroup::', '::warning title=Old::soon', '::debug::hidden'])
  expect(log.text).toBe('Secrets\n  pull\nWarning: soon\n')
  expect(log.debugText).toBe('hidden\n')
  expect(log.annotations).toEqual([{ level: 'warning', message: 'soon', properties: { title: 'Old' } }])
})

it('obeys nothing between stop-commands and its token', () => {
  const log = logOf(['::stop-commands::t0ken', '::set-output name=a::b', '::t0ken::', '::set-output name=c::d'])
  expect(log.outputs).toEqual({ c: 'd' })
  expect(log.text).toBe('::set-output name=a::b\n')
})
