// The query of Harbor's lists, and their pages. After goharbor/harbor at c50c7ddd: src/lib/q/builder.go, src/lib/orm/query.go,
// src/server/v2.0/handler/base.go.
import { type FakeResponse, json } from '../http/exchange.ts'
import { refuse } from './error.ts'

export type Keywords = ReadonlyMap<string, string>

/** `k=v` and `k=~v` between commas. It is decoded a second time. @returns a refusal when it has another form */
export function parseQuery(q: string): Keywords | FakeResponse {
  if (q === '') return new Map()
  const keywords = new Map<string, string>()
  for (const part of unescapeQuery(q).split(',')) {
    const separator = part.indexOf('=')
    const [key, value] = [part.slice(0, separator), part.slice(separator + 1)]
    if (separator < 1 || value === '')
      return refuse('BAD_REQUEST', 'the query string must contain "=" and the key/value cannot be empty')
    if (value === '~') return refuse('BAD_REQUEST', `invalid query string value: ${value}`)
    keywords.set(key, value)
  }
  return keywords
}

export function isRefusal(value: Keywords | FakeResponse): value is FakeResponse {
  return 'status' in value
}

/** Whether a field has the value: `~v` is contained in it, whatever the case. */
export function matches(field: string, value: string | undefined): boolean {
  if (value === undefined) return true
  return value.startsWith('~') ? field.toLowerCase().includes(value.slice(1).toLowerCase()) : field === value
}

const MAX_PAGE_SIZE = 100

/** One page of a list, with the total and a link to the next one: a path, whose query is not encoded. */
export function pageOf(all: readonly object[], path: string, query: URLSearchParams): FakeResponse {
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('page_size') ?? 10)]
  if (!Number.isInteger(page) || !Number.isInteger(size))
    return refuse('UNPROCESSABLE_ENTITY', 'page in query must be of type int64')
  if (size > MAX_PAGE_SIZE)
    return refuse('UNPROCESSABLE_ENTITY', `page_size in query should be less than or equal to ${MAX_PAGE_SIZE}`)
  const links = [
    ...(page > 1 && (page - 1) * size < all.length ? [link('prev', page - 1)] : []),
    ...(page * size < all.length ? [link('next', page + 1)] : []),
  ]
  const headers = { 'x-total-count': String(all.length), ...(links.length > 0 && { link: links.join(' , ') }) }
  // 0 is no limit.
  const shown = size === 0 ? all : all.slice((page - 1) * size, page * size)
  return json(200, shown, headers)

  function link(rel: string, number: number): string {
    const linked = new URLSearchParams(query)
    linked.set('page', String(number))
    linked.set('page_size', String(size))
    linked.sort()
    return `<${path}?${unescapeQuery(String(linked))}>; rel="${rel}"`
  }
}

/** As Go's url.QueryUnescape. */
function unescapeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
