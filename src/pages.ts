import type { HttpAnswer } from './http.ts'
import { UnexpectedAnswer } from './http-error.ts'
import { asObject, asObjects, asText } from './json.ts'

/** What is asked for, of one page as of all. */
interface ListRequest {
  readonly doing: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** A part of a list of the API server. */
export interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** The version of the list, from which to watch it. */
  readonly version: string
}

/** Objects a page, as kubectl asks for them. */
const PAGE = '500'

/**
 * A list, page by page, so that no answer grows with the cluster.
 * @throws UnexpectedAnswer at anything but a list: it says nothing, and nobody may take it for a list of nothing
 */
export async function* pagesOf<R extends ListRequest>(
  server: { readonly request: (request: R) => Promise<HttpAnswer> },
  request: R,
): AsyncGenerator<Page> {
  let next: string | undefined
  do {
    const query = { ...request.query, limit: PAGE, ...(next !== undefined && { continue: next }) }
    const { kind, items, metadata } = (await server.request({ ...request, query })).json()
    // The items of an empty list can be null.
    const isList = Array.isArray(items) || (!items && asText(kind)?.endsWith('List'))
    if (!isList) throw new UnexpectedAnswer(request.doing, `GET ${request.path}`, 'it is no list')
    const { resourceVersion, continue: more } = asObject(metadata)
    yield { items: asObjects(items), version: asText(resourceVersion) ?? '' }
    next = asText(more)
  } while (next !== undefined)
}
