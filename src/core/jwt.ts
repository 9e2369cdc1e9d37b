import { asObject } from './json.ts'

/** The claims of a JWT, unverified; empty when `jwt` is not one: https://www.rfc-editor.org/rfc/rfc7519#section-3 */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}

/** The time of the claim `exp`, which counts seconds: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
export function expiryOf({ exp }: Readonly<Record<string, unknown>>): Date | undefined {
  const expiry = new Date(typeof exp === 'number' ? exp * 1000 : Number.NaN)
  return Number.isNaN(expiry.getTime()) ? undefined : expiry
}

/** Whether a value has the form of a signed JWT: https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
export function isJwt(value: unknown): value is string {
  return typeof value === 'string' && /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
}
