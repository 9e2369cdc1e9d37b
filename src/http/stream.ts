import type { Dispatcher } from 'undici'
import apiRequest from 'undici/lib/api/api-request.js'
import { abortError } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import { asObject } from '../core/json.ts'
import { Body } from './body.ts'
import { exchangeOf, type HttpRequest, USER_AGENT } from './client.ts'
import { type Connections, connectionsTo } from './connections.ts'
import { type Exchange, HttpError, NetworkError, UnexpectedResponse } from './errors.ts'
import { requireSafe } from './named-server.ts'

export type StreamRequest = Pick<HttpRequest, 'service' | 'operation' | 'url' | 'credentials' | 'hints' | 'about'>

/**
 * Yields each line of a response as a JSON object when it arrives, until the server ends the response or `signal` aborts.
 * @throws HttpError | NetworkError | UnexpectedResponse | ActionError when the run is aborted
 */
export type Stream = (request: StreamRequest, signal: AbortSignal) => AsyncGenerator<Readonly<Record<string, unknown>>>

/** A connection that is silent for longer counts as lost. Longer than the `timeoutSeconds` of the watches of this action. */
const IDLE_TIMEOUT_MS = 60_000

/** Longer than any object in etcd: https://etcd.io/docs/v3.6/dev-guide/limit/ */
const MAX_LINE_LENGTH = 8 * 1024 * 1024

/**
 * The HTTP client for responses without an end, such as a watch. It follows no redirect and does not retry: the caller knows
 * where to continue.
 * @param onRequest is called for every request that is sent
 */
export function createStream(connections: Connections, run: AbortSignal, onRequest = () => {}): Stream {
  return async function* stream(request, signal) {
    const url = new URL(request.url)
    const exchange = exchangeOf(request, url)
    requireSafe(url, request.operation)
    try {
      onRequest()
      const { statusCode, body } = await apiRequest.call(await connectionsTo(connections, url), {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        signal: AbortSignal.any([run, signal]),
        headers: { 'user-agent': USER_AGENT, accept: 'application/json', ...request.credentials },
        headersTimeout: IDLE_TIMEOUT_MS,
        bodyTimeout: IDLE_TIMEOUT_MS,
      })
      if (statusCode !== 200) {
        const hint = request.hints?.()[statusCode]
        throw new HttpError(exchange, { status: statusCode, body: await readError(statusCode, body) }, hint)
      }
      let line = ''
      for await (const chunk of body.setEncoding('utf8')) {
        const [head = '', ...rest] = String(chunk).split('\n')
        line += head
        for (const next of rest) {
          yield parseLine(line, exchange)
          line = next
        }
        if (line.length > MAX_LINE_LENGTH) throw new UnexpectedResponse(exchange, 'one of its lines is too long')
      }
    } catch (error) {
      if (run.aborted) throw abortError(request.operation, run)
      if (signal.aborted) return
      throw error instanceof ActionError ? error : new NetworkError(exchange, error)
    }
  }
}

async function readError(status: number, stream: Dispatcher.ResponseData['body']): Promise<string> {
  const body = new Body(status)
  // To leave the loop closes the connection.
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!body.add(chunk)) break
  return body.text()
}

function parseLine(line: string, exchange: Exchange): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(line))
  } catch {
    // The parser's message quotes the line, which may contain a secret.
    throw new UnexpectedResponse(exchange, `a line of ${line.length} characters is not JSON`)
  }
}
