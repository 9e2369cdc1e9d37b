import { asObject } from './json.ts'

/** The claims of a JWT, unverified; empty when `jwt` is not one: https://www.rfc-editor.org/rfc/rfc7519#section-3 */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}

/** The last one that RFC 3339 can write. A time after it is a mistake, such as milliseconds, and means no expiry. */
const MAX_TIME_MS = Date.UTC(9999, 11, 31)

/** The time of the claim `exp`, which counts seconds: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
export function expiryOf({ exp }: Readonly<Record<string, unknown>>): Date | undefined {
  const timeMs = typeof exp === 'number' ? exp * 1000 : Number.NaN
  return timeMs <= MAX_TIME_MS ? new Date(Math.max(timeMs, 0)) : undefined
}

/** Whether a value has the form of a signed JWT: https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
export function isJwt(value: unknown): value is string {
  return typeof value === 'string' && /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
}
