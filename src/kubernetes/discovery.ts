import { ActionError } from '../core/errors.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'
import type { ApiServer } from './client.ts'
import { LABEL } from './names.ts'
import type { KubernetesObject } from './object.ts'
import { groupKind } from './object.ts'

/** How the API server names a kind in its paths and in RBAC rules. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Whether a CustomResourceDefinition of the manifest defines it. */
  readonly isOwn: boolean
}

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>

/** Looks up a kind. @throws ActionError `kind-not-found` when neither the cluster nor the manifest defines it */
export type Discovery = (kind: Kind) => Promise<Resource>

/**
 * The kinds of each cluster by API version. The permission check and the deployment share one request:
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
const SERVED = new WeakMap<ApiServer, Map<string, Promise<Resource[]>>>()

/** @param objects the manifest, whose CustomResourceDefinitions add kinds */
export function createDiscovery(server: ApiServer, objects: readonly KubernetesObject[]): Discovery {
  const own = objects.flatMap(definedBy)
  const served = SERVED.get(server) ?? new Map<string, Promise<Resource[]>>()
  SERVED.set(server, served)
  return async ({ apiVersion, kind }) => {
    const isRequested = (resource: Resource) => resource.apiVersion === apiVersion && resource.kind === kind
    const defined = own.find(isRequested)
    if (defined !== undefined) return defined
    const listing = served.get(apiVersion) ?? listResources(server, apiVersion)
    served.set(apiVersion, listing)
    const found = (await listing.catch(() => [])).find(isRequested)
    if (found !== undefined) return found
    // The next lookup may find it.
    served.delete(apiVersion)
    await listing
    const what = `${printable(kind)} of ${printable(apiVersion)}`
    throw new ActionError(
      'kind-not-found',
      `Could not find the kind ${what} in the cluster ${server.name}: it has no such kind`,
      {
        details: { cluster: server.name },
        hint: 'Check `apiVersion` and `kind` in the manifest. Install the CustomResourceDefinition of a custom resource first.',
      },
    )
  }
}

/** `apps` of `apps/v1`; empty for the core group, as in RBAC rules. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
}

/**
 * The API path of the objects of a resource, in one or all namespaces:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function collectionOf({ apiVersion, plural }: Pick<Resource, 'apiVersion' | 'plural'>, namespace = ''): string {
  return `${rootOf(apiVersion)}${namespace && `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`
}

const rootOf = (apiVersion: string) => `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`

async function listResources(server: ApiServer, apiVersion: string): Promise<Resource[]> {
  const operation = `list the kinds of ${printable(apiVersion)} in the cluster ${server.name}`
  const response = await server.request({ operation, path: rootOf(apiVersion), expectedStatuses: [404] })
  return (
    asObjects(response.status === 404 ? [] : response.json().resources)
      .map(({ name, kind, namespaced }) => ({
        apiVersion,
        kind: asText(kind) ?? '',
        plural: asText(name) ?? '',
        namespaced: namespaced === true,
        isOwn: false,
      }))
      // Others are subresources. An API server must not choose another path of its host.
      .filter(({ plural }) => LABEL.test(plural))
  )
}

export const DEFINITION = 'apiextensions.k8s.io CustomResourceDefinition'

function definedBy(object: KubernetesObject): Resource[] {
  if (groupKind(object) !== DEFINITION) return []
  const { group, scope, names, versions } = asObject(object.spec)
  const { kind, plural } = asObject(names)
  return asObjects(versions).map(({ name }) => ({
    apiVersion: `${asText(group)}/${asText(name)}`,
    kind: asText(kind) ?? '',
    plural: asText(plural) ?? '',
    namespaced: scope === 'Namespaced',
    isOwn: true,
  }))
}
