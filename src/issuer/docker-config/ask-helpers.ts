import { getCredential, type HelperOptions, listKeys } from './credential-helper.ts'
import type { ConfigEntry, EntryLogin } from './entry.ts'
import { findKey, type HostSource } from './select.ts'

/** A host that a credential helper is asked for. */
export type HelperSource = Extract<HostSource, { kind: 'helper' }>

/** What the helpers have for a host. */
export type AskedHost = Exclude<HostSource, { kind: 'helper' }>

/**
 * Asks the credential helpers for the credentials of hosts, all at the same time.
 * @throws ActionError `credential-helper-failed`
 */
export async function askHelpers(sources: readonly HelperSource[], options: HelperOptions): Promise<AskedHost[]> {
  const asked = await Promise.all(sources.map(async (source) => ({ source, entry: await ask(source, options) })))
  return asked.flatMap(({ source: { server, login, isRequested }, entry }): AskedHost[] => {
    const found = entry.kind === 'empty' ? (login ?? entry) : entry
    if (found.kind === 'login') return [{ kind: 'entry', server, login: found }]
    if (found.kind === 'identity-token') return [{ kind: 'identity-token', server }]
    return isRequested ? [{ kind: 'missing', server }] : []
  })
}

/** A helper may know a host by another key, such as its URL. */
async function ask(source: HelperSource, options: HelperOptions): Promise<ConfigEntry> {
  const { helper, key, login, isRequested } = source
  const entry = await getCredential(helper, key, options)
  if (entry.kind !== 'empty' || login !== undefined || !isRequested) return entry
  // Not every helper can list what it has: https://github.com/awslabs/amazon-ecr-credential-helper
  const keys = await listKeys(helper, options).catch(() => [])
  const other = findKey(keys, key)
  return other === undefined || other === key ? entry : await getCredential(helper, other, options)
}

/**
 * The hosts that only the credentials store knows.
 * @param known the keys that are asked for already
 * @param serverOf the host to write for a key; undefined: nodes cannot use it
 * @throws ActionError `credential-helper-failed`
 */
export async function listStore(
  store: string,
  { known, serverOf }: { readonly known: readonly string[]; readonly serverOf: (key: string) => string | undefined },
  options: HelperOptions,
): Promise<HelperSource[]> {
  const keys = (await listKeys(store, options)).filter((key) => !known.includes(key))
  return keys.flatMap((key) => {
    const server = serverOf(key)
    return server === undefined
      ? []
      : [{ kind: 'helper', server, key, helper: store, login: undefined as EntryLogin | undefined, isRequested: false }]
  })
}
