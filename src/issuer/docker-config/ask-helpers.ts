import { getCredential, type HelperOptions, listKeys } from './credential-helper.ts'
import type { ConfigEntry } from './entry.ts'
import { type FoundHost, findKey, type HelperSource, hostOf } from './select.ts'

/**
 * Asks the credential helpers for the credentials of hosts, all at the same time. The first one that fails ends the others.
 * @throws ActionError `credential-helper-failed`, or that of the signal
 */
export async function askHelpers(
  sources: readonly HelperSource[],
  { environment, signal }: HelperOptions,
): Promise<FoundHost[]> {
  const finished = new AbortController()
  const options = { environment, signal: AbortSignal.any([signal, finished.signal]) }
  try {
    const entries = await Promise.all(sources.map((source) => ask(source, options)))
    return sources.flatMap(({ server, isRequested }, index) => {
      const found = hostOf(server, entries[index] ?? { kind: 'empty' })
      return found.kind === 'missing' && !isRequested ? [] : [found]
    })
  } finally {
    finished.abort()
  }
}

/** What the helper has, else what the config has. */
async function ask({ helper, key, entry, isRequested }: HelperSource, options: HelperOptions): Promise<ConfigEntry> {
  const found = await getCredential(helper, key, options)
  if (found.kind !== 'empty') return found
  // A helper may know a host by another key, such as its URL.
  const other = isRequested && entry.kind !== 'login' ? await findOtherKey(helper, key, options) : undefined
  const foundByOther = other === undefined ? found : await getCredential(helper, other, options)
  return foundByOther.kind === 'empty' ? entry : foundByOther
}

async function findOtherKey(helper: string, key: string, options: HelperOptions): Promise<string | undefined> {
  const keys = await listKeys(helper, options).catch((error: unknown) => {
    if (options.signal.aborted) throw error
    // Not every helper can list what it has: https://github.com/awslabs/amazon-ecr-credential-helper
    return []
  })
  const other = findKey(keys, key)
  return other === key ? undefined : other
}
