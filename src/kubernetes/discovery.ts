import { Failure } from '../core/errors.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { printable } from '../runner/log.ts'
import type { ApiServer } from './client.ts'
import type { KubernetesObject } from './object.ts'
import { groupKind } from './object.ts'

/** How an API server calls a kind in its paths and in its rules of access. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Whether the manifest defines it itself. */
  readonly isOwn: boolean
}

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>

/** Looks a kind up. @throws Failure when neither the cluster nor the manifest has it */
export type Discovery = (kind: Kind) => Promise<Resource>

/** By API version, what each cluster serves: asked for once, for the rights and for the deployment. */
const SERVED = new WeakMap<ApiServer, Map<string, Promise<Resource[]>>>()

/** The kinds of a cluster, and those that the manifest will define. */
export function createDiscovery(server: ApiServer, objects: readonly KubernetesObject[]): Discovery {
  const own = objects.flatMap(definedBy)
  const served = SERVED.get(server) ?? new Map<string, Promise<Resource[]>>()
  SERVED.set(server, served)
  return async ({ apiVersion, kind }) => {
    const isMeant = (resource: Resource) => resource.apiVersion === apiVersion && resource.kind === kind
    const defined = own.find(isMeant)
    if (defined !== undefined) return defined
    const asked = served.get(apiVersion) ?? listResources(server, apiVersion)
    served.set(apiVersion, asked)
    const found = (await asked.catch(() => [])).find(isMeant)
    if (found !== undefined) return found
    // It may be there when it is asked for again.
    served.delete(apiVersion)
    await asked
    const what = `${printable(kind)} of ${printable(apiVersion)}`
    throw new Failure(`Could not find the kind ${what} in the cluster ${server.name}: it has no such kind`, {
      cure: 'Check `apiVersion` and `kind` in the manifest; for a custom resource its definition must be there first.',
    })
  }
}

/** `apps` of `apps/v1`; empty for the core group, as in rules of access. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
}

/** Where a resource is kept: all of them, or those of one namespace. */
export function collectionOf({ apiVersion, plural }: Pick<Resource, 'apiVersion' | 'plural'>, namespace = ''): string {
  return `${rootOf(apiVersion)}${namespace && `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`
}

const rootOf = (apiVersion: string) => `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`

async function listResources(server: ApiServer, apiVersion: string): Promise<Resource[]> {
  const doing = `read the kinds of ${printable(apiVersion)} in the cluster ${server.name}`
  const answer = await server.request({ doing, path: rootOf(apiVersion), expect: [404] })
  return asObjects(answer.status === 404 ? [] : answer.json().resources)
    .map(({ name, kind, namespaced }) => ({
      apiVersion,
      kind: asText(kind) ?? '',
      plural: asText(name) ?? '',
      namespaced: namespaced === true,
      isOwn: false,
    }))
    .filter(({ plural }) => !plural.includes('/'))
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
