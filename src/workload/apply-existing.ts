import { ActionError } from '../core/errors.ts'
import { asObject } from '../core/json.ts'
import { HttpError } from '../http/errors.ts'
import type { HttpResponse } from '../http/response.ts'
import type { ApiServer, ClusterRequest } from '../kubernetes/client.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { readObject, takeOverClientSideFields } from './client-side-apply.ts'
import { withStoredFields } from './generated-fields.ts'
import { isManifestMistake } from './manifest-mistake.ts'

/** A server-side apply of an object. */
export type ApplyRequest = ClusterRequest & { readonly body: KubernetesObject }

const CONFLICT = 409
/** The API server may refuse the fields of the manifest together with those that the object has from before. */
const REFUSED = [400, 403, 422]

/** No object has it, so an apply with it creates an object, and conflicts with one that exists. */
const UNUSED_RESOURCE_VERSION = '1'

/**
 * Whether an object does not exist, and the API server creates none of its kind with a `resourceVersion`: Services of
 * Kubernetes 1.20, https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/registry/core/service/storage/rest.go.
 */
function isVersionRefused({ status, serverMessage }: HttpError): boolean {
  return status === 500 && serverMessage.includes('resourceVersion should not be set on objects to be created')
}

/** Where the API server refuses an object, tries it again with what it chose for the object that exists. */
export async function keepingStoredFields(
  server: ApiServer,
  request: ApplyRequest,
  apply: (request: ApplyRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await apply(request)
  } catch (error) {
    if (!(error instanceof ActionError && error.details.status === 422)) throw error
    const body = withStoredFields(request.body, await readObject(server, request))
    if (body === undefined) throw error
    return await apply({ ...request, body })
  }
}

/** Takes over what `kubectl apply` owns before an object that exists is applied. A new object takes one request. */
export async function applyToExisting(
  server: ApiServer,
  { request, name }: { readonly request: ClusterRequest; readonly name: string },
  send: (request: ClusterRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const object = asObject(request.body)
  const body = { ...object, metadata: { ...asObject(object.metadata), resourceVersion: UNUSED_RESOURCE_VERSION } }
  const isPermanent = (error: HttpError) => isManifestMistake(error) || isVersionRefused(error)
  const response = await send({ ...request, body, isPermanent, expectedStatuses: [CONFLICT, ...REFUSED] }).catch(
    async (error: unknown) => {
      if (!(error instanceof HttpError && isVersionRefused(error))) throw error
      return await send(request)
    },
  )
  const { status } = response
  if (status !== CONFLICT && !REFUSED.includes(status)) return response
  const { isTakenOver, others } = await takeOverClientSideFields(server, request, name)
  if (status !== CONFLICT && !isTakenOver) throw response.error(request.hints?.()[status])
  return await send(request).catch((error: unknown) => {
    throw isDuplicate(error) && others.length > 0 ? withOwners(error, others) : error
  })
}

/** The entry of a list that the object has from before, and that of the manifest. */
export function isDuplicate(error: unknown): error is HttpError {
  return error instanceof HttpError && error.status === 422 && error.serverMessage.includes('Duplicate value: ')
}

function withOwners({ code, message, details, cause }: HttpError, owners: readonly string[]): ActionError {
  const who = printable(owners.slice(0, MAX_OWNERS).join(', '))
  return new ActionError(code, message, {
    hint: `The object has an entry that the manifest does not have, and that another program set: ${who}. As with \`kubectl apply\`, it stays. Remove it with \`kubectl edit\`, or delete the object.`,
    details,
    cause,
  })
}

const MAX_OWNERS = 5
