/** Whether a parsed value is an object, and not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is a number with more digits than JavaScript keeps: https://github.com/tc39/proposal-json-parse-with-source. */
export function isRawJson(value: unknown): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value)
}

/** An object that a server sent; anything else becomes an empty object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** A list of objects that a server sent; anything else becomes an empty list. */
export function asObjects(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asObject) : []
}

/** A non-empty string that a server sent; anything else becomes undefined. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A text or a number that a server sent, as text; anything else becomes an empty text. `String` throws for `{"toString":1}`. */
export function asName(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** @see https://pkg.go.dev/encoding/json#HTMLEscape which Go's json.Marshal applies */
export function escapeLikeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
