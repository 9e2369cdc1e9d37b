import { type Dispatcher, request as undiciRequest } from 'undici'
import { stopped } from '../core/abort.ts'
import { Failure } from '../core/errors.ts'
import { asObject } from '../core/json.ts'
import { describeRequest, type HttpRequest, requireSafe, USER_AGENT } from './client.ts'
import { HttpError, NetworkError, UnexpectedAnswer } from './errors.ts'

export type StreamRequest = Pick<HttpRequest, 'doing' | 'url' | 'credentials' | 'cures'>

/** The JSON lines of an answer, as they come, until the server ends it or `signal` does. No redirect is followed. */
export type Stream = (request: StreamRequest, signal: AbortSignal) => AsyncGenerator<Readonly<Record<string, unknown>>>

/** Milliseconds without a byte after which a connection counts as dead. */
const IDLE = 60_000

/** Characters; no object that etcd can hold is larger. */
const LONGEST_LINE = 8 * 1024 * 1024

/**
 * Beside `createSend`, for answers that have no end of their own. Nothing is repeated: who follows a stream knows from
 * where to go on. `run` ends everything, as a failure.
 */
export function createStream(dispatcher: Dispatcher, run: AbortSignal): Stream {
  return async function* stream(request, signal) {
    const url = new URL(request.url)
    const from = describeRequest({}, url)
    requireSafe(url, request.doing)
    try {
      const { statusCode, body } = await undiciRequest(url, {
        dispatcher,
        signal: AbortSignal.any([run, signal]),
        headers: { 'user-agent': USER_AGENT, accept: 'application/json', ...request.credentials },
        headersTimeout: IDLE,
        bodyTimeout: IDLE,
      })
      if (statusCode !== 200) {
        const cure = request.cures?.[statusCode]
        throw new HttpError(request.doing, { from, status: statusCode, body: await body.text(), cure })
      }
      let line = ''
      for await (const chunk of body.setEncoding('utf8')) {
        const [head = '', ...rest] = String(chunk).split('\n')
        line += head
        for (const next of rest) {
          yield parse(line, request, from)
          line = next
        }
        if (line.length > LONGEST_LINE) throw new UnexpectedAnswer(request.doing, from, 'one of its lines has no end')
      }
    } catch (error) {
      if (run.aborted) throw stopped(request.doing, run)
      if (signal.aborted) return
      throw error instanceof Failure ? error : new NetworkError(request.doing, from, error)
    }
  }
}

function parse(line: string, { doing }: StreamRequest, from: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(line))
  } catch {
    // The parser's own message quotes the line.
    throw new UnexpectedAnswer(doing, from, `a line of ${line.length} characters is not JSON`)
  }
}
