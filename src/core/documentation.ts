import type { ErrorCode, WarningCode } from './error-codes.ts'

export const TROUBLESHOOTING =
  'https://github.com/registry-pull-secret/registry-pull-secret/blob/main/docs/troubleshooting.md'

/** The entry of an error or a warning in the documentation. */
export function documentationOf(code: ErrorCode | WarningCode): string {
  return `${TROUBLESHOOTING}#${code}`
}

const ACRONYMS = ['api', 'cli', 'id', 'oidc']

/** `registry-access-denied` as `Registry access denied`. */
export function titleOf(code: ErrorCode | WarningCode): string {
  const words = code.split('-').map((word) => (ACRONYMS.includes(word) ? word.toUpperCase() : word))
  return words.join(' ').replace(/^./, (letter) => letter.toUpperCase())
}
