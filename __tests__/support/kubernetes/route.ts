// What a request is about, as the API server reads its URL.
import { apiVersion, type Resource } from './resources.ts'

export interface Target {
  readonly resource: Resource
  /** Empty: all of them, or none to speak of. */
  readonly namespace: string
  /** Empty: the whole collection. */
  readonly name: string
  readonly subresource: string
}

export interface Attributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** Undefined for a path that leads to no resource. */
export function route(path: string, served: readonly Resource[]): Target | undefined {
  const [, groupVersion, rest] = /^\/(?:api\/(?=v1\/)|apis\/(?=[^/]+\/))(v1|[^/]+\/[^/]+)\/(.+?)\/?$/.exec(path) ?? []
  if (groupVersion === undefined || rest === undefined) return undefined
  const parts = rest.split('/').map(decodeURIComponent)
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status'
  const namespace = isNamespaced ? (parts[1] ?? '') : ''
  const [plural, name = '', subresource = '', ...beyond] = isNamespaced ? parts.slice(2) : parts
  const resource = served.find((known) => apiVersion(known) === groupVersion && known.resource === plural)
  if (resource === undefined || beyond.length > 0 || !isServed(resource, subresource)) return undefined
  if (!resource.namespaced && isNamespaced) return undefined
  if (resource.namespaced && !isNamespaced && name !== '') return undefined
  return { resource, namespace, name, subresource }
}

function isServed({ resource, fields }: Resource, subresource: string): boolean {
  if (subresource === 'status') return fields.includes('status')
  return subresource === '' || (subresource === 'token' && resource === 'serviceaccounts')
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

export function verbOf(method: string, { name }: Target, query: URLSearchParams): string {
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '')
  if (method === 'GET') return name !== '' ? 'get' : isWatch ? 'watch' : 'list'
  return verbs[method] ?? method.toLowerCase()
}

export function attributes(verb: string, { resource, namespace, name, subresource }: Target): Attributes {
  const { group, resource: plural } = resource
  // A namespace is in itself: a Role there can allow to get it.
  return { verb, group, resource: plural, subresource, namespace: plural === 'namespaces' ? name : namespace, name }
}
