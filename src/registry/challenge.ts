/** How a registry wants to be asked, from `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case: `bearer` or `basic`. */
  readonly scheme: string
  /** By name in lower case: `realm`, `service`, `scope`, `error`. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/**
 * Reads a `WWW-Authenticate` header of one or several challenges, tolerantly: spaces around commas and `=`, any case,
 * commas and escapes inside quotes, a last quote that never closes.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { readonly scheme: string; readonly parameters: Record<string, string> }[] = []
  // Either `name = value`, or a word that no `=` follows: the next scheme.
  const token = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/g
  for (const [, word = '', quoted, plain] of header.matchAll(token)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    const current = challenges.at(-1)
    if (value === undefined) challenges.push({ scheme: word.toLowerCase(), parameters: {} })
    else if (current !== undefined) current.parameters[word.toLowerCase()] = value
  }
  return challenges
}
