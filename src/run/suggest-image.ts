import type { Credential } from '../policy/credential.ts'
import type { Login } from '../registry/client.ts'
import { matchesImage, referenceOf } from '../registry/reference.ts'
import { suggestImageAt } from '../registry/suggest-image.ts'
import type { SuggestImage } from '../workload/wait.ts'
import type { RunContext } from './context.ts'
import { repositoryLister } from './list-repositories.ts'

/** A run looks up this many of the images that its nodes do not find. */
const MAX_LOOKUPS = 5

/**
 * Suggests images in place of one that nodes do not find, each once. A registry is asked where the credential is for it, and
 * this run asks registries at all.
 */
export function imageSuggester(context: RunContext, credential: Credential): SuggestImage | undefined {
  const { send, inputs } = context
  if (!inputs.verify || credential.origin === 'planned') return undefined
  const suggestions = new Map<string, Promise<string | undefined>>()
  return async (name) => {
    const login = loginFor(name, credential)
    const image = referenceOf(name)
    if (login === undefined || image === undefined) return undefined
    const known = suggestions.get(name)
    if (known !== undefined || suggestions.size === MAX_LOOKUPS) return await known
    const listRepositories = repositoryLister(context, credential)
    const suggestion = suggestImageAt(send, { ...login, image, listRepositories })
    suggestions.set(name, suggestion)
    return await suggestion
  }
}

/** The login that nodes use for an image. */
function loginFor(
  image: string,
  { logins }: Credential,
): { readonly server: string; readonly login: Login } | undefined {
  return logins
    .flatMap(({ servers, ...login }) => servers.map((server) => ({ server, login })))
    .find(({ server }) => matchesImage(server, image))
}
