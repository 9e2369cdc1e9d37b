import PQueue from 'p-queue'
import { delay } from '../core/abort.ts'
import type { HttpResponse } from '../http/response.ts'
import { MAX_RETRY_AFTER_MS } from '../http/retry.ts'
import { info } from '../runner/log.ts'

/** The `Retry-After` of API servers, in milliseconds. It is also used when a response has none. */
const MIN_RETRY_AFTER_MS = 1000
/** Of one request. */
const MAX_ATTEMPTS = 100
/** After this many responses in a row without a 429, one more request may be in flight. */
const RESPONSES_TO_RECOVER = 100

export interface ThrottleOptions {
  /** The context of the kubeconfig. */
  readonly cluster: string
  /** How many requests may be in flight. */
  readonly concurrency: number
  /** Aborts every wait. */
  readonly signal: AbortSignal
}

/**
 * The queue of the requests to one API server. API priority and fairness rejects requests with 429 and `Retry-After`, before
 * it processes them, when the server is overloaded:
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 * After a 429 no request is sent until that time is over, and then only half as many at a time.
 */
export class Throttle {
  readonly #options: ThrottleOptions
  readonly #queue: PQueue
  #responsesSinceRejection = 0
  #resumeAt = 0
  #pause: Promise<void> | undefined

  constructor(options: ThrottleOptions) {
    this.#options = options
    this.#queue = new PQueue({ concurrency: options.concurrency })
  }

  /**
   * Calls `send` when the queue reaches it, and again after each 429.
   * @throws HttpError after MAX_ATTEMPTS, or when the API server asks to wait longer than MAX_RETRY_AFTER_MS
   */
  async run(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
    for (let attempts = 1; ; attempts++) {
      const response = await this.#queue.add(() => this.#attempt(send))
      if (response.status !== 429) return response
      if (attempts === MAX_ATTEMPTS || retryAfterMsOf(response) > MAX_RETRY_AFTER_MS) throw response.error()
    }
  }

  /** Resolves when requests may be sent: at once, or at the end of the pause after a 429. */
  async waitForPause(): Promise<void> {
    await this.#pause
  }

  async #attempt(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
    await this.waitForPause()
    const response = await send()
    if (response.status === 429) this.#slowDown(retryAfterMsOf(response))
    else this.#recover()
    return response
  }

  /** The server may reject all requests in flight: together they are one reason to slow down. */
  #slowDown(retryAfterMs: number): void {
    if (retryAfterMs > MAX_RETRY_AFTER_MS) return
    this.#resumeAt = Math.max(this.#resumeAt, performance.now() + retryAfterMs)
    this.#responsesSinceRejection = 0
    if (this.#pause !== undefined) return
    this.#queue.concurrency = Math.ceil(this.#queue.concurrency / 2)
    info(
      `The API server of the cluster ${this.#options.cluster} reported too many requests: continuing in ${retryAfterMs / 1000} s, with ${this.#queue.concurrency} at a time`,
    )
    this.#pause = this.#waitUntilResume().finally(() => {
      this.#pause = undefined
    })
  }

  async #waitUntilResume(): Promise<void> {
    const { cluster, signal } = this.#options
    while (performance.now() < this.#resumeAt && !signal.aborted) {
      const remainingMs = this.#resumeAt - performance.now()
      // An aborted run needs no error here: the requests in the queue throw it.
      await delay(remainingMs, `wait for the API server of the cluster ${cluster}`, signal).catch(() => {})
    }
  }

  #recover(): void {
    if (this.#queue.concurrency === this.#options.concurrency) return
    if (++this.#responsesSinceRejection < RESPONSES_TO_RECOVER) return
    this.#responsesSinceRejection = 0
    this.#queue.concurrency++
  }
}

/** Retry-After of a 429 is optional: https://www.rfc-editor.org/rfc/rfc6585#section-4 */
function retryAfterMsOf(response: HttpResponse): number {
  return Math.max(MIN_RETRY_AFTER_MS, response.error().retryAfterMs ?? 0)
}
