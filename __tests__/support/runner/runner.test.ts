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

it('masks a secret in each encoding that the runner knows, touching ones together', () => {
  const secret = 'p"ss <w>'
  const encoded = [secret, btoa(secret), 'p\\"ss <w>', encodeURIComponent(secret), 'p&quot;ss &lt;w&gt;']
  for (const text of encoded) expect(applyMasks(`[${text}]`, [secret])).toBe('[***]')
  expect(applyMasks(btoa(`user:${secret}`), [secret])).toMatch(/^.{1,8}\*\*\*$/)
  expect(applyMasks(`${secret}${secret} abcd`, [secret, 'abc', 'bcd'])).toBe('*** ***')
})

it('masks from the mask on, each line of a secret by itself', () => {
  expect(logOf(['key', '::add-mask::key%0Alock', 'key and lock']).text).toBe('key\n*** and ***\n')
})

it('indents a group and keeps annotations', () => {
  const log = logOf(['::group::Secrets', 'pull', '::endgroup::', '::warning title=Old::soon', '::debug::hidden'])
  expect(log.text).toBe('Secrets\n  pull\nWarning: soon\n')
  expect(log.annotations).toEqual([{ level: 'warning', message: 'soon', properties: { title: 'Old' } }])
})

it('obeys nothing between stop-commands and its token', () => {
  const log = logOf(['::stop-commands::t0ken', '::set-output name=a::b', '::t0ken::', '::set-output name=c::d'])
  expect(log.outputs).toEqual({ c: 'd' })
  expect(log.text).toBe('::set-output name=a::b\n')
})
