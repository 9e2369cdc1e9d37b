import { Failure } from '../../core/errors.ts'
import { asObject, asObjects } from '../../core/json.ts'
import type { HttpAnswer, Send } from '../../http/client.ts'
import { printable } from '../../runner/log.ts'

/** An organization by its name, to be looked up, or by its GUID. */
export type Organization = { readonly name: string } | { readonly guid: string }

interface Found {
  readonly guid: string
  readonly name: string
}

/** More pages than any Cloud Controller has organizations for; a server that never ends them is broken. */
const MOST_PAGES = 1000

/**
 * The GUID of an organization: by API v3, else by v2, reading all pages, by exact name.
 * @throws Failure when no organization, or more than one, has that name
 */
export async function getOrganizationGuid(
  send: Send,
  apiEndpoint: string,
  accessToken: string,
  organization: Organization,
): Promise<string> {
  if ('guid' in organization) return organization.guid
  const { name } = organization
  const get = (path: string, expect: readonly number[]) =>
    send({
      doing: `look up the organization "${printable(name)}" at ${apiEndpoint}`,
      url: apiEndpoint + path,
      credentials: { authorization: `Bearer ${accessToken}` },
      expect,
      cures: { 401: LOGIN_CURE, 403: LOGIN_CURE },
    })
  const found = (await v3(get, name)) ?? (await v2(get, name))
  const guids = new Set(found.filter((one) => one.name === name).map((one) => one.guid))
  const [guid] = guids
  if (guid !== undefined && guids.size === 1) return guid
  throw guids.size > 1 ? severalOf(name, guids) : noneOf(name, found, apiEndpoint)
}

const LOGIN_CURE =
  'The login was accepted earlier or given as a token, and not here: it may have ended, or be meant for another environment.'

type Get = (path: string, expect: readonly number[]) => Promise<HttpAnswer>

/** @returns undefined where the API has no v3 */
async function v3(get: Get, name: string): Promise<Found[] | undefined> {
  // The server splits `names` at commas and decodes each name once more.
  const twice = encodeURIComponent(name.replace(/[%,+]/g, encodeURIComponent))
  return await pages(get, `/v3/organizations?names=${twice}&per_page=100`, (page) => ({
    found: asObjects(page.resources).flatMap((one) => found(one.guid, one.name)),
    next: asObject(asObject(page.pagination).next).href,
  }))
}

async function v2(get: Get, name: string): Promise<Found[]> {
  // `;` separates filters, and stands doubled for itself.
  const query = encodeURIComponent(`name:${name.replaceAll(';', ';;')}`)
  const all = await pages(get, `/v2/organizations?q=${query}&results-per-page=100`, (page) => ({
    found: asObjects(page.resources).flatMap((one) => found(asObject(one.metadata).guid, asObject(one.entity).name)),
    next: page.next_url,
  }))
  if (all !== undefined) return all
  throw new Failure('The API has neither /v3/organizations nor /v2/organizations', {
    cure: 'Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>.',
  })
}

async function pages(
  get: Get,
  first: string,
  read: (page: Record<string, unknown>) => { readonly found: readonly Found[]; readonly next: unknown },
): Promise<Found[] | undefined> {
  const all: Found[] = []
  let path: string | undefined = first
  for (let count = 0; path !== undefined && count < MOST_PAGES; count++) {
    const answer = await get(path, count === 0 ? [404] : [])
    if (answer.status === 404) return undefined
    const page = read(answer.json())
    all.push(...page.found)
    path = nextPath(page.next)
  }
  return all
}

/** A link to the next page may be relative or absolute; the token goes to our endpoint only, so its host is ignored. */
function nextPath(link: unknown): string | undefined {
  if (typeof link !== 'string' || !URL.canParse(link, 'https://host')) return undefined
  const { pathname, search } = new URL(link, 'https://host')
  return pathname + search
}

function found(guid: unknown, name: unknown): Found[] {
  return typeof guid === 'string' && typeof name === 'string' ? [{ guid, name }] : []
}

function noneOf(name: string, found: readonly Found[], apiEndpoint: string): Failure {
  const alike = found.map((one) => `"${printable(one.name)}"`).join(', ')
  return new Failure(`No organization "${printable(name)}" at ${apiEndpoint}${alike && `, only ${alike}`}`, {
    cure: 'Check `organization` (upper and lower case count), and that this login is a member of it; or give `organization-guid`.',
  })
}

function severalOf(name: string, guids: ReadonlySet<string>): Failure {
  const ids = [...guids].map(printable).join(', ')
  return new Failure(`${guids.size} organizations are called "${printable(name)}": ${ids}`, {
    cure: 'Give the right one as `organization-guid`.',
  })
}
