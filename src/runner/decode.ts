/** A text with some of its escapes decoded, and where each of its characters comes from. */
interface View {
  readonly text: string
  /** The position in the first text of each character, and of the end. Undefined in the first text itself. */
  readonly origins: readonly number[] | undefined
}

/** Half-open, by UTF-16 units. */
export interface Range {
  readonly start: number
  readonly end: number
}

interface Encoding {
  readonly pattern: RegExp
  readonly decode: (encoded: string) => string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const ENCODINGS: readonly Encoding[] = [
  {
    // URLs and forms, in UTF-8: https://www.rfc-editor.org/rfc/rfc3986#section-2.1
    pattern: /%[0-7][0-9a-f]|(?:%[89a-f][0-9a-f])+/gi,
    decode: (encoded) => Buffer.from(encoded.replaceAll('%', ''), 'hex').toString(),
  },
  {
    // JSON, and string literals of Go and Python: https://www.rfc-editor.org/rfc/rfc8259#section-7
    pattern: /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'\\/bfnrt])/g,
    decode: (encoded) =>
      encoded.length > 2
        ? String.fromCharCode(Number.parseInt(encoded.slice(2), 16))
        : (CONTROLS[encoded.slice(1)] ?? encoded.slice(1)),
  },
  {
    // HTML and XML: https://html.spec.whatwg.org/multipage/syntax.html#character-references
    pattern: /&(?:#\d{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos|nbsp);/gi,
    decode: (entity) => {
      const name = entity.slice(1, -1).toLowerCase()
      if (!name.startsWith('#')) return ENTITIES[name] ?? entity
      const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
      return String.fromCodePoint(code)
    },
  },
]

/** A server may encode what it received more than once, each time in another way. */
const MAX_DEPTH = 3

/** Finds ranges in a text: as it is, and with its escapes decoded. Each escape begins with one of three characters. */
export function findDecoded(text: string, find: (text: string) => readonly Range[]): Range[] {
  const ranges = [...find(text)]
  if (!/[%\\&]/.test(text)) return ranges
  const seen = new Set([text])
  let views: readonly View[] = [{ text, origins: undefined }]
  for (let depth = 0; depth < MAX_DEPTH && views.length > 0; depth++) {
    const next: View[] = []
    for (const view of views) {
      for (const encoding of ENCODINGS) {
        const decoded = decode(view, encoding)
        if (decoded === undefined || seen.has(decoded.text)) continue
        seen.add(decoded.text)
        next.push(decoded)
        ranges.push(...find(decoded.text).map((range) => originOf(range, decoded)))
      }
    }
    views = next
  }
  return ranges
}

function decode({ text, origins }: View, encoding: Encoding): View | undefined {
  const originAt = (position: number) => origins?.[position] ?? position
  const decodedOrigins: number[] = []
  let decoded = ''
  let done = 0
  const keepUntil = (end: number) => {
    for (let position = done; position < end; position++) decodedOrigins.push(originAt(position))
    decoded += text.slice(done, end)
  }
  for (const { 0: encoded, index } of text.matchAll(encoding.pattern)) {
    keepUntil(index)
    const characters = encoding.decode(encoded)
    for (let unit = 0; unit < characters.length; unit++) decodedOrigins.push(originAt(index))
    decoded += characters
    done = index + encoded.length
  }
  if (done === 0) return undefined
  keepUntil(text.length)
  decodedOrigins.push(originAt(text.length))
  return { text: decoded, origins: decodedOrigins }
}

/** The escapes as a whole that the range was decoded from. */
function originOf({ start, end }: Range, { origins = [] }: View): Range {
  const last = origins[end - 1] ?? 0
  let next = end
  while (next < origins.length - 1 && origins[next] === last) next++
  return { start: origins[start] ?? 0, end: origins[next] ?? 0 }
}
