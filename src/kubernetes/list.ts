import { asObject, asObjects, asText } from '../core/json.ts'
import type { HttpAnswer } from '../http/client.ts'
import { HttpError, isForbidden, UnexpectedAnswer } from '../http/errors.ts'
import type { Cluster, ClusterRequest } from './client.ts'

/** What is asked for, of one page as of all. */
interface ListRequest {
  readonly doing: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** A part of a list of the API server. */
export interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** The version of the list, from which to watch it. */
  readonly version: string
}

/** Objects a page, as kubectl asks for them. */
const PAGE = '500'

/**
 * A list, page by page, so that no answer grows with the cluster.
 * @throws UnexpectedAnswer at anything but a list: it says nothing, and nobody may take it for a list of nothing
 */
export async function* pagesOf<R extends ListRequest>(
  server: { readonly request: (request: R) => Promise<HttpAnswer> },
  request: R,
): AsyncGenerator<Page> {
  let next: string | undefined
  do {
    const query = { ...request.query, limit: PAGE, ...(next !== undefined && { continue: next }) }
    const { kind, items, metadata } = (await server.request({ ...request, query })).json()
    // The items of an empty list can be null.
    const isList = Array.isArray(items) || (!items && asText(kind)?.endsWith('List'))
    if (!isList) throw new UnexpectedAnswer(request.doing, `GET ${request.path}`, 'it is no list')
    const { resourceVersion, continue: more } = asObject(metadata)
    yield { items: asObjects(items), version: asText(resourceVersion) ?? '' }
    next = asText(more)
  } while (next !== undefined)
}

type ListAllRequest = Pick<ClusterRequest, 'doing' | 'path' | 'query' | 'accept' | 'cures'>

/** The API server forgets a list after some minutes, and then has no next page of it: so often we begin anew. */
const TRIES = 3

/**
 * All objects of a list, and of each object only what is picked, so that the memory does not grow with the cluster.
 * @param pick undefined leaves the object out; it may see an object twice, when the list begins anew
 */
export async function listAll<T>(
  cluster: Cluster,
  request: ListAllRequest,
  pick: (object: Readonly<Record<string, unknown>>) => T | undefined,
): Promise<T[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listOnce(cluster, request, pick)
    } catch (error) {
      const isExpired = error instanceof HttpError && error.status === 410
      if (!isExpired || attempt === TRIES) throw error
    }
  }
}

async function listOnce<T>(
  cluster: Cluster,
  request: ListAllRequest,
  pick: (object: Readonly<Record<string, unknown>>) => T | undefined,
): Promise<T[]> {
  const picked: T[] = []
  for await (const { items } of pagesOf(cluster, request)) {
    for (const object of items) {
      const one = pick(object)
      if (one !== undefined) picked.push(one)
    }
  }
  return picked
}

/** What a list gives; undefined when the login may not list. */
export async function unlessForbidden<T>(list: Promise<T>): Promise<T | undefined> {
  try {
    return await list
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/** Asks for names, labels and annotations alone. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
