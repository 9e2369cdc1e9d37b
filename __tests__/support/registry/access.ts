// What a bearer token of the registry may do.

/** One entry of the claim `access`. */
export interface Access {
  readonly type: 'repository'
  readonly name: string
  readonly actions: readonly string[]
}

/** Scopes as they are asked for: `repository:team/app:pull,push`, several of them in one text between spaces. */
export function parseScopes(scopes: readonly string[]): readonly Access[] {
  return scopes
    .flatMap((scope) => scope.split(' '))
    .flatMap((scope) => {
      const [, name, actions] = /^repository:(.+):([a-z*,]+)$/.exec(scope) ?? []
      return name === undefined || actions === undefined
        ? []
        : { type: 'repository', name, actions: actions.split(',') }
    })
}

/** What is left of the access asked for. An entry without any action left is dropped: that is no error. */
export function intersect(
  asked: readonly Access[],
  allowed: (repository: string) => readonly string[],
): readonly Access[] {
  return asked
    .map((access) => ({ ...access, actions: access.actions.filter((action) => allowed(access.name).includes(action)) }))
    .filter(({ actions }) => actions.length > 0)
}

export function mayDo(granted: unknown, repository: string, action: string): boolean {
  return (granted as readonly Access[]).some(({ name, actions }) => name === repository && actions.includes(action))
}
