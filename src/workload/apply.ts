import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import type { HttpAnswer } from '../http.ts'
import { HttpError } from '../http-error.ts'
import { asObjects, asText } from '../json.ts'
import { info, printable } from '../log.ts'
import { MANAGER } from '../manager.ts'
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

export interface ApplyOptions {
  /** The API server checks everything and stores nothing. */
  readonly dryRun: boolean
  /** Whether a Pod is deleted and created again when the API server refuses to change it. */
  readonly recreatePods: boolean
  readonly signal: AbortSignal
}

/**
 * Applies an object on the server. What the manifest says wins, as with `kubectl apply`.
 * @param namespace where it goes when it names none itself
 */
export async function applyObject(
  server: ApiServer,
  object: KubernetesObject,
  namespace: string,
  { dryRun, recreatePods, signal }: ApplyOptions,
): Promise<Applied> {
  const { kind, metadata } = object
  const resource = await findResource(server, object)
  const applied = locate(object, resource, namespace)
  const { path, namespace: home } = applied
  const apply = {
    doing: `apply ${describe(applied)} in the cluster ${server.name}`,
    method: 'PATCH' as const,
    path,
    query: { fieldManager: MANAGER, force: 'true', ...(dryRun && { dryRun: 'All' }) },
    contentType: 'application/apply-patch+yaml',
    body: home ? { ...object, metadata: { ...metadata, namespace: home } } : object,
    cures: {
      403: `Grant the verbs get, create and patch on ${resource.plural} to the login of this cluster.`,
      404: `Create the namespace ${home} first.`,
      422: kind === 'Pod' ? POD_CURE : 'Mend what the API server names, or delete the object when it may be made anew.',
    },
  }
  try {
    await server.request(apply)
  } catch (failure) {
    if (dryRun || !recreatePods || !isRefusedChange(object, failure)) throw failure
    info(`${describe(applied)} cannot be changed in place: it is deleted and created again`)
    await deletePod(server, applied, signal)
    await server.request(apply)
  }
  return applied
}

const POD_CURE =
  'Most of a Pod cannot be changed once it is there: set `recreate-pods: true`, or use a Deployment, which makes new Pods.'

/** Whether the API server refuses a change of a Pod that a new Pod of that name could have. */
function isRefusedChange(object: KubernetesObject, failure: unknown): boolean {
  const isPod = object.kind === 'Pod' && object.apiVersion === 'v1'
  return isPod && failure instanceof HttpError && failure.status === 422 && /pod updates may not/.test(failure.detail)
}

/** Deletes a Pod and waits until it is gone, so that its name is free. */
async function deletePod(server: ApiServer, pod: Applied, signal: AbortSignal): Promise<void> {
  const doing = `delete ${describe(pod)} in the cluster ${server.name}`
  const cures = { 403: 'Grant the verb delete on pods to the login of this cluster.' }
  await server.request({ doing, method: 'DELETE', path: pod.path, expect: [404], cures })
  while ((await server.request({ doing, path: pod.path, expect: [404] })).status !== 404) {
    await sleep(POLL, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

const POLL = 500

/** `Pod shop/web`, as a person calls it. */
export function describe({ kind, namespace, name }: Pick<Applied, 'kind' | 'namespace' | 'name'>): string {
  return printable(`${kind} ${namespace ? `${namespace}/` : ''}${name}`)
}

function locate({ kind, metadata }: KubernetesObject, resource: Resource, namespace: string): Applied {
  const home = resource.namespaced ? (metadata.namespace ?? namespace) : ''
  const collection = `${resource.root}${home && `/namespaces/${encodeURIComponent(home)}`}/${resource.plural}`
  return { kind, name: metadata.name, namespace: home, path: `${collection}/${encodeURIComponent(metadata.name)}` }
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
