import type { Unusable, Usable } from '../pull-secret/targets.ts'

/** What a login has to be allowed in one namespace. */
export interface Right {
  readonly verb: string
  /** Empty is the core group. */
  readonly group: string
  /** Plural, as in a Role. */
  readonly resource: string
  /** Of the one object that is meant, for Roles with `resourceNames`; absent: any. */
  readonly name?: string
}

/** What is to be written to a target. */
interface Wanted {
  /** Of the pull secret. */
  readonly name: string
  /** Names; `*` is all. */
  readonly serviceAccounts: readonly string[]
}

/**
 * What it still takes to bring the pull secret to a target, and into its service accounts. Nothing where it is already: a
 * run that has nothing to write asks nothing. Where it could not be read, all of it may be missing.
 * @param tokenId of the credential that is to be written; undefined: a new one
 */
export function rightsToWrite(
  target: Usable | Unusable,
  { name, serviceAccounts }: Wanted,
  tokenId: string | undefined,
): Right[] {
  const stored = 'stored' in target ? target.stored : undefined
  if (tokenId !== undefined && stored?.kind === 'present' && stored.provenance?.tokenId === tokenId) return []
  const verbs = stored?.kind === 'present' ? ['get', 'patch'] : ['get', 'create', 'patch']
  const account = { group: '', resource: 'serviceaccounts' }
  return [
    ...verbs.map((verb) => ({ verb, group: '', resource: 'secrets', name })),
    ...(serviceAccounts.includes('*')
      ? ['get', 'list', 'patch'].map((verb) => ({ verb, ...account }))
      : serviceAccounts.flatMap((one) => ['get', 'patch'].map((verb) => ({ verb, ...account, name: one })))),
  ]
}

/** `create and patch secrets, and patch serviceaccounts`. */
export function describeRights(rights: readonly Right[]): string {
  const parts = [...byResource(rights)].map(([resource, verbs]) => `${join([...verbs])} ${resource.split('/')[1]}`)
  return parts.join(', and ')
}

/** The rules of a Role that gives these rights. */
export function rulesOf(rights: readonly Right[]): Record<'apiGroups' | 'resources' | 'verbs', string[]>[] {
  return [...byResource(rights)].map(([key, verbs]) => {
    const [group = '', resource = ''] = key.split('/')
    return { apiGroups: [group], resources: [resource], verbs: [...verbs] }
  })
}

function byResource(rights: readonly Right[]): Map<string, Set<string>> {
  const verbs = new Map<string, Set<string>>()
  for (const { verb, group, resource } of rights) {
    const key = `${group}/${resource}`
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb))
  }
  return verbs
}

function join(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
