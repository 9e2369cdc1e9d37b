import { pause } from '../core/abort.ts'
import { MANAGER } from '../core/constants.ts'
import { asObject, asText } from '../core/json.ts'
import type { HttpAnswer } from '../http/client.ts'
import { HttpError } from '../http/errors.ts'
import type { ApiRequest, ApiServer } from '../kubernetes/client.ts'
import { collectionOf, type Resource } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { groupKind } from '../kubernetes/object.ts'
import { info, printable } from '../runner/log.ts'

/** An object, and where it goes. */
export interface Placed {
  readonly object: KubernetesObject
  readonly resource: Resource
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string
  /** Whether its namespace or its kind comes of the same manifest, and may take a moment. */
  readonly isEarly: boolean
}

/** An object that was applied, and what the API server made of it. */
export interface Applied {
  /** Group and kind, as in `apps Deployment`. */
  readonly groupKind: string
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly path: string
  readonly collection: string
  readonly uid: string
  /** When, by the clock of the server. */
  readonly at: Date
}

export interface ApplyOptions {
  /** The API server checks everything and stores nothing. */
  readonly dryRun: boolean
  /** Whether a Pod is deleted and created again when the API server refuses to change it. */
  readonly recreatePods: boolean
  readonly signal: AbortSignal
}

/** Applies an object on the server. What the manifest says wins, as with `kubectl apply`. */
export async function applyObject(server: ApiServer, placed: Placed, options: ApplyOptions): Promise<Applied> {
  const { object, resource, namespace } = placed
  const { dryRun, recreatePods, signal } = options
  const { kind, metadata } = object
  const collection = collectionOf(resource, namespace)
  const path = `${collection}/${encodeURIComponent(metadata.name)}`
  const named = { kind, name: metadata.name, namespace, path }
  const apply = {
    doing: `apply ${describe(named)} in the cluster ${server.name}`,
    method: 'PATCH' as const,
    path,
    query: { fieldManager: MANAGER, force: 'true', ...(dryRun && { dryRun: 'All' }) },
    contentType: 'application/apply-patch+yaml',
    body: namespace ? { ...object, metadata: { ...metadata, namespace } } : object,
    cures: {
      403: `Grant the verbs get, create and patch on ${resource.plural} to the login of this cluster.`,
      404: `Create the namespace ${namespace} first.`,
      422: kind === 'Pod' ? POD_CURE : 'Mend what the API server names, or delete the object when it may be made anew.',
    },
  }
  let answer: HttpAnswer
  try {
    answer = await applyPatiently(server, apply, placed.isEarly && !dryRun, signal)
  } catch (failure) {
    if (dryRun || !recreatePods || !isRefusedChange(object, failure)) throw failure
    info(`${describe(named)} cannot be changed in place: it is deleted and created again`)
    await deletePod(server, named, signal)
    answer = await server.request(apply)
  }
  const uid = asText(asObject(answer.json().metadata).uid) ?? ''
  const at = new Date(String(answer.headers.date ?? ''))
  return { ...named, groupKind: groupKind(object), collection, uid, at: Number.isNaN(at.getTime()) ? new Date() : at }
}

/** Milliseconds. A kind is served some seconds after its definition, and a new namespace lacks its service account. */
const PATIENCE = 15_000

async function applyPatiently(
  server: ApiServer,
  apply: ApiRequest,
  isEarly: boolean,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  for (const end = Date.now() + PATIENCE; ; await pause(POLL, apply.doing, signal)) {
    try {
      return await server.request(apply)
    } catch (failure) {
      if (!isEarly || !isTooEarly(failure) || Date.now() > end) throw failure
    }
  }
}

function isTooEarly(failure: unknown): boolean {
  if (!(failure instanceof HttpError)) return false
  return failure.status === 404 || (failure.status === 403 && /serviceaccount .* not found/.test(failure.detail))
}

const POD_CURE =
  'Most of a Pod cannot be changed once it is there: set `recreate-pods: true`, or use a Deployment, which makes new Pods.'

/** Whether the API server refuses a change of a Pod that a new Pod of that name could have. */
function isRefusedChange(object: KubernetesObject, failure: unknown): boolean {
  const isRefused = failure instanceof HttpError && failure.status === 422 && /pod updates may not/.test(failure.detail)
  return isRefused && groupKind(object) === 'v1 Pod'
}

/** Deletes a Pod and waits until it is gone, so that its name is free. */
async function deletePod(server: ApiServer, pod: Named & { readonly path: string }, signal: AbortSignal) {
  const doing = `delete ${describe(pod)} in the cluster ${server.name}`
  const cures = { 403: 'Grant the verb delete on pods to the login of this cluster.' }
  await server.request({ doing, method: 'DELETE', path: pod.path, expect: [404], cures })
  while ((await server.request({ doing, path: pod.path, expect: [404] })).status !== 404)
    await pause(POLL, doing, signal)
}

/** Milliseconds until the server is asked again. */
const POLL = 500

type Named = Pick<Applied, 'kind' | 'namespace' | 'name'>

/** `Pod shop/web`, as a person calls it. */
export function describe({ kind, namespace, name }: Named): string {
  return printable(`${kind} ${namespace ? `${namespace}/` : ''}${name}`)
}
