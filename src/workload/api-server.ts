import type { HttpAnswer } from '../http.ts'

export interface ApiRequest {
  readonly doing: string
  readonly method?: 'GET' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly body?: unknown
  readonly expect?: readonly number[]
  readonly cures?: Readonly<Record<number, string>>
}

/** What this room needs of a cluster. */
export interface ApiServer {
  readonly name: string
  readonly request: (request: ApiRequest) => Promise<HttpAnswer>
  /** An answer that comes object by object, until the server or the signal ends it. */
  readonly stream: (
    request: Pick<ApiRequest, 'doing' | 'path' | 'query'>,
    signal: AbortSignal,
  ) => AsyncGenerator<Readonly<Record<string, unknown>>>
}
