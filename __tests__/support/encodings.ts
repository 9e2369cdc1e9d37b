// How servers write what they received: the encodings of their languages, formats and pages.

const base64 = (text: string) => Buffer.from(text).toString('base64')
const hexOf = (char: string) => char.charCodeAt(0).toString(16)
const escaped = (text: string, pattern: RegExp, by: (char: string) => string) => text.replace(pattern, by)
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
const lowerCase = (text: string) => text.replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())
const html = (entityOf: (char: string) => string) => (text: string) => escaped(text, /[&<>"']/g, entityOf)

export const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  JSON: json,
  "Go's JSON": (text) => escaped(json(text), /[<>&]/g, (char) => `\\u00${hexOf(char)}`),
  'JSON in ASCII': (text) => escaped(json(text), /[^\x20-\x7e]/g, (char) => `\\u${hexOf(char).padStart(4, '0')}`),
  'JSON in JSON': (text) => json(json(text)),
  'a URL': encodeURIComponent,
  'a URL in lower case': (text) => lowerCase(encodeURIComponent(text)),
  'a URL, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'a form': form,
  'a form in lower case': (text) => lowerCase(form(text)),
  "Go's HTML": html((char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;' })[char] ?? '&#39;'),
  "Python's HTML": html((char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#x27;'),
  base64,
  'base64 after one character': (text) => base64(`:${text}`).slice(2),
  'base64 after two characters': (text) => base64(`::${text}`).slice(3),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'Basic authentication': (text) => base64(`token:${text}`),
  'JSON in base64': (text) => base64(`{"password":"${json(text)}`).slice(19),
}

/** Passwords that are changed by at least one of the encodings. */
export const PASSWORDS = [
  'Correct horse, battery & staple!',
  'p<b>ss</b>w?rd  "quoted" \'single\'',
  'back\\slash/and%41+plus~tilde*(x)',
  'Grüße-\u{1F511}-Ωmega-pässword',
  'eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0._a-b~c?d>e',
  '{"type": "service_account"}{"private_key": "-----BEGIN"}',
] as const

/** What a reader could recognize the secret by: six characters of it in a row, from anywhere but its ends in base64. */
export function remainsOf(secret: string, encoded: string, shown: string): string[] {
  const found = new Set<string>()
  const inner = encoded === secret ? secret : encoded.slice(4, -4)
  for (let start = 0; start + 6 <= inner.length; start++) {
    const part = inner.slice(start, start + 6)
    if (shown.includes(part)) found.add(part)
  }
  return [...found]
}
