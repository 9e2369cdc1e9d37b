// One HTTP request and its response, as the fake services see them.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

/** Who is asked. `harbor` is its API. `tokens`, `images`, `realm` and `registry` share one host. */
export type ServerName =
  | 'harbor'
  | 'iam'
  | 'uaa'
  | 'cf'
  | 'tokens'
  | 'images'
  | 'realm'
  | 'registry'
  | 'kubernetes'
  | 'github'

export interface RecordedRequest {
  readonly server: ServerName
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Empty where the route streams. */
  readonly body: string
  readonly incoming: IncomingMessage
}

export interface FakeResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer | Readable
}

export type Handler = (request: RecordedRequest) => FakeResponse | Promise<FakeResponse>

export function json(status: number, value: unknown, headers: FakeResponse['headers'] = {}): FakeResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

/** For what a server does not have, so that the journal shows who asked for it. */
export const notFound: Handler = ({ path }) => json(404, { error: 'Not Found', path })

/** User and password of a Basic header; undefined when there is none. */
export function basicLogin({
  headers,
}: Pick<RecordedRequest, 'headers'>): { username: string; password: string } | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [username = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return { username, password: password.join(':') }
}

export function bearerToken({ headers }: RecordedRequest): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

/** The form of a body; empty when the content type is another one, as a servlet container sees it. */
export function form({ headers, body }: RecordedRequest): URLSearchParams {
  const isForm = headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded'
  return new URLSearchParams(isForm ? body : '')
}
