// How the runner hides secrets in a log: https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/SecretMasker.cs

export class SecretMasker {
  readonly #values = new Set<string>()

  /**
   * A value and each of its lines, as `::add-mask::` adds them: ActionCommandManager.cs in actions/runner.
   * @returns what it added
   */
  addMask(value: string): string[] {
    if (value.trim() === '') return []
    const lines = value.split(/[\r\n]/).map((line) => line.trim())
    const added = [...new Set([value, ...lines])].filter((part) => part !== '')
    for (const part of added) this.#addValue(part)
    return added
  }

  #addValue(value: string): void {
    for (const encoded of [value, ...ENCODERS.map((encode) => encode(value))])
      if (encoded !== '') this.#values.add(encoded)
  }

  /** Overlapping and touching secrets become one `***`. */
  maskSecrets(text: string): string {
    const ranges = [...this.#values]
      .flatMap((value) => occurrences(text, value))
      .sort((one, other) => one.start - other.start)
    let masked = ''
    let end = -1
    for (const range of ranges) {
      if (range.start > end) masked += `${text.slice(Math.max(end, 0), range.start)}***`
      end = Math.max(end, range.end)
    }
    return masked + text.slice(Math.max(end, 0))
  }
}

type Encoder = (value: string) => string

/**
 * In the order of https://github.com/actions/runner/blob/main/src/Runner.Common/HostContext.cs; what they do is in
 * https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs
 */
const ENCODERS: readonly Encoder[] = [
  (value) => base64(value, 0),
  (value) => base64(value, 1),
  (value) => base64(value, 2),
  // CommandLineArgumentEscape
  (value) => value.replaceAll('"', '\\"'),
  // ExpressionStringEscape
  (value) => value.replaceAll("'", "''"),
  jsonEscape,
  uriDataEscape,
  xmlDataEscape,
  trimDoubleQuotes,
  (value) => long(beforeAmpersand(value)),
  (value) => long(afterAmpersand(value)),
]

/** The secret may start at any of the three bytes of a group. */
function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value)
  return bytes.subarray(bytes.length > shift ? shift : 0).toString('base64')
}

/** Newtonsoft's `JsonConvert.ToString`, which escapes more line ends than `JSON.stringify`. */
function jsonEscape(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** .NET's `Uri.EscapeDataString` */
function uriDataEscape(value: string): string {
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, percent)
}

/** .NET's `SecurityElement.Escape` */
function xmlDataEscape(value: string): string {
  return value.replace(/[<>"'&]/g, (character) => XML[character] ?? character)
}

const XML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' }

function trimDoubleQuotes(value: string): string {
  return value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : ''
}

/** PowerShell prints a command that failed in two parts. */
function beforeAmpersand(value: string): string {
  const plus = value.indexOf('&+')
  return plus === -1 ? value.slice(0, value.lastIndexOf('&') + 1) : value.slice(0, plus + 2)
}

function afterAmpersand(value: string): string {
  const plus = value.indexOf('&+')
  if (plus !== -1) return value.slice(plus + 3)
  return value.includes('&') ? value.slice(value.lastIndexOf('&') + 1) : ''
}

function long(section: string): string {
  return section.length >= 6 ? section : ''
}

function occurrences(text: string, value: string): { start: number; end: number }[] {
  const found = []
  for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + 1)) {
    found.push({ start, end: start + value.length })
  }
  return found
}
