import { isAbort } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import { formatNumber } from '../core/format.ts'
import { asObject, asText, isObject } from '../core/json.ts'
import { MAX_RESPONSE_BYTES } from '../http/body.ts'
import { HttpError, isForbidden, ResponseTooLarge } from '../http/errors.ts'
import type { HttpResponse } from '../http/response.ts'
import { debug, info } from '../runner/log.ts'
import type { Cluster, ClusterRequest } from './client.ts'

interface ListRequest {
  readonly operation: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** A page of a list: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
export interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** The resource version of the list, where a watch starts. */
  readonly version: string
}

/** The page size of kubectl: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/ */
const PAGE_SIZE = 500

/** Of the largest cluster that Kubernetes supports, some hundreds: https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const MAX_PAGES = 1000
const MAX_CONTINUE_LENGTH = 16 * 1024

interface Server<R> {
  readonly request: (request: R) => Promise<HttpResponse>
}

/**
 * Reads a list page by page. No response grows with the cluster: a page of large objects has fewer of them.
 * @throws UnexpectedResponse for a response that is not a list, which the caller must not take for an empty list, and for a list
 *   without end
 * @throws ResponseTooLarge when one object alone is too large
 */
export async function* pagesOf<R extends ListRequest>(server: Server<R>, request: R): AsyncGenerator<Page> {
  const tokens = new Set<string>()
  let continueToken: string | undefined
  let limit = PAGE_SIZE
  for (let count = 1; ; count++) {
    const query = { ...request.query, ...(continueToken !== undefined && { continue: continueToken }) }
    const { response, size } = await requestPage(server, { ...request, query }, limit)
    limit = hasRoom(response) ? Math.min(PAGE_SIZE, size * 2) : size
    const { kind, items, metadata } = response.json()
    // A Go server encodes an empty list as null.
    const isList = Array.isArray(items) || (!items && asText(kind)?.endsWith('List'))
    if (!isList) throw response.unexpected('it is not a list')
    const { resourceVersion, continue: nextToken } = asObject(metadata)
    yield { items: objectsIn(items), version: asText(resourceVersion) ?? '' }
    continueToken = asText(nextToken)
    if (continueToken === undefined) return
    if (continueToken.length > MAX_CONTINUE_LENGTH) throw response.unexpected('its continue token is too long')
    if (tokens.has(continueToken)) throw response.unexpected('it returned the same continue token twice')
    if (count === MAX_PAGES) throw response.unexpected(`the list has more than ${formatNumber(MAX_PAGES)} pages`)
    tokens.add(continueToken)
  }
}

/** What is no object is left out: it would look like one without a name. */
function objectsIn(items: unknown): Page['items'] {
  return Array.isArray(items) ? items.filter(isObject) : []
}

/**
 * Asks for one page with fewer and fewer objects until the response is small enough. The continue token contains the key where
 * the page starts, and no limit:
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/storage/continue.go
 * @returns the page, and how many objects were asked for
 */
async function requestPage<R extends ListRequest>(
  server: Server<R>,
  request: R,
  limit: number,
): Promise<{ readonly response: HttpResponse; readonly size: number }> {
  for (let size = limit; ; ) {
    try {
      const query = { ...request.query, limit: String(size) }
      return { response: await server.request({ ...request, query }), size }
    } catch (error) {
      if (!(error instanceof ResponseTooLarge) || size === 1) throw error
      size = Math.ceil(size / 10)
      info(`${error.message}; trying again with ${size} ${size === 1 ? 'object' : 'objects'} at a time`)
    }
  }
}

/** Whether a page with twice as many such objects is small enough. */
function hasRoom({ text }: HttpResponse): boolean {
  return text.length * 2 < MAX_RESPONSE_BYTES
}

type ListAllRequest = Pick<ClusterRequest, 'operation' | 'path' | 'query' | 'accept' | 'hints'>

/**
 * A continue token expires when etcd compacts the list, after 5 to 15 minutes. The API server then returns 410, and the list is
 * read from its start: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
const MAX_LIST_ATTEMPTS = 3

/**
 * Reads all pages of a list and keeps only what `pick` returns of each object, to save memory.
 * @param pick returns undefined to leave an object out; sees an object twice when the list is read again from its start
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
      if (!isExpired || attempt === MAX_LIST_ATTEMPTS) throw error
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

/** The result of a list; undefined when the kubeconfig user is not allowed to list (403). */
export async function unlessForbidden<T>(list: Promise<T>): Promise<T | undefined> {
  try {
    return await list
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/**
 * The result of a list that the caller can do without; undefined when it fails, for whatever reason, which is logged.
 * @throws ActionError when the run is aborted
 */
export async function unlessFailed<T>(list: Promise<T>): Promise<T | undefined> {
  try {
    return await list
  } catch (error) {
    if (isAbort(error) || !(error instanceof ActionError)) throw error
    const line = `${error.message}; continuing without this list`
    // To lack that permission is normal.
    if (isForbidden(error)) debug(line)
    else info(line)
    return undefined
  }
}

/** Lists only the metadata: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
