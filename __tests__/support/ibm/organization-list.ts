// The organization lists of the Cloud Foundry API, v2 and v3: filters and pages.

import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import { refuse } from './cloud-foundry-error.ts'
import type { Organization } from './organizations.ts'

interface Page {
  readonly resources: readonly Organization[]
  readonly number: number
  readonly total: number
}

/** `GET /v3/organizations?names=`: a list whose names are escaped once more, found in any case; absolute links. */
export function listV3(
  organizations: readonly Organization[],
  { path, query }: RecordedRequest,
  url: string,
  pageSize: number | undefined,
): FakeResponse {
  const size = Number(query.get('per_page') ?? 50)
  if (!(Number.isInteger(size) && size >= 1 && size <= 5000)) {
    return refuse('v3', 400, 10005, 'CF-BadQueryParameter', 'Per page must be between 1 and 5000')
  }
  const names = query.get('names')?.split(/,\s*/).map(decode)
  const found = organizations.filter((one) => names === undefined || names.some((name) => isAlike(one.name, name)))
  const page = cut(found, Number(query.get('page') ?? 1), pageSize ?? size)
  const link = (number: number) => ({
    href: `${url}${path}?${turned(query, { page: number, per_page: pageSize ?? size })}`,
  })
  return json(200, {
    pagination: {
      total_results: found.length,
      total_pages: page.total,
      first: link(1),
      last: link(page.total),
      next: page.number < page.total ? link(page.number + 1) : null,
      previous: page.number > 1 ? link(page.number - 1) : null,
    },
    resources: page.resources.map(({ guid, name }) => ({
      guid,
      created_at: '2016-02-01T00:00:00Z',
      updated_at: '2018-02-01T00:00:00Z',
      name,
      suspended: false,
      relationships: { quota: { data: { guid: QUOTA } } },
      metadata: { labels: {}, annotations: {} },
      links: { self: { href: `${url}${path}/${guid}` } },
    })),
  })
}

/** `GET /v2/organizations?q=name:`: filters between semicolons, a semicolon in a name doubled; relative links. */
export function listV2(
  organizations: readonly Organization[],
  { path, query }: RecordedRequest,
  pageSize: number | undefined,
): FakeResponse {
  const size = Number(query.get('results-per-page') ?? 50)
  const filters = (query.get('q') ?? '').match(/(?:[^;]|;;)+/g) ?? []
  const names = filters.map((filter) => /^name:(.*)$/s.exec(filter.replaceAll(';;', ';'))?.[1])
  if (!(size >= 1 && size <= 100) || names.includes(undefined)) {
    return refuse('v2', 400, 10005, 'CF-BadQueryParameter', 'The query parameter is invalid')
  }
  const found = organizations.filter((one) => names.every((name = '') => isAlike(one.name, name)))
  const page = cut(found, Number(query.get('page') ?? 1), pageSize ?? size)
  const link = (number: number) => `${path}?${turned(query, { page: number, 'results-per-page': pageSize ?? size })}`
  return json(200, {
    total_results: found.length,
    total_pages: page.total,
    prev_url: page.number > 1 ? link(page.number - 1) : null,
    next_url: page.number < page.total ? link(page.number + 1) : null,
    resources: page.resources.map(({ guid, name, region }) => ({
      metadata: { guid, url: `${path}/${guid}`, created_at: '2016-02-01T00:00:00Z', updated_at: null },
      entity: { name, region, billing_enabled: false, quota_definition_guid: QUOTA, status: 'active' },
    })),
  })
}

const QUOTA = '00000000-0000-4000-8000-000000000099'

function cut(found: readonly Organization[], number: number, size: number): Page {
  return {
    resources: found.slice((number - 1) * size, number * size),
    number,
    total: Math.max(1, Math.ceil(found.length / size)),
  }
}

function turned(query: URLSearchParams, changes: Readonly<Record<string, number>>): URLSearchParams {
  const turned = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) turned.set(name, String(value))
  return turned
}

function isAlike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** As Ruby's CGI.unescape: `+` is a space, and what is no escape stays as it is. */
function decode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
}
