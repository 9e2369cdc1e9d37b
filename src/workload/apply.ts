import { Failure } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { asObjects, asText } from '../json.ts'
import { printable } from '../log.ts'
import type { KubernetesObject } from './manifest.ts'

/** What this room needs of a cluster. */
export interface ApiServer {
  readonly name: string
  readonly request: (request: {
    readonly doing: string
    readonly method?: 'GET' | 'PATCH' | 'DELETE'
    readonly path: string
    readonly query?: Readonly<Record<string, string>>
    readonly contentType?: string
    readonly body?: unknown
    readonly expect?: readonly number[]
    readonly cures?: Readonly<Record<number, string>>
  }) => Promise<HttpAnswer>
}

/** An object that was applied, and where the API server keeps it. */
export interface Applied {
  readonly kind: string
  readonly name: string
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string
  readonly path: string
}

const MANAGER = 'registry-pull-secret'

/**
 * Applies an object on the server. What the manifest says wins, as with `kubectl apply`.
 * @param namespace where it goes when it names none itself
 */
export async function applyObject(
  server: ApiServer,
  object: KubernetesObject,
  namespace: string,
  dryRun: boolean,
): Promise<Applied> {
  const { kind, metadata } = object
  const resource = await findResource(server, object)
  const home = resource.namespaced ? (metadata.namespace ?? namespace) : ''
  const collection = `${resource.root}${home && `/namespaces/${encodeURIComponent(home)}`}/${resource.plural}`
  const path = `${collection}/${encodeURIComponent(metadata.name)}`
  const applied = { kind, name: metadata.name, namespace: home, path }
  await server.request({
    doing: `apply ${describe(applied)} in the cluster ${server.name}`,
    method: 'PATCH',
    path,
    query: { fieldManager: MANAGER, force: 'true', ...(dryRun && { dryRun: 'All' }) },
    contentType: 'application/apply-patch+yaml',
    body: home ? { ...object, metadata: { ...metadata, namespace: home } } : object,
    cures: {
      403: `Grant the verbs get, create and patch on ${resource.plural} to the login of this cluster.`,
      404: `Create the namespace ${home} first.`,
      422: kind === 'Pod' ? POD_CURE : 'Mend what the API server names, or delete the object when it may be made anew.',
    },
  })
  return applied
}

const POD_CURE =
  'Most of a Pod cannot be changed once it is there: delete it before this step, or use a Deployment, which makes new Pods.'

/** `Pod shop/web`, as a person calls it. */
export function describe({ kind, namespace, name }: Pick<Applied, 'kind' | 'namespace' | 'name'>): string {
  return printable(`${kind} ${namespace ? `${namespace}/` : ''}${name}`)
}

interface Resource {
  readonly root: string
  readonly plural: string
  readonly namespaced: boolean
}

/** The API server knows under which path it keeps a kind. */
async function findResource(server: ApiServer, { apiVersion, kind }: KubernetesObject): Promise<Resource> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const doing = `find the kind ${printable(kind)} of ${printable(apiVersion)} in the cluster ${server.name}`
  const answer = await server.request({ doing, path: root, expect: [404] })
  const found = asObjects(answer.status === 404 ? [] : answer.json().resources).find(
    (resource) => resource.kind === kind && asText(resource.name)?.includes('/') === false,
  )
  if (found === undefined) {
    throw new Failure(`Could not ${doing}: it has no such kind`, {
      cure: 'Check `apiVersion` and `kind` in the manifest; for a custom resource its definition must be there first.',
    })
  }
  return { root, plural: asText(found.name) ?? '', namespaced: found.namespaced === true }
}
