import { type HttpResponse, header } from '../http/response.ts'

/**
 * One challenge of a `WWW-Authenticate` header: how a server wants clients to log in.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11
 */
export interface Challenge {
  /** In lower case: `bearer` or `basic`. */
  readonly scheme: string
  /** By name in lower case: `realm`, `service`, `scope`, `error`. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/** The challenge of a 401 response. Bearer is preferred: with Basic the password itself goes to the registry. */
export function challengeOf(response: HttpResponse): Challenge | undefined {
  const challenges = response.status === 401 ? parseChallenges(header(response, 'www-authenticate') ?? '') : []
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges[0]
}

/**
 * Parses a `WWW-Authenticate` header with one or more challenges. It accepts what real registries send beyond the
 * grammar of RFC 9110: any whitespace around `,` and `=`, empty list elements, and a missing closing quote at the end.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { readonly scheme: string; readonly parameters: Record<string, string> }[] = []
  // Matches `name = value`, or a token without `=`, which is the next scheme.
  const token = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/g
  for (const [, name = '', quoted, plain] of header.matchAll(token)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    const current = challenges.at(-1)
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} })
    else if (current !== undefined) current.parameters[name.toLowerCase()] = value
  }
  return challenges
}
