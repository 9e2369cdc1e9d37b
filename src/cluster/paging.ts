import { HttpError, isForbidden, UnexpectedAnswer } from '../http-error.ts'
import { asObject, asObjects, asText } from '../json.ts'
import type { Cluster, ClusterRequest } from './connection.ts'

type ListRequest = Pick<ClusterRequest, 'doing' | 'path' | 'query' | 'accept' | 'cures'>

/** Objects a page, as kubectl asks for them. */
const PAGE = 500

/** The API server forgets a list after some minutes, and then has no next page of it: so often we begin anew. */
const TRIES = 3

/**
 * All objects of a list, read page by page, so that no answer grows with the cluster; and of each object only what is
 * picked, so that the memory does not either.
 * @param pick undefined leaves the object out; it may see an object twice, when the list begins anew
 */
export async function listAll<T>(
  cluster: Cluster,
  request: ListRequest,
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
  request: ListRequest,
  pick: (object: Readonly<Record<string, unknown>>) => T | undefined,
): Promise<T[]> {
  const picked: T[] = []
  let next: string | undefined
  do {
    const query = { ...request.query, limit: String(PAGE), ...(next !== undefined && { continue: next }) }
    const page = (await cluster.request({ ...request, query })).json()
    // Anything but a list says nothing: nobody may take it for a list of nothing, whose items can be null.
    const isList = Array.isArray(page.items) || (!page.items && asText(page.kind)?.endsWith('List'))
    if (!isList) throw new UnexpectedAnswer(request.doing, `GET ${request.path}`, 'it is no list')
    for (const object of asObjects(page.items)) {
      const one = pick(object)
      if (one !== undefined) picked.push(one)
    }
    next = asText(asObject(page.metadata).continue)
  } while (next !== undefined)
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
