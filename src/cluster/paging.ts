import { HttpError, isForbidden } from '../http-error.ts'
import { pagesOf } from '../pages.ts'
import type { Cluster, ClusterRequest } from './connection.ts'

type ListRequest = Pick<ClusterRequest, 'doing' | 'path' | 'query' | 'accept' | 'cures'>

/** The API server forgets a list after some minutes, and then has no next page of it: so often we begin anew. */
const TRIES = 3

/**
 * All objects of a list, and of each object only what is picked, so that the memory does not grow with the cluster.
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
