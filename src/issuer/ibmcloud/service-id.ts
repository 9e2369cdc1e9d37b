import { ActionError } from '../../core/errors.ts'
import { asObjects } from '../../core/json.ts'
import { nearestNames } from '../../core/nearest-names.ts'
import { lookUpBriefly } from '../../http/brief-lookup.ts'
import type { Send } from '../../http/client.ts'
import { printable } from '../../runner/log.ts'
import { pageTokenOf } from './page-token.ts'

/** A service ID, by its IAM ID `iam-ServiceId-…` or by a name to look up. */
export type ServiceId = { readonly iamId: string } | { readonly name: string }

interface ServiceIdRequest {
  readonly iamEndpoint: string
  readonly account: string
  readonly serviceId: ServiceId
  readonly accessToken: string
}

interface ListedServiceId {
  readonly iamId: string
  readonly name: string
}

/** More than an account can have; it stops at a server that always returns a next page. */
const MAX_PAGES = 1000
/** Of the names that an error suggests. */
const MAX_SUGGESTED_PAGES = 10

/** The IAM ID becomes part of requests and of commands in messages. */
const IAM_ID = /^iam-ServiceId-[\w-]+$/

/**
 * The IAM ID of a service ID, looked up by its exact name: names are not unique in an account.
 * @see https://cloud.ibm.com/apidocs/iam-identity-token-api#list-service-ids
 * @throws ActionError when no service ID or more than one has that name
 */
export async function getServiceId(send: Send, request: ServiceIdRequest): Promise<string> {
  const { serviceId, iamEndpoint, account } = request
  if ('iamId' in serviceId) return serviceId.iamId
  const { name } = serviceId
  const iamIds = new Set(
    (await list(send, request, { name })).filter((one) => one.name === name).map((one) => one.iamId),
  )
  const [iamId] = iamIds
  if (iamId !== undefined && iamIds.size === 1) return iamId
  const details = { host: new URL(iamEndpoint).host }
  if (iamIds.size > 1) {
    const ids = [...iamIds].map((one) => one.replace(/^iam-/, '')).join(', ')
    const message = `${iamIds.size} service IDs have the name "${printable(name)}": ${ids}`
    throw new ActionError('service-id-not-found', message, { hint: 'Set `service-id` to the right ID.', details })
  }
  const listed = await lookUpBriefly('the names of service IDs', async (limits) => {
    return await list((one) => send({ ...one, ...limits }), request, { maxPages: MAX_SUGGESTED_PAGES })
  })
  const names = listed?.map((one) => one.name) ?? []
  const [nearest] = nearestNames(name, names, { limit: 1 })
  // Without its beginning, an ID is taken for a name.
  const meant = listed?.find((one) => one.iamId.toLowerCase().endsWith(`serviceid-${withoutBeginning(name)}`))
  const similar =
    meant !== undefined
      ? ` (its ID is ${meant.iamId.replace(/^iam-/, '')})`
      : nearest === undefined
        ? ''
        : ` (the nearest name is "${printable(nearest)}")`
  const message = `Service ID "${printable(name)}" was not found in account ${account} at ${iamEndpoint}${similar}`
  throw new ActionError('service-id-not-found', message, { hint: NAME_HINT, details })
}

function withoutBeginning(id: string): string {
  return id.toLowerCase().replace(/^(?:iam-)?(?:serviceid-)?/, '')
}

const NAME_HINT =
  'Check `service-id`, which is case-sensitive, and `account`, and that the owner of `api-key` may view this service ID; or set the ID, as in ServiceId-1234.'

const LIST_HINTS = {
  401: 'IAM no longer accepts the login of this run: check that `api-key` was not deleted or disabled.',
  403: 'Grant the owner of `api-key` the role Viewer of the IAM Identity Service, or set `service-id` to the ID, as in ServiceId-1234.',
  404: 'Check `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com.',
}

async function list(
  send: Send,
  { iamEndpoint, account, accessToken, serviceId }: ServiceIdRequest,
  { name: filter, maxPages = MAX_PAGES }: { readonly name?: string; readonly maxPages?: number },
): Promise<ListedServiceId[]> {
  const name = 'name' in serviceId ? printable(serviceId.name) : ''
  const all: ListedServiceId[] = []
  const query = new URLSearchParams({ account_id: account, ...(filter && { name: filter }), pagesize: '100' })
  for (let page = 0; page < maxPages; page++) {
    const response = await send({
      service: 'issuer',
      operation: `look up service ID "${name}" at ${iamEndpoint}`,
      url: `${iamEndpoint}/v1/serviceids?${query}`,
      credentials: { authorization: `Bearer ${accessToken}` },
      hints: () => LIST_HINTS,
    })
    const { serviceids, next } = response.json()
    for (const { iam_id: iamId, name } of asObjects(serviceids)) {
      if (typeof iamId === 'string' && IAM_ID.test(iamId) && typeof name === 'string') all.push({ iamId, name })
    }
    const token = pageTokenOf(next)
    if (token === undefined) break
    query.set('pagetoken', token)
  }
  return all
}
