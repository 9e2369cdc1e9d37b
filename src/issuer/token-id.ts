import { ActionError } from '../core/errors.ts'
import { printable } from '../runner/log.ts'

/** No character of it has a meaning in a URL, so an id is always one segment of a path and never `.` or `..`. */
const TOKEN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/**
 * Whether a value has the form of a token id: 1 to 128 letters, digits, `.`, `_` and `-`, the first one a letter or a digit.
 * The ids of registry tokens are UUIDs, those of API keys are `ApiKey-` and a UUID.
 */
export function isTokenId(value: unknown): value is string {
  return typeof value === 'string' && TOKEN_ID.test(value)
}

/**
 * An id that may become a part of a URL.
 * @param operation as it reads after "Could not …"
 * @throws ActionError `invalid-token-id`
 */
export function requireTokenId(id: string, operation: string): string {
  if (isTokenId(id)) return id
  throw new ActionError('invalid-token-id', `Could not ${operation}: "${printable(id)}" is not an id`)
}
