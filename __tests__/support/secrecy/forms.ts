// The forms in which a text can contain a secret.

export interface Form {
  /** Completes "… of the secret". */
  readonly name: string
  readonly text: string
}

/** Shorter texts appear by chance. */
export const MIN_LENGTH = 8

/** Each form once, by its first name, and only those that are long enough. */
export function formsOf(secret: string): Form[] {
  const forms = new Map<string, string>()
  for (const [name, text] of allForms(secret)) if (text.length >= MIN_LENGTH && !forms.has(text)) forms.set(text, name)
  return [...forms].map(([text, name]) => ({ name, text }))
}

type NamedText = readonly [name: string, text: string]

function* allForms(secret: string): Generator<NamedText> {
  yield ['the text', secret]
  // No escaping changes a token.
  if (!/^[\w.-]+$/.test(secret)) {
    yield ['white space joined', secret.trim().replace(/\s+/g, ' ')]
    yield ['without tags', secret.replace(/<[^<>]*>/g, ' ').trim()]
    yield* escapedForms(secret)
  }
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const skip of [0, 1, 2]) yield [`${encoding} at offset ${skip}`, insideBase64(secret, skip, encoding)]
  }
  yield ['hexadecimal', Buffer.from(secret).toString('hex')]
  for (const part of partsOf(secret)) yield ['a part', part]
}

/** What others write, so that it means the same to its reader. */
export function* escapedForms(secret: string): Generator<NamedText> {
  const json = JSON.stringify(secret).slice(1, -1)
  yield ['JSON', json]
  // https://pkg.go.dev/encoding/json#HTMLEscape
  yield ['JSON as Go writes it', json.replace(/[<>&\u2028\u2029]/g, unicodeEscape)]
  yield ['JSON in ASCII', json.replace(/[\u007f-\uffff]/g, unicodeEscape)]
  yield ['JSON with escaped slashes', json.replaceAll('/', '\\/')]
  for (const [name, encode] of PERCENT) {
    const encoded = encode(secret.toWellFormed())
    yield [name, encoded]
    yield [`${name} in lower case`, encoded.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())]
  }
  for (const [name, entities] of ENTITIES) {
    yield [name, secret.replace(/[&<>"']/g, (character) => entities[character] ?? character)]
  }
}

const PERCENT: readonly (readonly [string, (text: string) => string])[] = [
  ['a URI component', encodeURIComponent],
  ['a URI component by RFC 3986', (text) => encodeURIComponent(text).replace(/[!'()*]/g, percent)],
  ['a form field', (text) => new URLSearchParams({ '': text }).toString().slice(1)],
]

const BASIC = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const ENTITIES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['XML', { ...BASIC, '"': '&quot;', "'": '&apos;' }],
  ['HTML', { ...BASIC, '"': '&quot;', "'": '&#39;' }],
  ['HTML with hexadecimal entities', { ...BASIC, '"': '&quot;', "'": '&#x27;' }],
  // https://pkg.go.dev/html#EscapeString
  ['HTML as Go writes it', { ...BASIC, '"': '&#34;', "'": '&#39;' }],
  ['HTML with angle brackets only', { '<': '&lt;', '>': '&gt;' }],
]

/** The groups of three bytes that lie inside the secret: the others depend on the bytes around it. */
function insideBase64(secret: string, skip: number, encoding: 'base64' | 'base64url'): string {
  const bytes = Buffer.from(secret).subarray(skip)
  return bytes.subarray(0, bytes.length - (bytes.length % 3)).toString(encoding)
}

const PART_LENGTH = 32

/** What a message shows that is cut off inside of a token. The header of a JWT is the same in many of them. */
function partsOf(secret: string): string[] {
  if (!/^[\w.~+/=-]+$/.test(secret)) return []
  const start = secret.startsWith('eyJ') ? secret.indexOf('.') + 1 : 0
  const count = Math.floor((secret.length - start) / PART_LENGTH)
  const parts = Array.from({ length: count }, (_, n) => secret.slice(start + n * PART_LENGTH).slice(0, PART_LENGTH))
  return count > 1 ? parts : []
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
