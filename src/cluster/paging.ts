import { asObject, asObjects, asText } from '../json.ts'
import type { Cluster, ClusterRequest } from './connection.ts'

/** Objects a page, as kubectl asks for them. */
const PAGE = 500

/** All objects of a list, page by page, so that no answer grows with the cluster. */
export async function* listAll(
  cluster: Cluster,
  request: Pick<ClusterRequest, 'doing' | 'path' | 'query' | 'accept' | 'cures'>,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  let next: string | undefined
  do {
    const query = { ...request.query, limit: String(PAGE), ...(next !== undefined && { continue: next }) }
    const page = (await cluster.request({ ...request, query })).json()
    yield* asObjects(page.items)
    next = asText(asObject(page.metadata).continue)
  } while (next !== undefined)
}

/** Asks for names, labels and annotations alone. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
