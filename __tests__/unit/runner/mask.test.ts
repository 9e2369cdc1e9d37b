import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { mask, maskBasic, maskKept, maskProvided, publish, redact } from '../../../src/runner/mask.ts'
import { ENCODINGS, PASSWORDS } from '../../support/encodings.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { applyMasks } from '../../support/runner/log.ts'

/** A masked secret stays masked until the process ends: each test has its own. */
const newSecret = (tail = '') => randomBytes(12).toString('hex') + tail
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What is registered with the runner meanwhile. */
function masksOf(act: () => unknown): readonly string[] {
  using captured = captureLog()
  act()
  return [...new Set(captured.log.masks)]
}

const KINDS = { provided: maskProvided, found: mask }

describe.each(Object.entries(KINDS))('a %s secret', (_, register) => {
  it('is registered with the runner, and returned', () => {
    const secret = newSecret()
    const masks = masksOf(() => expect(register(secret)).toBe(secret))
    expect(masks[0]).toBe(secret)
    // Base64 at each of its three offsets.
    expect(masks).toHaveLength(4)
    for (const before of ['', '.', '..']) {
      expect(applyMasks(base64(`${before}${secret}".."`), masks)).toMatch(/^.{0,4}\*{3}.{0,8}$/)
    }
    expect(masksOf(() => register(secret))).toEqual([])
  })

  it.each(['', ' ', '\n', '          '])('is ignored when it is blank: %j', (nothing) => {
    expect(masksOf(() => register(nothing))).toEqual([])
    expect(redact(`a${nothing}b`)).toBe(`a${nothing}b`)
  })

  it('of several lines is registered in forms of one line only', () => {
    const secret = `{\n  "type": "x",\n  "private_key": "${newSecret()}"\n}\n`
    const masks = masksOf(() => register(secret))
    expect(masks.length).toBeGreaterThan(0)
    for (const line of ['{', '}', '"type": "x",', secret]) expect(masks).not.toContain(line)
    for (const form of masks) expect(form.length).toBeGreaterThan(20)
    expect(applyMasks(`{ ${JSON.stringify(secret)} ${base64(secret)} }`, masks)).toMatch(/^\{ "\*{3}" \*{3}=* \}$/)
  })

  it.each(['none', 'token', 'iamapikey', 'AWS', '_json_key', 'oauth2accesstoken', 'x-oauth-basic', 'namespace'])(
    'is not one that everyone knows: %s',
    (known) => {
      expect(masksOf(() => register(known))).toEqual([])
      expect(redact(`it is ${known}`)).toBe(`it is ${known}`)
    },
  )
})

describe('the runner', () => {
  // What is encoded twice, or depends on what surrounds it, only this action itself redacts.
  const encodings = Object.entries(ENCODINGS).filter(([name]) => !/twice|JSON in|after/.test(name))

  it.each(encodings)('hides a secret in %s from the log of the job', (_, encode) => {
    for (const password of PASSWORDS) {
      // Registered once in this process.
      const secret = `${password}${newSecret()}`
      const encoded = encode(secret)
      const masks = masksOf(() => maskBasic('token', maskProvided(secret)))
      expect(masks.every((form) => !/[\r\n]/.test(form))).toBe(true)
      expect(applyMasks(encoded, masks).replace(/=+$/, '')).toBe('***')
    }
  })

  it('learns of a secret and its Basic form', () => {
    const secret = newSecret('-')
    const masks = masksOf(() => expect(maskBasic('token', secret)).toBe(base64(`token:${secret}`)))
    expect(masks).toEqual(expect.arrayContaining([secret, base64(`token:${secret}`)]))
    expect(masks).not.toContain('token')
  })
})

describe('a secret that the workflow provides', () => {
  it('is masked as a whole, however short it is', () => {
    expect(masksOf(() => maskProvided('q7%'))).toEqual(['q7%'])
    expect(redact('it is q7%, not q7')).toBe('it is ***, not q7')
    expect(redact(base64('xq7%'))).toBe(base64('xq7%'))
  })

  it('is masked in an encoding of eight characters or more', () => {
    const masks = masksOf(() => maskProvided('p@$!'))
    expect(masks).toEqual(['p@$!', 'p%40%24!'])
    expect(applyMasks('password=p%40%24%21&x', masks)).toBe('password=***&x')
    expect(redact('password=p%40%24%21&x')).toBe('password=***&x')
  })
})

describe('a secret that is found elsewhere', () => {
  it.each(['e', 'kube', 'bx', 'e\na\no', '1234567', 'a\n\n\n\nb'])('is not masked when it is short: %j', (short) => {
    expect(masksOf(() => mask(short))).toEqual([])
    expect(masksOf(() => maskBasic('u', short)).join(' ')).not.toContain(short)
    expect(redact(`kubectl ${short}`)).toBe(`kubectl ${short}`)
  })

  it('is not masked when it equals what is known about it', () => {
    const [name, id] = [newSecret(), newSecret()]
    expect(masksOf(() => mask(name, 'a', name))).toEqual([])
    expect(masksOf(() => maskBasic(name, name))).not.toContain(name)
    publish([id])
    expect(masksOf(() => mask(id))).toEqual([])
    expect(redact(`${name} ${id}`)).toBe(`${name} ${id}`)
    expect(masksOf(() => maskProvided(id))).toContain(id)
  })

  it('is masked as it is only, when it is very long', () => {
    const long = randomBytes(20_000).toString('hex')
    expect(masksOf(() => mask(long)).map((form) => form === long)).toEqual([true])
    expect(redact(`<${long}>`)).toBe('<***>')
  })
})

describe('a secret that is kept as it is', () => {
  it('costs one line of the log, unless it is used later', () => {
    const kept = newSecret()
    expect(masksOf(() => maskKept(kept, []))).toEqual([kept])
    expect(redact(base64(`.${kept}.`))).toMatch(/^.{0,4}\*{3}.{0,4}$/)
    expect(masksOf(() => mask(kept))).toHaveLength(3)
  })
})

describe('a text', () => {
  it('is unchanged without a secret', () => {
    const text = 'The registry returned 401: token expired.\n::notice::\u{1F600} %20 &lt; \\u0041'
    expect(redact(text)).toBe(text)
  })
})
