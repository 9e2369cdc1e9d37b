import { createHmac, createSign, createVerify, timingSafeEqual } from 'node:crypto'

export type Claims = Readonly<Record<string, unknown>>

/** A JWT signed with a shared secret, as the UAA's and the registry's tokens are. */
export function signHs256(claims: Claims, secret: string | Buffer): string {
  const content = encode({ alg: 'HS256', typ: 'JWT' }, claims)
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

/** @returns the claims of a token that this secret signed and that has not ended; else undefined */
export function verifyHs256(token: string, secret: string | Buffer): Claims | undefined {
  const [content, signature] = split(token)
  const expected = createHmac('sha256', secret).update(content).digest()
  const given = Buffer.from(signature, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected) ? living(content) : undefined
}

/** @param x5c the signing certificate, base64 DER, by which the registry finds its trust */
export function signRs256(claims: Claims, key: string, x5c: string): string {
  const content = encode({ alg: 'RS256', typ: 'JWT', x5c: [x5c] }, claims)
  return `${content}.${createSign('sha256').update(content).sign(key, 'base64url')}`
}

/** @param certificate PEM of the one signer that is trusted */
export function verifyRs256(token: string, certificate: string): Claims | undefined {
  const [content, signature] = split(token)
  const isSigned = createVerify('sha256').update(content).verify(certificate, signature, 'base64url')
  return isSigned ? living(content) : undefined
}

function encode(...parts: readonly object[]): string {
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}

function split(token: string): [content: string, signature: string] {
  const dot = token.lastIndexOf('.')
  return [token.slice(0, Math.max(dot, 0)), token.slice(dot + 1)]
}

function living(content: string): Claims | undefined {
  const claims = JSON.parse(Buffer.from(content.split('.')[1] ?? '', 'base64url').toString()) as Claims
  return typeof claims.exp === 'number' && claims.exp * 1000 <= Date.now() ? undefined : claims
}

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
