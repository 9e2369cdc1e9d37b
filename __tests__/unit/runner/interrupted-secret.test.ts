// A server can write anything between the characters of a secret, in any encoding, or show a part of it only.
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseErrorBody } from '../../../src/http/error-body.ts'
import { printable } from '../../../src/runner/log.ts'
import { maskBasic, maskProvided, publish, redact } from '../../../src/runner/mask.ts'
import { joinReasons } from '../../../src/workload/reason.ts'
import { ENCODINGS, PASSWORDS } from '../../support/encodings.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

function quietly<T>(act: () => T): T {
  using _ = captureLog()
  return act()
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const BASE64 = `${LETTERS}${LETTERS.toUpperCase()}0123456789+/`
const oneOf = (characters: string) => characters[randomInt(characters.length)]

/** Always the same: by chance, a part of a random one would look like a word or a number. */
const hash = (seed: string) => createHash('sha512').update(seed).digest()

const TOKENS = {
  base64url: hash('base64url 1').subarray(0, 48).toString('base64url'),
  hexadecimal: hash('hex 1').subarray(0, 32).toString('hex'),
  // Somewhere in so much of it, chance would write what looks like a word.
  'base64 of 8 KiB': Array.from(
    { length: 2048 },
    () => `${oneOf(LETTERS)}${oneOf('0123456789')}${oneOf(LETTERS.toUpperCase())}${oneOf(BASE64)}`,
  ).join(''),
}
const KEY_LINE = hash('line 1').subarray(0, 48).toString('base64')
const JSON_KEY = JSON.stringify({ type: 'made-up', private_key: `-----BEGIN\n${KEY_LINE}\n` })
const SECRETS = [...Object.values(TOKENS).slice(0, 2), ...PASSWORDS, JSON_KEY]
quietly(() => {
  for (const secret of [...SECRETS, ...Object.values(TOKENS)]) maskBasic('token', maskProvided(secret))
})

/** What is not seen, or seen as a blank. */
const UNSEEN = {
  'a line end': '\n',
  'a line end of MIME': '\r\n',
  'a folded header': '\r\n ',
  'a blank': ' ',
  'a tab': '\t',
  'a null': '\0',
  'a no-break space': '\u00a0',
  'a soft hyphen': '\u00ad',
  'a zero-width space': '\u200b',
  'a word joiner': '\u2060',
  'a byte order mark': '\ufeff',
  'a variation selector': '\ufe0f',
  'a tag character': '\u{e0041}',
  'a mark over a letter': '\u0336',
  'a change of direction': '\u202e',
  'bytes that are no text': '\ufffd',
}

/** What a browser, a terminal or the runner does not show, or what a format adds where it ends a line. */
const MARKUP = {
  '<wbr>': '<wbr>',
  'tags with attributes': '</b><b class="x">',
  '&shy;': '&shy;',
  '&#8203;': '&#8203;',
  'an escaped soft hyphen': '\\u00ad',
  'an encoded line end': '%0D%0A',
  'a command of the runner': '\n::add-mask::',
  'a command with a property': '\n::error file=a::',
  'an old command of the runner': '\n##[error]',
  'a color of a terminal': '\u001b[31m',
  'a soft line end of quoted-printable': '=\r\n',
  'a continued line': '\\\n',
  'a quoted line': '\n> ',
}

/** How a text of a server is shown, by the place where it is read. */
const SHOWN: Readonly<Record<string, (text: string) => string | undefined>> = {
  'any text': printable,
  'a message in JSON': (text) => parseErrorBody(JSON.stringify({ message: `denied: ${text} (token)` })).message,
  'the code of an error': (text) => parseErrorBody(JSON.stringify({ code: `denied: ${text} (token)` })).code,
  'an HTML page': (text) => parseErrorBody(`<html><p>denied: ${text} (token)</p>`).message,
  'a condition of Kubernetes': (text) => joinReasons('Failed', ` denied: ${text} `),
}

const letters = (text: string) => text.replace(/[^A-Za-z0-9]/g, '')

/** Eight letters or digits of the secret in a row, except those of the edges that base64 shares with what surrounds it. */
function remainsOf(encoded: string, shown: string): string[] {
  const [all, seen] = [letters(encoded), letters(shown)]
  const starts = Array.from({ length: Math.max(0, all.length - 15) }, (_, start) => start + 4)
  return starts.map((start) => all.slice(start, start + 8)).filter((part) => seen.includes(part))
}

/** The characters, escapes and tags of a text in pieces: of one length, or of any. */
function pieces(units: readonly string[], lengths: readonly number[]): string[] {
  const found: string[] = []
  for (let start = 0, n = 0; start < units.length; n++) {
    const end = start + (lengths[n % lengths.length] ?? 1)
    found.push(units.slice(start, end).join(''))
    start = end
  }
  return found
}

const ESCAPE = /<[^<>]*>|(?:%(?:25)*[\da-f]{2})+|%|\\+(?:u[\da-f]{4}|.)|&#?\w+;|[\s\S]/gi

const lengths = fc.oneof(
  fc.constantFrom([1], [20], [60], [64], [76]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
)

interface Echo {
  readonly encode: (secret: string) => string
  readonly interruption: string
  readonly split: (encoded: string) => readonly string[]
}

function expectHidden({ encode, interruption, split }: Echo): void {
  const places = fc.constantFrom(...Object.keys(SHOWN))
  // Who decodes such an interruption decodes the %41 of the secret as well.
  const secrets = SECRETS.filter((secret) => !(interruption.startsWith('%') && secret.includes('%')))
  fc.assert(
    fc.property(fc.constantFrom(...secrets), lengths, places, (secret, cuts, place) => {
      const encoded = encode(secret)
      const shown = SHOWN[place]?.(pieces(split(encoded), cuts).join(interruption)) ?? ''
      expect(shown).toContain('***')
      expect({ shown, remains: remainsOf(encoded, shown) }).toMatchObject({ remains: [] })
    }),
    { numRuns: 40 },
  )
}

describe.each(Object.entries(ENCODINGS))('a secret in %s', (_, encode) => {
  it.each(Object.entries(UNSEEN))('is not shown when it is interrupted by %s, also in an escape', (_, interruption) => {
    expectHidden({ encode, interruption, split: (encoded) => [...encoded] })
  })

  it.each(Object.entries(MARKUP))('is not shown when it is interrupted by %s', (_, interruption) => {
    expectHidden({ encode, interruption, split: (encoded) => encoded.match(ESCAPE) ?? [] })
  })
})

describe.each(Object.entries(TOKENS))('a long part of a secret in %s', (_, token) => {
  const encodings = Object.entries(ENCODINGS).filter(([name]) => !/twice|Basic/.test(name))

  it.each(encodings)('is not shown in %s, wherever it begins', (_, encode) => {
    const encoded = encode(token)
    fc.assert(
      fc.property(fc.nat(encoded.length - 40), fc.integer({ min: 24, max: 40 }), (start, length) => {
        const part = encoded.slice(start, start + length)
        fc.pre(letters(part.replace(/%../g, '')).length >= 22)
        // The edges of base64 depend on what surrounds it.
        expect(redact(`…${part}…`)).toMatch(/^…(?:%..|.){0,5}\*{3}(?:%..|.){0,5}…$/)
      }),
    )
  })

  it('is not shown where a server writes other characters between its parts', () => {
    for (const between of ['","', '" + "', '|', '…', ', ', '::', '/', '-'])
      expect(redact(`(${pieces([...token], [8, 3, 11]).join(between)})`)).toMatch(/^\(.?\*{3}.?\)$/)
  })

  it('is not shown when it is split over the code and the message of an error', () => {
    const most = Math.min(token.length, 400)
    const text = token.slice(0, most)
    for (let at = 1; at < most; at++) {
      const halves = { code: text.slice(0, at), message: text.slice(at) }
      const { code, message } = parseErrorBody(JSON.stringify(halves))
      expect({ at, code, message }).toEqual({ at, code: '***', message: '***' })
      expect(joinReasons(halves.code, halves.message)).toBe('***: ***')
    }
  })
})

it('a long part of the private key in a JSON key is not shown', () => {
  expect(redact(`malformed key: …${KEY_LINE.slice(16, 56)}…`)).toMatch(/^malformed key: ….{0,3}\*{3}.{0,3}…$/)
})

describe('what is public', () => {
  const digests = Array.from({ length: 200 }, () => randomBytes(32).toString('hex'))
  const host = 'registry-2.eu-central-1.production.example.com'
  const eksHost = `${randomBytes(16).toString('hex').toUpperCase()}.gr7.us-west-2.eks.amazonaws.com`
  const cluster = 'mycluster-production/bvqjo4ud0m3ofqepf6p0'

  it('is shown, though a secret contains it', () => {
    const config = {
      clusters: { [cluster]: { server: `https://${eksHost}` } },
      auths: { [host]: { auth: TOKENS.base64url } },
    }
    quietly(() => {
      publish(['europe-docker2.pkg4.dev8.example'])
      maskProvided(JSON.stringify(config, undefined, 2))
      maskProvided(JSON.stringify(config))
      maskProvided(`jo:${host}:${randomBytes(24).toString('base64url')}:${randomBytes(24).toString('base64url')}`)
      maskProvided(`jo@europe-docker2.pkg4.dev8.example!${randomBytes(6).toString('hex')}`)
    })
    const text = `GET https://${eksHost}/ of ${cluster}: ${host} and europe-docker2.pkg4.dev8.example returned 401`
    expect(redact(text)).toBe(text)
  })

  it.each(globSync('docs/*.md'))('is shown: %s', (path) => {
    const text = readFileSync(path, 'utf8')
    expect(redact(text)).toBe(text)
  })

  it('is shown: digests and ids', () => {
    for (const digest of digests) expect(redact(`team/app@sha256:${digest}`)).toBe(`team/app@sha256:${digest}`)
    expect(redact('d9428888-122b-11e1-b85c-61cd3cbb3210')).toBe('d9428888-122b-11e1-b85c-61cd3cbb3210')
  })
})
