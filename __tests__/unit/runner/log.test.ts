import { describe, expect, it, vi } from 'vitest'
import * as log from '../../../src/runner/log.ts'
import { mask } from '../../../src/runner/mask.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

describe('printable', () => {
  it.each([
    ['plain text, 100 %', 'plain text, 100 %'],
    ['Grüße \u{1F600}', 'Grüße \u{1F600}'],
    ['a\nb\r\nc\td', 'a\\nb\\r\\nc d'],
    ['\u001b[31mred\u0000', '\\u001b[31mred\\u0000'],
    ['\u007f\u0085\u009b', '\\u007f\\u0085\\u009b'],
    ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['a\u202egnp.exe\u2069\u200f', 'a\\u202egnp.exe\\u2069\\u200f'],
    ['::error::x', ': :error: :x'],
    ['::Add-Mask::::set-output::', ': :Add-Mask::: :set-output::'],
    [':::error', ':: :error'],
    ['##[error]####[debug]', '## [error]#### [debug]'],
    ['std::vector, fe80::1, 10:30', 'std: :vector, fe80::1, 10:30'],
  ])('%j', (text, expected) => {
    expect(log.printable(text)).toBe(expected)
  })

  it('removes secrets before anything else', () => {
    using _ = captureLog()
    const secret = mask('first line::error\nsecond ##[line]')
    expect(log.printable(`<${secret}>`)).toBe('<***>')
  })
})

const PAGE = 'https://github.com/registry-pull-secret/registry-pull-secret/blob/main/docs/troubleshooting.md'
const hostile = '::set-output name=token::evil\n::stop-commands::evil\r\n##[error]\u001b[1m'
const tame = ': :set-output name=token: :evil\\n: :stop-commands: :evil\\r\\n## [error]\\u001b[1m'

describe('the log', () => {
  it.each([
    ['info', log.info, tame],
    ['debug', log.debug, `Debug: ${tame}`],
    ['warning', (line: string) => log.warning('cached-image', line), `Warning: ${tame} See ${PAGE}#cached-image`],
    ['error', (line: string) => log.error('timeout', line), `Error: ${tame} See ${PAGE}#timeout`],
  ])('has one line for one %s', (_, write, line) => {
    vi.stubEnv('RUNNER_DEBUG', '1')
    using captured = captureLog()
    write(hostile)
    expect(captured.lines).toHaveLength(1)
    expect(captured.log.text).toBe(`${line}\n`)
    expect(captured.log.outputs).toEqual({})
  })

  it('has no debug line when the runner does not show them', () => {
    vi.stubEnv('RUNNER_DEBUG', '')
    using captured = captureLog()
    log.debug('detail')
    expect(captured.lines).toEqual([])
  })

  it.each([
    ['warning', 'cached-image', 'Cached image', (line: string) => log.warning('cached-image', line)],
    ['error', 'timeout', 'Timeout', (line: string) => log.error('timeout', line)],
  ])('has an annotation for a %s, with its characters unchanged, a link and a title', (level, code, title, write) => {
    using captured = captureLog()
    write('50 % of "a, b: c"')
    const message = `50 % of "a, b: c" See ${PAGE}#${code}`
    expect(captured.log.annotations).toEqual([{ level, message, properties: { title } }])
  })

  it('groups lines, and closes the group after an exception', () => {
    using captured = captureLog()
    const write = () => {
      log.info('inside')
      throw new Error('broken')
    }
    expect(() => log.group(hostile, write)).toThrow('broken')
    log.group('second', () => log.info('inside again'))
    log.info('outside')
    expect(captured.log.text).toBe(`${tame}\n  inside\nsecond\n  inside again\noutside\n`)
  })

  it('can have an empty line', () => {
    using captured = captureLog()
    log.info()
    expect(captured.lines).toEqual([''])
  })
})
