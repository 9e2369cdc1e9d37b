import type { Dispatcher } from 'undici'
import { Body } from './body.ts'
import type { HttpResponse } from './response.ts'

export interface AttemptOptions extends Dispatcher.DispatchOptions {
  readonly timeoutMs: number
  /** Each of them aborts it. */
  readonly signals: readonly AbortSignal[]
}

export type Received = Pick<HttpResponse, 'status' | 'headers' | 'text'>

/**
 * Sends a request once and receives the response. undici's `request` would make a stream of it, and need an AbortController.
 * @see https://github.com/nodejs/undici/blob/main/docs/docs/api/Dispatcher.md#dispatcherdispatchoptions-handler
 * @throws BodyTooLarge, the reason of a signal, or what went wrong with the connection
 */
export async function sendAttempt(
  dispatcher: Dispatcher,
  { timeoutMs, signals, ...options }: AttemptOptions,
): Promise<Received> {
  for (const signal of signals) signal.throwIfAborted()
  const attempt = new Attempt()
  const timer = setTimeout(() => attempt.abort(new Error(`no response within ${timeoutMs / 1000} s`)), timeoutMs)
  const onAbort = ({ target }: Event) => attempt.abort((target as AbortSignal).reason)
  for (const signal of signals) signal.addEventListener('abort', onAbort)
  try {
    dispatcher.dispatch(options, attempt)
    const received = await attempt.received
    if (attempt.hasOwnConnection) await nextTurn()
    return received
  } finally {
    clearTimeout(timer)
    for (const signal of signals) signal.removeEventListener('abort', onAbort)
  }
}

/**
 * Until undici lends a connection of HTTP/1.1 again. A request before that would open another one, with another handshake.
 * @see https://github.com/nodejs/undici/blob/main/lib/dispatcher/client-h1.js `onMessageComplete`
 */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

class Attempt implements Dispatcher.DispatchHandler {
  readonly received: Promise<Received>
  readonly #resolve: (received: Received) => void
  readonly #reject: (error: unknown) => void
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined
  #status = 0
  #headers: HttpResponse['headers'] = {}
  #body = new Body(this.#status)

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<Received>()
    this.received = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  /** As in HTTP/1.1, which has a list of headers, where HTTP/2 has an object. */
  get hasOwnConnection(): boolean {
    return Array.isArray(this.#controller?.rawHeaders)
  }

  /** Also a request that waits for its connection fails at once: it is not sent later. */
  abort(error: Error): void {
    this.#aborted ??= error
    this.#reject(error)
    this.#controller?.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(this.#aborted)
  }

  onResponseStart(_: unknown, status: number, headers: HttpResponse['headers']): void {
    this.#status = status
    this.#headers = headers
    this.#body = new Body(status)
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    try {
      if (this.#body.add(chunk)) return
      this.onResponseEnd()
      // The connection is closed: the rest would have to be read.
      this.#controller?.abort(new Error('the rest of the body is of no use'))
    } catch (error) {
      this.abort(error as Error)
    }
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, headers: this.#headers, text: this.#body.text() })
  }

  onResponseError(_: unknown, error: Error): void {
    this.#reject(error)
  }
}
