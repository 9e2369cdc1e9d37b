// Lists in pages, and objects reduced to their metadata.
import { apiVersion, type KubernetesObject, type Resource } from './resources.ts'
import type { Selects } from './selector.ts'
import { badRequest } from './status.ts'
import type { Store } from './store.ts'

interface Page {
  readonly version: string
  readonly after: string
}

export function list(
  store: Store,
  resource: Resource,
  namespace: string,
  selects: Selects,
  query: URLSearchParams,
): KubernetesObject {
  const page = readToken(query.get('continue') ?? '')
  const matching = store
    .list(resource, namespace)
    .filter(selects)
    .filter((object) => page === undefined || position(object) > page.after)
  const limit = Number(query.get('limit') ?? 0)
  const items = limit > 0 ? matching.slice(0, limit) : matching
  const last = items.at(-1)
  const version = page?.version ?? String(store.version)
  const rest = matching.length - items.length
  const next = rest > 0 && last !== undefined ? { continue: writeToken({ version, after: position(last) }) } : {}
  const isCounted = rest > 0 && !query.get('labelSelector') && !query.get('fieldSelector')
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersion(resource),
    metadata: { resourceVersion: version, ...next, ...(isCounted ? { remainingItemCount: rest } : {}) },
    items: items.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
  }
}

const position = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ''}/${metadata.name}`

const writeToken = (page: Page) => Buffer.from(JSON.stringify(page)).toString('base64url')

function readToken(token: string): Page | undefined {
  if (token === '') return undefined
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    throw badRequest('continue key is not valid')
  }
}

const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }

/** What the Accept header asks for: the object, its list, or their metadata alone. */
export function present(object: KubernetesObject, accept = ''): KubernetesObject {
  if (!/as=PartialObjectMetadata(List)?;/.test(accept)) return object
  const items: KubernetesObject[] | undefined = object.items
  if (items === undefined) return { ...partial, metadata: object.metadata }
  const reduced = items.map(({ metadata }) => ({ ...partial, metadata }))
  return { ...partial, kind: 'PartialObjectMetadataList', metadata: object.metadata, items: reduced }
}
