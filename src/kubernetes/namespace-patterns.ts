// Names, globs (`team-*`, `*`) and exclusions (`!team-x`) of namespaces.

interface Patterns {
  /** None: the namespace of the context. */
  readonly patterns: readonly string[]
  readonly selector: object | undefined
}

/** Whether a namespace may be a target of a context with the namespace `own`. Before its labels are read, a selector may match them. */
export function mayInclude({ patterns, selector }: Patterns, own: string, name: string): boolean {
  if (patterns.length === 0 && selector === undefined) return name === own
  const { isIncluded, isExcluded } = filterOf(patterns)
  return isIncluded(name) && !isExcluded(name)
}

export function filterOf(patterns: readonly string[]) {
  const included = includedIn(patterns)
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  return {
    isIncluded: (name: string) => included.length === 0 || included.some((pattern) => matches(name, pattern)),
    isExcluded: (name: string) => excluded.some((pattern) => matches(name, pattern)),
  }
}

export function includedIn(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !pattern.startsWith('!'))
}

export function isGlob(pattern: string): boolean {
  return pattern.includes('*')
}

/**
 * Whether a glob matches a name; `*` stands for any number of characters. The literal parts are searched for from left to
 * right, each behind the one before it. This never backtracks, unlike a regular expression with several `.*`.
 */
function matches(name: string, glob: string): boolean {
  const [prefix = '', ...rest] = glob.split('*')
  const suffix = rest.pop()
  if (suffix === undefined) return name === glob
  const end = name.length - suffix.length
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false
  let from = prefix.length
  for (const part of rest) {
    const index = name.indexOf(part, from)
    if (index < 0) return false
    from = index + part.length
  }
  return from <= end
}
