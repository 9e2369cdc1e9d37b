import type { Credential } from '../policy/credential.ts'
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
  const { servers, username } = inputs.registry
  const login = { username, password: credential.password }
  const suggestions = new Map<string, Promise<string | undefined>>()
  return async (name) => {
    const server = servers.find((one) => matchesImage(one, name))
    const image = referenceOf(name)
    if (server === undefined || image === undefined) return undefined
    const known = suggestions.get(name)
    if (known !== undefined || suggestions.size === MAX_LOOKUPS) return await known
    const listRepositories = repositoryLister(context, credential)
    const suggestion = suggestImageAt(send, { server, login, image, listRepositories })
    suggestions.set(name, suggestion)
    return await suggestion
  }
}
