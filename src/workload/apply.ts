import { delay } from '../core/abort.ts'
import { MANAGER_NAME } from '../core/constants.ts'
import { ActionError } from '../core/errors.ts'
import { HttpError } from '../http/errors.ts'
import type { HttpResponse } from '../http/response.ts'
import { admissionError } from '../kubernetes/admission.ts'
import type { ApiServer, ClusterRequest } from '../kubernetes/client.ts'
import { collectionOf } from '../kubernetes/discovery.ts'
import { type ApiObject, deletionOf, groupKind, uidOf } from '../kubernetes/object.ts'
import { withNearNamespaces } from '../pull-secret/suggest-namespaces.ts'
import { info } from '../runner/log.ts'
import { type ApplyRequest, applyToExisting, isDuplicate, keepingStoredFields } from './apply-existing.ts'
import { hasClientSideFields, readObject } from './client-side-apply.ts'
import { displayName } from './display-name.ts'
import { isManifestMistake, manifestMistake } from './manifest-mistake.ts'
import { isNamespace, type PlacedObject } from './placement.ts'
import { withPortProtocols } from './port-protocols.ts'
import { withTextQuantities } from './quantities.ts'
import { deleteFailed, deleteRefused, isRefusedChange, type Recreatable, recreationHint } from './recreate.ts'
import { ROLLOUTS } from './rollout.ts'
import { terminatingError } from './terminating-error.ts'

/** An object that was applied, and where the API server has it. */
export interface Applied {
  /** `apps Deployment` */
  readonly groupKind: string
  readonly kind: string
  readonly name: string
  /** Empty for a cluster-scoped object. */
  readonly namespace: string
  /** As kubectl names it: `deployments/web`. */
  readonly resource: string
  readonly path: string
  /** The path of all objects of its kind in its namespace. */
  readonly collection: string
  readonly uid: string
  /** By the clock of the API server. */
  readonly appliedAt: Date
  /** Whether it failed before this run, which has not changed that. */
  readonly hasFailedBefore?: boolean
  /** Of a dry run that could not check everything: what the real one does. */
  readonly note?: string
}

export interface ApplyOptions {
  /** The API server validates the object and stores nothing. */
  readonly dryRun: boolean
  /** Delete and create again an object of these kinds when the API server refuses to change it. */
  readonly recreate: readonly Recreatable[]
  /** Until when to wait for the end of an object that is being deleted, by `Date.now()`; default: not at all. */
  readonly deletionDeadlineMs?: number
  readonly signal: AbortSignal
}

/** The objects of a manifest are retried for so long: a kind is served some seconds after its definition is created. */
const RETRY_WINDOW_MS = 15_000
const RETRY_INTERVAL_MS = 500

/**
 * Applies an object on the server. Like `kubectl apply --server-side --force-conflicts`, it takes over the fields that
 * the manifest sets: https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts. What is applied to an object
 * that is being deleted is lost with it, so it is applied again until it is a new one.
 */
export async function applyObject(server: ApiServer, placed: PlacedObject, options: ApplyOptions): Promise<Applied> {
  const { dryRun, recreate, deletionDeadlineMs = 0, signal } = options
  let isLogged = false
  for (;;) {
    const { applied, stored } = await applyOnce(server, placed, options)
    const deletion = deletionOf(stored)
    if (deletion === undefined && !isFailed(applied, stored)) return applied
    if (deletion === undefined) {
      if (!recreate.some((one) => one === applied.groupKind)) return { ...applied, hasFailedBefore: true }
      if (dryRun) return { ...applied, note: 'it failed before this run: it would be deleted and created again' }
      await deleteFailed(server, applied, signal)
      continue
    }
    if (dryRun) return { ...applied, note: `it ${deletion}: it would be created again when it is gone` }
    // A new namespace would not have the secret, which was written before.
    if (isNamespace(placed.object) || Date.now() >= deletionDeadlineMs)
      throw terminatingError(server, applied, deletion)
    if (!isLogged) info(`${displayName(applied)} ${deletion}: waiting until it is gone`)
    isLogged = true
    await delay(DELETION_INTERVAL_MS, `apply ${displayName(applied)} in cluster ${server.name}`, signal)
  }
}

/** A response to an apply is too early for a failure of what was applied. */
function isFailed({ groupKind: kind }: Applied, stored: ApiObject): boolean {
  return ROLLOUTS[kind]?.(stored).status === 'failed'
}

const DELETION_INTERVAL_MS = 1000

interface AppliedOnce {
  readonly applied: Applied
  /** As the API server has it now; empty when it is only planned. */
  readonly stored: ApiObject
}

async function applyOnce(
  server: ApiServer,
  placed: PlacedObject,
  { dryRun, recreate, signal }: ApplyOptions,
): Promise<AppliedOnce> {
  const { object, namespace } = placed
  const named = namedObject(placed)
  const identity = { ...named, groupKind: groupKind(object), collection: collectionOf(placed.resource, namespace) }
  const request = applyRequest(server, placed, dryRun)
  const unapplied = { ...identity, uid: '', appliedAt: new Date() }
  const planned = (note: string) => ({ applied: { ...unapplied, note }, stored: {} })
  let response: HttpResponse
  try {
    const retryWindowMs = placed.needsManifest && !dryRun ? RETRY_WINDOW_MS : 0
    const send = (one: ClusterRequest) => requestWithRetries(server, one, { retryWindowMs, signal })
    const name = displayName(named)
    response = await keepingStoredFields(server, request, async (one) =>
      dryRun ? await send(one) : await applyToExisting(server, { request: one, name }, send),
    )
  } catch (error) {
    if (error instanceof HttpError && isManifestMistake(error)) throw manifestMistake(error, request.operation, object)
    const isRecreated = recreate.some((one) => one === groupKind(object))
    const refused = isRefusedChange(object, error) ? await readObject(server, request) : {}
    if (deletionOf(refused) !== undefined) return { applied: unapplied, stored: refused }
    if (isRecreated && isRefusedChange(object, error)) {
      await deleteRefused(server, { object, stored: named, refusal: error, dryRun }, signal)
      if (dryRun) return planned('the API server refuses the change: it would be deleted and created again')
      response = await server.request(request)
    } else if (dryRun && isDuplicate(error) && (await hasClientSideFields(server, request))) {
      return planned('not checked: the fields that `kubectl apply` set before would be taken over first')
    } else {
      throw await explained(server, { object, namespace }, error)
    }
  }
  const stored = response.json()
  const date = new Date(String(response.headers.date ?? ''))
  const appliedAt = Number.isNaN(date.getTime()) ? new Date() : date
  return { applied: { ...identity, uid: uidOf(stored), appliedAt }, stored }
}

function namedObject({ object: { kind, metadata }, resource, namespace }: PlacedObject) {
  const path = `${collectionOf(resource, namespace)}/${encodeURIComponent(metadata.name)}`
  return { kind, name: metadata.name, namespace, path, resource: `${resource.plural}/${metadata.name}` }
}

function applyRequest(server: ApiServer, placed: PlacedObject, dryRun: boolean): ApplyRequest {
  const { object, resource, namespace } = placed
  const named = namedObject(placed)
  // As kubectl does, a cluster-scoped object loses a namespace that its manifest has: the API server would refuse it.
  const { namespace: _, ...metadata } = object.metadata
  const inNamespace = { ...object, metadata: namespace ? { ...metadata, namespace } : metadata }
  return {
    operation: `apply ${displayName(named)} in cluster ${server.name}`,
    method: 'PATCH',
    path: named.path,
    query: { fieldManager: MANAGER_NAME, force: 'true', ...(dryRun && { dryRun: 'All' }) },
    contentType: 'application/apply-patch+yaml',
    isPermanent: isManifestMistake,
    body: withPortProtocols(withTextQuantities(inNamespace)),
    hints: () => ({
      403: `Grant the verbs get, create and patch on ${resource.plural} to the kubeconfig user of this cluster.`,
      404: `Create namespace ${namespace} first.`,
      422: 'Fix what the API server names, or delete the object if it can be recreated.',
    }),
  }
}

/** The error with the hint of its cause: a refused change, a 403 that is not about permissions, a missing namespace. */
async function explained(
  server: ApiServer,
  { object, namespace }: Pick<PlacedObject, 'object' | 'namespace'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof HttpError)) return error
  const { code, message, details, status, serverMessage } = error
  if (isRefusedChange(object, error))
    return new ActionError(code, message, { hint: recreationHint(object), details, cause: error })
  const isNamespaceMissing = status === 404 && serverMessage.startsWith(`namespaces "${namespace}"`)
  return isNamespaceMissing ? await withNearNamespaces(server, error, namespace) : (admissionError(error) ?? error)
}

async function requestWithRetries(
  server: ApiServer,
  request: ClusterRequest,
  { retryWindowMs, signal }: { readonly retryWindowMs: number; readonly signal: AbortSignal },
): Promise<HttpResponse> {
  const deadlineMs = Date.now() + retryWindowMs
  for (;;) {
    try {
      return await server.request(request)
    } catch (error) {
      if (!isNotReadyYet(error) || Date.now() >= deadlineMs) throw error
    }
    await delay(RETRY_INTERVAL_MS, request.operation, signal)
  }
}

/** Whether the API server does not serve the kind yet, or the new namespace does not have its service account yet. */
function isNotReadyYet(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false
  return error.status === 404 || (error.status === 403 && isMissingAccount(error.serverMessage))
}

/** `error looking up service account shop/default: serviceaccount "default" not found` */
function isMissingAccount(message: string): boolean {
  const start = message.indexOf('serviceaccount ')
  return start >= 0 && message.includes(' not found', start)
}
