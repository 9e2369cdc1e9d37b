import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { mask, maskBasic, redact } from '../../../src/runner/mask.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

/** A masked secret stays masked until the process ends: each test has its own. */
const newSecret = (tail = '') => randomBytes(12).toString('hex') + tail
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Masks without writing the commands for the runner into the log of the tests. */
function quietly<T>(act: () => T): T {
  using _ = captureLog()
  return act()
}

describe('a secret', () => {
  it('is registered with the runner, and returned', () => {
    using captured = captureLog()
    const secret = newSecret('%"<')
    expect(mask(secret)).toBe(secret)
    expect(new Set(captured.log.masks)).toEqual(new Set([secret]))
  })

  it('is registered together with its Basic form', () => {
    using captured = captureLog()
    const secret = newSecret('é')
    expect(maskBasic('token', secret)).toBe(base64(`token:${secret}`))
    expect(new Set(captured.log.masks)).toEqual(new Set([secret, base64(`token:${secret}`)]))
  })

  it('of several lines is registered with one command', () => {
    using captured = captureLog()
    const lines = [newSecret(), newSecret()]
    mask(lines.join('\n'))
    expect(captured.lines).toHaveLength(1)
    expect(captured.log.masks).toEqual([lines.join('\n'), ...lines])
  })

  it.each(['', ' ', '\n'])('is ignored when it is blank: %j', (nothing) => {
    using captured = captureLog()
    expect(mask(nothing)).toBe(nothing)
    expect(captured.lines).toEqual([])
    expect(redact(`a${nothing}b`)).toBe(`a${nothing}b`)
  })
})

describe('a text', () => {
  const secret = quietly(() => mask(newSecret('"\\/+ &é\u{1F511}')))

  it.each([
    ['itself', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
  ])('is redacted: secret %s', (_, form) => {
    expect(redact(`before ${form}, ${form} after`)).toBe('before ***, *** after')
  })

  it.each([0, 1, 2, 3])('is redacted: secret in base64 at offset %i', (start) => {
    for (const length of [10, 11, 12]) {
      const inside = quietly(() => mask(newSecret().slice(0, length)))
      const encoded = base64(`${'u'.repeat(start)}${inside}xyz`)
      const [before, after, ...more] = redact(encoded).split('***')
      // Of the groups of three bytes, those that it shares with others are left at most.
      expect(before?.length).toBeLessThanOrEqual(4 * Math.ceil(start / 3))
      expect(after?.length).toBeLessThanOrEqual(encoded.length - 4 * Math.floor((start + length) / 3))
      expect(more).toEqual([])
    }
  })

  it('is redacted: each line of a secret', () => {
    const lines = [newSecret(), newSecret(), newSecret()] as const
    quietly(() => mask(`${lines[0]}\r\n  ${lines[1]}\n${lines[2]}\n`))
    expect(redact(`${lines[1]} ${lines[2]} ${lines[0]}`)).toBe('*** *** ***')
  })

  it('is redacted: a whole secret that starts with another one', () => {
    const short = newSecret()
    const long = short + newSecret()
    quietly(() => [mask(short), mask(long)])
    expect(redact(`${long} ${short}`)).toBe('*** ***')
  })

  it('is unchanged without a secret', () => {
    const text = 'The registry returned 401: token expired.\n::notice::\u{1F600}'
    expect(redact(text)).toBe(text)
  })

  it('keeps words that contain a very short secret', () => {
    quietly(() => mask('abc'))
    expect(redact('the abc of it')).toBe('the abc of it')
  })
})
