import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseErrorBody } from '../../../src/http/error-body.ts'
import { lines, printable } from '../../../src/runner/log.ts'
import { mask, maskBasic, maskProvided, redact } from '../../../src/runner/mask.ts'
import { joinReasons } from '../../../src/workload/reason.ts'
import { ENCODINGS, PASSWORDS, remainsOf } from '../../support/encodings.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

function quietly<T>(act: () => T): T {
  using _ = captureLog()
  return act()
}

const JSON_KEY = JSON.stringify({ type: 'service_account', private_key: '-----BEGIN\nMIIE+x/y=\n' }, undefined, 2)

const SECRETS = [
  ...PASSWORDS,
  JSON_KEY,
  `${randomBytes(12).toString('hex')}\r\nsecond line ${randomBytes(6).toString('hex')}`,
]
quietly(() => SECRETS.map((secret) => maskBasic('token', maskProvided(secret))))

/** How a text of a server is shown, by the place where it is read. */
const SHOWN: Readonly<Record<string, (text: string) => string | undefined>> = {
  'any text': printable,
  'a message in JSON': (text) => parseErrorBody(JSON.stringify({ message: `denied: ${text} (token)` })).message,
  'the code of an error': (text) => parseErrorBody(JSON.stringify({ code: `denied: ${text} (token)` })).code,
  'an HTML page': (text) => parseErrorBody(`<html><p>denied: ${text} (token)</p>`).message,
  'a long text that is cut': (text) => parseErrorBody(`${'x'.repeat(480)}${text}`).message,
  'a condition of Kubernetes': (text) => joinReasons('Failed', ` denied: ${text} `),
}

describe.each(Object.entries(ENCODINGS))('a secret in %s', (_, encode) => {
  it.each(Object.keys(SHOWN))('is not shown in %s', (place) => {
    for (const secret of SECRETS) {
      const encoded = encode(secret)
      const shown = SHOWN[place]?.(encoded) ?? ''
      expect(shown).toContain('***')
      expect({ secret, shown, remains: remainsOf(secret, encoded, shown) }).toMatchObject({ remains: [] })
    }
  })
})

describe('a secret', () => {
  const secret = quietly(() => mask(randomBytes(30).toString('base64url')))

  it.each([16, 20, 39])('is not shown where a server repeats its first %i characters', (length) => {
    expect(redact(`token "${secret.slice(0, length)}…" is invalid`)).toBe('token "***…" is invalid')
  })

  it.each([8, 12, 15])('is not shown where a text was cut after its first %i characters', (length) => {
    expect(redact(`invalid token ${secret.slice(0, length)}`)).toBe('invalid token ***')
  })

  it('is not shown in JSON after a backslash, which would make its first letter an escape', () => {
    mask('two\nlines-of-a-secret')
    expect(redact('at C:\\two\\nlines-of-a-secret')).toBe('at C:\\***')
  })

  it('is one *** where several of its forms overlap or touch', () => {
    const [one, other] = quietly(() => [mask(`first-${randomBytes(6).toString('hex')}`), mask(`${secret}-longer`)])
    expect(redact(`${secret}${one}${one} ${other} ${secret}x`)).toBe('*** *** ***x')
  })

  it('of several lines is removed before a text is split into lines', () => {
    using captured = captureLog()
    lines(`before\n${JSON_KEY}\nafter\n`)
    expect(captured.lines).toEqual(['before', '***', 'after'])
  })

  it('is not shown where a very long text ends, of which only the beginning is read', () => {
    const shown = redact('%41'.repeat(80_000) + '\\u0041'.repeat(3000) + secret.repeat(1000))
    expect(shown.length).toBeLessThan(270_000)
    expect(shown.slice(-10)).toMatch(/u0041\*{3}$/)
  })

  it('is found among ten thousand others, and nothing else is', () => {
    const others = quietly(() =>
      Array.from({ length: 10_000 }, () => mask(`eyJhbGciOiJI${randomBytes(20).toString('hex')}`)),
    )
    for (const other of [others[0], others[5000], others[9999]]) expect(redact(`<${other}>`)).toBe('<***>')
    expect(redact(`<eyJhbGciOiJI${'z'.repeat(40)}>`)).toBe(`<eyJhbGciOiJI${'z'.repeat(40)}>`)
  })
})
