import { ActionError } from '../../core/errors.ts'
import { asObject, asObjects } from '../../core/json.ts'
import { lookUpBriefly, type RequestLimits } from '../../http/brief-lookup.ts'
import type { Send } from '../../http/client.ts'
import type { HttpResponse } from '../../http/response.ts'
import { printable } from '../../runner/log.ts'
import { suggestionOf, withSuggestion } from '../../runner/suggestion.ts'
import { API_ENDPOINT_HINT } from './endpoints.ts'

/** A Cloud Foundry organization, by a name to look up or by its GUID. */
export type Organization = { readonly name: string } | { readonly guid: string }

interface OrganizationRequest {
  readonly apiEndpoint: string
  /** A UAA access token. */
  readonly accessToken: string
  readonly organization: Organization
}

interface ListedOrganization {
  readonly guid: string
  readonly name: string
}

/** More than any environment has; it stops at a server that always returns a next page. */
const MAX_PAGES = 1000

/**
 * The GUID of an organization, looked up by its exact name: with API v3, or with v2 where there is no v3.
 * @throws ActionError when no organization or more than one has that name
 */
export async function getOrganizationGuid(
  send: Send,
  { apiEndpoint, accessToken, organization }: OrganizationRequest,
): Promise<string> {
  if ('guid' in organization) return organization.guid
  const { name } = organization
  const operation = `look up organization "${printable(name)}" at ${apiEndpoint}`
  const get: Get = (path, expectedStatuses, limits) =>
    send({
      ...limits,
      service: 'issuer',
      operation,
      url: apiEndpoint + path,
      credentials: { authorization: `Bearer ${accessToken}` },
      expectedStatuses,
      hints: () => ({ 401: LOGIN_HINT, 403: LOGIN_HINT }),
    })
  const byV3 = await listByV3(get, name)
  const listed = byV3 ?? (await listByV2(get, name))
  if (listed !== undefined) {
    const listSome: ListSome = async (limits) => {
      return (await (byV3 === undefined ? listByV2 : listByV3)(get, undefined, limits)) ?? []
    }
    return guidOf(name, listed, apiEndpoint) ?? (await rejectName(name, { listed, listSome, apiEndpoint }))
  }
  const problem = 'the API has neither /v3/organizations nor /v2/organizations'
  throw new ActionError('issuer-not-found', `Could not ${operation}: ${problem}`, {
    hint: API_ENDPOINT_HINT,
    details: { host: new URL(apiEndpoint).host },
  })
}

/** @throws ActionError when more than one organization has that name */
function guidOf(name: string, listed: readonly ListedOrganization[], apiEndpoint: string): string | undefined {
  const guids = new Set(listed.filter((one) => one.name === name).map((one) => one.guid))
  if (guids.size <= 1) return [...guids][0]
  const list = [...guids].map(printable).join(', ')
  const message = `${guids.size} organizations have the name "${printable(name)}": ${list}`
  const details = { host: new URL(apiEndpoint).host }
  throw new ActionError('organization-not-found', message, { hint: AMBIGUOUS_HINT, details })
}

/** The first page of the user's organizations. */
type ListSome = (limits: RequestLimits) => Promise<readonly ListedOrganization[]>

interface Found {
  /** Cloud Controller compares names without case (https://v3-apidocs.cloudfoundry.org/#list-organizations). */
  readonly listed: readonly ListedOrganization[]
  readonly listSome: ListSome
  readonly apiEndpoint: string
}

/** The error for a name that no organization has. It offers the names of others. */
async function rejectName(name: string, { listed, listSome, apiEndpoint }: Found): Promise<never> {
  const names = listed.map((one) => `"${printable(one.name)}"`).join(', ')
  const similar = names && ` (similar names: ${names})`
  const others = similar ? undefined : await lookUpBriefly('the organizations of the user', listSome)
  const suggestion = suggestionOf({
    kind: 'organizations of this login',
    wanted: name,
    names: others?.map((one) => one.name) ?? [],
    otherwise: 'first',
  })
  const message = `Organization "${printable(name)}" was not found at ${apiEndpoint}${similar}`
  throw new ActionError('organization-not-found', message, {
    hint: withSuggestion(NAME_HINT, suggestion),
    details: { host: new URL(apiEndpoint).host },
  })
}

const AMBIGUOUS_HINT = 'Set `organization-guid` to the right one.'

const NAME_HINT =
  'Check `organization`, which is case-sensitive, and that this login is a member of it; or set `organization-guid`.'

const LOGIN_HINT =
  'The Cloud Foundry API rejected the access token: it may have expired, or belong to another environment.'

type Get = (path: string, expectedStatuses: readonly number[], limits?: RequestLimits) => Promise<HttpResponse>

/**
 * @see https://v3-apidocs.cloudfoundry.org/#list-organizations
 * @param name undefined: the organizations of the user
 * @param limits only the first page is read
 * @returns undefined where the API has no v3
 */
async function listByV3(get: Get, name?: string, limits?: RequestLimits): Promise<ListedOrganization[] | undefined> {
  // Cloud Controller splits `names` at commas, and URL-decodes each name once more:
  // https://github.com/cloudfoundry/cloud_controller_ng/blob/main/app/messages/base_message.rb
  const encoded = name === undefined ? undefined : encodeURIComponent(name.replace(/[%,+]/g, encodeURIComponent))
  const filter = encoded === undefined ? '' : `names=${encoded}&`
  return await listPages(get, { path: `/v3/organizations?${filter}per_page=100`, limits }, (page) => ({
    organizations: asObjects(page.resources).flatMap(({ guid, name }) => readOrganization(guid, name)),
    next: asObject(asObject(page.pagination).next).href,
  }))
}

/**
 * @see https://apidocs.cloudfoundry.org/280/organizations/list_all_organizations.html
 * @returns undefined where the API has no v2
 */
async function listByV2(get: Get, name?: string, limits?: RequestLimits): Promise<ListedOrganization[] | undefined> {
  // `;` separates filters, and `;;` is a literal `;`:
  // https://github.com/cloudfoundry/cloud_controller_ng/blob/main/lib/vcap/rest_api/query.rb
  const filter = name === undefined ? '' : `q=${encodeURIComponent(`name:${name.replaceAll(';', ';;')}`)}&`
  return await listPages(get, { path: `/v2/organizations?${filter}results-per-page=100`, limits }, (page) => ({
    organizations: asObjects(page.resources).flatMap(({ metadata, entity }) =>
      readOrganization(asObject(metadata).guid, asObject(entity).name),
    ),
    next: page.next_url,
  }))
}

interface Page {
  readonly organizations: readonly ListedOrganization[]
  /** The link to the next page. */
  readonly next: unknown
}

interface FirstPage {
  readonly path: string
  /** Present: no other page is read. */
  readonly limits: RequestLimits | undefined
}

/** @returns undefined when the first page does not exist */
async function listPages(
  get: Get,
  first: FirstPage,
  read: (body: Record<string, unknown>) => Page,
): Promise<ListedOrganization[] | undefined> {
  const all: ListedOrganization[] = []
  const maxPages = first.limits === undefined ? MAX_PAGES : 1
  let path: string | undefined = first.path
  for (let count = 0; path !== undefined && count < maxPages; count++) {
    const response = await get(path, count === 0 ? [404] : [], first.limits)
    if (response.status === 404) return undefined
    const page = read(response.json())
    all.push(...page.organizations)
    path = pathOf(page.next)
  }
  return all
}

/** A link can be relative or absolute. Its host is ignored, so the access token goes to our endpoint only. */
function pathOf(link: unknown): string | undefined {
  if (typeof link !== 'string' || !URL.canParse(link, 'https://host')) return undefined
  const { pathname, search } = new URL(link, 'https://host')
  return pathname + search
}

function readOrganization(guid: unknown, name: unknown): ListedOrganization[] {
  return typeof guid === 'string' && typeof name === 'string' ? [{ guid, name }] : []
}
