import { exchangeOf, type HttpRequest, type Send } from '../http/client.ts'
import { HttpError, NetworkError, UnexpectedResponse } from '../http/errors.ts'

/** A request that failed sooner costs little. It may also fail for its own sake, as a list does with a broken object. */
const MIN_FAILURE_MS = 30_000

/**
 * Waits for the first response of a cluster. A cluster that does not respond in time, or to all attempts of a request, is not
 * asked again: each request would take as long, and the other clusters of the run wait.
 */
export class FirstResponse {
  readonly #limitMs: number | undefined
  readonly #controller = new AbortController()
  #hasResponded = false
  #timer: NodeJS.Timeout | undefined
  #failure: unknown

  /** @param limitMs from the first request on; undefined: only the attempts of a request limit it */
  constructor(limitMs: number | undefined) {
    this.#limitMs = limitMs
  }

  guard(send: Send): Send {
    return async (request) => (this.#hasResponded ? await send(request) : await this.#sendFirst(send, request))
  }

  async #sendFirst(send: Send, request: HttpRequest): ReturnType<Send> {
    if (this.#failure !== undefined) throw networkError(request, this.#failure)
    this.#startTimer()
    const limit = this.#controller.signal
    const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal])
    const startMs = performance.now()
    try {
      const response = await send({ ...request, signal })
      this.#responded()
      return response
    } catch (error) {
      if (error instanceof HttpError || error instanceof UnexpectedResponse) this.#responded()
      if (error === limit.reason) throw networkError(request, error)
      if (error instanceof NetworkError && performance.now() - startMs >= MIN_FAILURE_MS) this.#failure ??= error
      throw error
    }
  }

  #startTimer(): void {
    if (this.#limitMs === undefined || this.#timer !== undefined) return
    const reason = new Error(`no response within ${this.#limitMs / 1000} s, a part of the \`timeout\` of the run`)
    this.#timer = setTimeout(() => {
      this.#failure ??= reason
      this.#controller.abort(reason)
    }, this.#limitMs).unref()
  }

  #responded(): void {
    this.#hasResponded = true
    clearTimeout(this.#timer)
  }
}

function networkError(request: HttpRequest, cause: unknown): NetworkError {
  return new NetworkError(exchangeOf(request, new URL(request.url)), cause)
}
