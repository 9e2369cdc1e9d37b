import { type Exchange, HttpError, UnexpectedResponse } from './errors.ts'
import { parseRetryAfterMs } from './retry.ts'

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** Whether a redirect led to another origin, which did not get the credentials of the request. */
  readonly credentialsDropped?: boolean
  /** The body as a JSON object; only that of a 2xx is complete. @throws UnexpectedResponse */
  json(): Record<string, unknown>
  /** The error for a response that its API does not define; `problem` as it reads after "but". */
  unexpected(problem: string, hint?: string): UnexpectedResponse
  /** The error for the status of this response. */
  error(hint?: string): HttpError
}

/** The value of a header, the values of several lines joined: https://www.rfc-editor.org/rfc/rfc9110#section-5.3 */
export function header({ headers }: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

export function createResponse(
  exchange: Exchange,
  response: Pick<HttpResponse, 'status' | 'headers' | 'text'>,
): HttpResponse {
  const { status, text } = response
  const unexpected = (problem: string, hint?: string) => new UnexpectedResponse(exchange, problem, hint)
  let parsed: unknown
  return {
    ...response,
    json() {
      try {
        parsed ??= JSON.parse(text)
        if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
          return parsed as Record<string, unknown>
      } catch {
        // The parser's message quotes the body, which may contain a token.
      }
      throw unexpected(`its body of ${text.length} characters is not a JSON object`)
    },
    unexpected,
    error: (hint) => {
      const retryAfterMs = parseRetryAfterMs(header(response, 'retry-after') ?? '')
      return new HttpError(exchange, { status, body: text, retryAfterMs }, hint)
    },
  }
}
