import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from '../../../src/inputs/quote.ts'

const DIGEST = `@sha256:${'0a'.repeat(16)}`
const HOSTS = ['ghcr.io', 'harbor.example.com:5000', '[::1]:5000', 'ghcr.io/acme/app:1', `ghcr.io/acme${DIGEST}`]

describe('a quoted value', () => {
  it.each(['', 'https://', 'http://', 'ftp://', '//'])('hides a login after "%s"', (scheme) => {
    // After `jo:`, two slashes make a URL.
    const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' })
    const password = text.filter((secret) => !secret.startsWith('//'))
    fc.assert(
      fc.property(password, fc.constantFrom(...HOSTS), (secret, host) => {
        expect(quote(`${scheme}jo:${secret}@${host}`)).toBe(`"${scheme}***@${host}"`)
      }),
    )
  })

  it('hides a login without a password after a scheme', () => {
    expect(quote('https://a-token@ghcr.io')).toBe('"https://***@ghcr.io"')
  })

  it.each([
    'jo@example.com',
    'ghcr.io/acme/app:1',
    `acme/app${DIGEST}`,
    `acme/app:1${DIGEST}`,
    `harbor.example.com:5000/acme/app:1${DIGEST}`,
    'acme/app@sha256:1',
    'https://ghcr.io/a',
    'kubernetes-admin@kubernetes',
    'arn:aws:eks:eu-west-1:1:cluster/lab',
  ])('shows %s', (value) => {
    expect(quote(value)).toBe(`"${value}"`)
  })

  it('hides a long value', () => {
    expect(quote('a'.repeat(81))).toBe('a text of 81 characters')
  })
})
