import { mask } from '../runner/mask.ts'

/** The characters of a header's value: https://www.rfc-editor.org/rfc/rfc6750#section-2.1, more generously. */
const HEADER_VALUE = /^[\x21-\x7e]+$/

/** A token without the spaces and line breaks around it, as kubectl reads one from a file; undefined when nothing is left. */
export function trimToken(text: string): string | undefined {
  return mask(text.trim()) || undefined
}

/** What makes a token unfit for a header, as it reads after "it …"; the text does not quote it. */
export function tokenProblem(token: string): string | undefined {
  if (HEADER_VALUE.test(token)) return undefined
  if (/[\r\n]/.test(token)) return 'has several lines'
  return /\s/.test(token) ? 'contains a space' : 'contains characters that no HTTP header can have'
}
