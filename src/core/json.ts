/** What a server sent, seen as an object; anything else is an empty one. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** What a server sent, seen as a list of objects; anything else is an empty one. */
export function asObjects(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asObject) : []
}

/** What a server sent, where only a text that says something will do. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The claims of a JWT, unverified: empty when it is none. */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}

/** When a JWT with these claims ends: `exp`, in seconds. */
export function expiryOf({ exp }: Readonly<Record<string, unknown>>): Date | undefined {
  const end = new Date(typeof exp === 'number' ? exp * 1000 : Number.NaN)
  return Number.isNaN(end.getTime()) ? undefined : end
}
