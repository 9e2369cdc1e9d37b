import { lookUpBriefly, type RequestLimits } from '../http/brief-lookup.ts'
import type { Send } from '../http/client.ts'
import { suggestionOf } from '../runner/suggestion.ts'
import { connectRegistry, type Login, type Registry, type RegistryRequest } from './client.ts'
import { type ImageReference, REPOSITORY, TAG } from './reference.ts'

/**
 * Lists repositories by another API than the registry's catalog, with a login of the issuer.
 * @param origin of the registry
 * @returns undefined where there is no such API
 */
export type ListRepositories = (origin: string, limits: RequestLimits) => Promise<readonly string[] | undefined>

export interface MissingImage {
  readonly login: Login
  readonly image: ImageReference
  /** Absent: the registry's catalog is used. */
  readonly listRepositories?: ListRepositories | undefined
}

/** Of a larger list, the beginning is enough; registries refuse more than this. */
const PAGE_SIZE = 1000
/** https://github.com/distribution/reference/blob/main/reference.go */
const MAX_REPOSITORY_LENGTH = 255

/**
 * One sentence about the tags that a repository has or, where it does not exist, about repositories with a similar name. Only
 * what `login` sees is listed. It does not fail, and it is safe to print.
 */
export async function suggestImage(registry: Registry, missing: MissingImage): Promise<string | undefined> {
  const { repository, reference } = missing.image
  return await lookUpBriefly(`tags of ${repository} at ${registry.host}`, async (limits) => {
    const tags = await listTags(registry, missing, limits)
    if (tags === undefined) return undefined
    if (tags.length === 0) return await suggestFrom(registry, missing, limits)
    return suggestionOf({ kind: `tags of ${repository}`, wanted: reference, names: tags, otherwise: 'last' })
  })
}

/** As `suggestImage`, for an image that a node did not find at a registry. */
export async function suggestImageAt(
  send: Send,
  { server, ...missing }: MissingImage & { readonly server: string },
): Promise<string | undefined> {
  return await lookUpBriefly(`images at registry ${server}`, async (limits) => {
    const registry = await connectRegistry((request) => send({ ...request, ...limits }), server)
    return await suggestImage(registry, missing)
  })
}

/** As `suggestImage`, for a repository that `login` must not pull from: it may not exist. */
export async function suggestRepository(registry: Registry, missing: MissingImage): Promise<string | undefined> {
  const what = `repositories like ${missing.image.repository} at ${registry.host}`
  return await lookUpBriefly(what, (limits) => suggestFrom(registry, missing, limits))
}

async function suggestFrom(
  registry: Registry,
  missing: MissingImage,
  limits: RequestLimits,
): Promise<string | undefined> {
  const listed = await missing.listRepositories?.(registry.origin, limits)
  const all = listed ?? (await listCatalog(registry, missing, limits))
  const names = all.filter((name) => name.length <= MAX_REPOSITORY_LENGTH && REPOSITORY.test(name))
  const { repository } = missing.image
  if (names.includes(repository)) return undefined
  return suggestionOf({ kind: 'repositories', wanted: repository, names, otherwise: 'first' })
}

/**
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 * @returns none where the repository does not exist, and undefined where nothing is known about it
 */
async function listTags(
  registry: Registry,
  { login, image: { repository, reference } }: MissingImage,
  limits: RequestLimits,
): Promise<readonly string[] | undefined> {
  const { from, response } = await registry.send({
    operation: `list the tags of ${repository} in registry ${registry.host}`,
    path: `/v2/${repository}/tags/list?n=${PAGE_SIZE}`,
    scope: `repository:${repository}:pull`,
    login,
    limits,
  })
  if (from === 'registry' && response.status === 404) return []
  if (from !== 'registry' || response.status !== 200) return undefined
  const tags = textsIn(response.json().tags).filter((tag) => TAG.test(tag) && tag !== reference)
  // Registries return them in any order.
  // `1.9` before `1.10`. A collator loads locale data, which takes almost as long as to start Node: only here.
  return tags.sort(new Intl.Collator('en', { numeric: true }).compare)
}

/** @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
async function listCatalog(
  registry: Registry,
  { login }: MissingImage,
  limits: RequestLimits,
): Promise<readonly string[]> {
  const request: RegistryRequest = {
    operation: `list the repositories of registry ${registry.host}`,
    path: `/v2/_catalog?n=${PAGE_SIZE}`,
    scope: 'registry:catalog:*',
    login,
    limits,
  }
  const { from, response } = await registry.send(request)
  return from === 'registry' && response.status === 200 ? textsIn(response.json().repositories) : []
}

/** A registry can ignore the page size. */
function textsIn(value: unknown): string[] {
  const page = Array.isArray(value) ? value.slice(0, PAGE_SIZE) : []
  return page.filter((one) => typeof one === 'string')
}
