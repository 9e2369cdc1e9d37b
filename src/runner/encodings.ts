import { escapeLikeGo } from '../core/json.ts'

/** Longer secrets are looked for as they are only: a stored one can have a megabyte. */
const MAX_ENCODED_LENGTH = 8192

/**
 * The forms of a secret that are registered with the runner, each on one line: the runner masks every line of a value for
 * itself, such as the `{` of a JSON key. It derives base64, JSON, URI and XML of a single line:
 * https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs
 */
export function runnerForms(secret: string): string[] {
  const isOneLine = !/[\r\n\u2028\u2029]/.test(secret)
  const json = JSON.stringify(secret).slice(1, -1)
  if (secret.length > MAX_ENCODED_LENGTH) return [isOneLine ? secret : json]
  const uri = encodeURIComponent(secret.toWellFormed())
  const form = formEncode(secret)
  const others = [
    uri,
    form,
    lowerCaseEscapes(form),
    lowerCaseEscapes(uri),
    escapeLikeGo(json),
    escapeHtml(secret, GO_HTML),
    escapeHtml(secret, PYTHON_HTML),
    Buffer.from(secret).toString('base64url'),
  ]
  const derived = [json, strictUri(uri), Buffer.from(secret).toString('base64')]
  const forms = isOneLine
    ? [secret, ...others.filter((one) => !derived.includes(one))]
    : [...derived, ...others, ...alignments(secret).map(({ base64 }) => base64), flat(secret)]
  return unique(forms.filter((one) => !/[\r\n\u2028\u2029]/.test(one)))
}

/** The forms in base64 of a longer text, such as a docker config: those that the runner derives end with the secret. */
export function innerForms(secret: string): string[] {
  if (secret.length > MAX_ENCODED_LENGTH) return []
  const json = escapeLikeGo(JSON.stringify(secret).slice(1, -1))
  return unique(alignments(json).map(({ inner }) => inner))
}

/**
 * The forms that a text can hold after its escapes are decoded: as it is, with other blanks, in base64, or in JSON in base64. JSON
 * itself is one of them: after a backslash its first letter would be decoded as an escape.
 */
export function plainForms(secret: string): string[] {
  if (secret.length > MAX_ENCODED_LENGTH) return [secret, secret.trim()]
  const json = JSON.stringify(secret).slice(1, -1)
  const texts = unique([secret, json, escapeLikeGo(json)])
  const encoded = texts
    .flatMap(alignments)
    .flatMap(({ base64, inner }) => [base64, inner, urlSafe(base64), urlSafe(inner)])
  return unique([...texts, secret.trim(), flat(secret), secret.replaceAll('\r\n', '\n'), plus(secret), ...encoded])
}

/** `encoded`: no part of it is public; `opaque`: all of it is secret, but may be made of words; `run`: of a longer text. */
export type PartKind = 'encoded' | 'opaque' | 'run'

/**
 * The forms of which a long part counts as the secret. A JSON key or a kubeconfig has public parts, such as hosts: of those, only
 * runs that look like base64 count.
 */
export function partForms(secret: string): { readonly text: string; readonly kind: PartKind }[] {
  if (secret.length > MAX_ENCODED_LENGTH) return []
  const isStructured = /^\s*[{[]|\S\s*[\r\n]\s*\S/.test(secret)
  // No server gets a whole kubeconfig, and its encoded forms would take more of the time of a run than its requests.
  if (isStructured) {
    const runs = (secret.match(/[A-Za-z0-9+/=_-]{40,}/g) ?? []).filter(isMixed)
    return runs.map((text) => ({ text, kind: 'run' }) as const)
  }
  const json = escapeLikeGo(JSON.stringify(secret).slice(1, -1))
  const encoded = unique([secret, json]).flatMap(alignments)
  return [
    { text: secret, kind: 'opaque' },
    ...encoded.map(({ base64 }) => ({ text: base64, kind: 'encoded' }) as const),
  ]
}

function isMixed(run: string): boolean {
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run)
}

/**
 * Inside a longer text, base64 groups its bytes by three: the secret starts at one of three offsets, and only the groups at
 * its edges depend on the bytes around it. https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
function alignments(secret: string): { readonly base64: string; readonly inner: string }[] {
  const all = Buffer.from(secret)
  return [0, 1, 2].map((skip) => {
    const bytes = all.subarray(skip)
    const base64 = bytes.toString('base64').slice(0, Math.ceil((bytes.length * 4) / 3))
    return { base64, inner: bytes.length % 3 === 0 ? base64 : base64.slice(0, -1) }
  })
}

/** https://www.rfc-editor.org/rfc/rfc4648#section-5 */
function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

/** As this action sends forms and queries: https://url.spec.whatwg.org/#urlencoded-serializing */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

/** What a decoder of a URL leaves of a form: a `+` stands for a blank. */
function plus(text: string): string {
  return text.replaceAll(' ', '+')
}

/** As the runner encodes it: https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function strictUri(uri: string): string {
  return uri.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function lowerCaseEscapes(uri: string): string {
  return uri.replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())
}

/** On one line, as HTML shows it. */
function flat(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** https://pkg.go.dev/html#EscapeString */
const GO_HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

/** https://docs.python.org/3/library/html.html#html.escape */
const PYTHON_HTML: Readonly<Record<string, string>> = { ...GO_HTML, '"': '&quot;', "'": '&#x27;' }

function escapeHtml(text: string, entities: Readonly<Record<string, string>>): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
