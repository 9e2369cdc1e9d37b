/** People encode twice when a tool encodes for them. */
const MAX_DEPTH = 2

/**
 * The first text that is meant, of those that a value is the base64 of: on one line or wrapped, in quotes, encoded twice, or made from
 * UTF-16, as PowerShell does. The names of files are often made of the same characters, so the caller says what is meant.
 * https://www.rfc-editor.org/rfc/rfc4648#section-4
 * @returns undefined when the value is not base64 of such a text
 */
export function decodeBase64(value: string, isMeant: (text: string) => boolean): string | undefined {
  let text: string | undefined = value
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    text = decodeOnce(text)
    if (text === undefined || isMeant(text)) return text
  }
  return undefined
}

function decodeOnce(value: string): string | undefined {
  const digits = value.replaceAll(/\s|^\s*["']|["']\s*$/g, '')
  return /^[\w+/-]{16,}={0,2}$/.test(digits) ? textOf(Buffer.from(digits, 'base64')) : undefined
}

/** Text in UTF-8, or in UTF-16 as Windows PowerShell writes it; undefined when it is neither. */
export function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** By its byte order mark, or the second byte of an ASCII character. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes.length > 1 && bytes[0] !== 0 && bytes[1] === 0)
}
