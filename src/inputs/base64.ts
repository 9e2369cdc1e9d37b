/**
 * The text that a value is the base64 of, on one line or wrapped; undefined when it is not base64 of text. The names of files are often
 * made of the same characters, so the caller checks what the text is.
 * https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function decodeBase64(value: string): string | undefined {
  const digits = value.replaceAll(/\s/g, '')
  if (!/^[\w+/-]{16,}={0,2}$/.test(digits)) return undefined
  const text = new TextDecoder('utf-8', { fatal: true })
  try {
    return text.decode(Buffer.from(digits, 'base64'))
  } catch {
    return undefined
  }
}
