import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpAnswer, LONGEST_PAUSE } from '../http/client.ts'
import { info } from '../runner/log.ts'

/** Milliseconds; API servers ask for no less. */
const SHORTEST_PAUSE = 1000
/** So often in all a request is put off. */
const PATIENCE = 100
/** After so many answers in a row one more request goes at a time. */
const RECOVERY = 100

/**
 * Paces the requests to one API server: so many go at a time. When it answers 429, as its priority and fairness does to
 * what it did not even look at, nobody asks again before the time that it names, and then only half as many at a time.
 */
export class Throttle {
  readonly #cluster: string
  readonly #most: number
  readonly #signal: AbortSignal
  #allowed: number
  #inFlight = 0
  #answered = 0
  readonly #line: (() => void)[] = []
  #pauseEnd = 0
  #pause: Promise<void> | undefined

  constructor(cluster: string, concurrency: number, signal: AbortSignal) {
    this.#cluster = cluster
    this.#most = concurrency
    this.#signal = signal
    this.#allowed = concurrency
  }

  /** Sends when it is this one's turn; a 429 puts it off. @throws HttpError when it is put off too often or for too long */
  async turn(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    for (let refusals = 1; ; refusals++) {
      const answer = await this.#inTurn(send)
      if (answer.status !== 429) return answer
      if (refusals === PATIENCE || pauseOf(answer) > LONGEST_PAUSE) throw answer.error()
    }
  }

  /** Until the API server takes requests again. */
  async ready(): Promise<void> {
    await this.#pause
  }

  async #inTurn(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    await new Promise<void>((resolve) => {
      this.#line.push(resolve)
      this.#admit()
    })
    try {
      await this.ready()
      const answer = await send()
      if (answer.status === 429) this.#slowDown(pauseOf(answer))
      else this.#speedUp()
      return answer
    } finally {
      this.#inFlight--
      this.#admit()
    }
  }

  #admit(): void {
    while (this.#inFlight < this.#allowed) {
      const next = this.#line.shift()
      if (next === undefined) return
      this.#inFlight++
      next()
    }
  }

  /** All that are in flight may be refused together: that is one reason to slow down, not many. */
  #slowDown(pause: number): void {
    if (pause > LONGEST_PAUSE) return
    this.#pauseEnd = Math.max(this.#pauseEnd, performance.now() + pause)
    this.#answered = 0
    if (this.#pause !== undefined) return
    this.#allowed = Math.ceil(this.#allowed / 2)
    info(
      `The cluster ${this.#cluster} has too many requests: going on in ${pause / 1000} s, with ${this.#allowed} at a time`,
    )
    this.#pause = this.#waitOut().finally(() => {
      this.#pause = undefined
    })
  }

  async #waitOut(): Promise<void> {
    while (performance.now() < this.#pauseEnd && !this.#signal.aborted) {
      await sleep(this.#pauseEnd - performance.now(), undefined, { signal: this.#signal }).catch(() => {})
    }
  }

  #speedUp(): void {
    if (this.#allowed === this.#most || ++this.#answered < RECOVERY) return
    this.#answered = 0
    this.#allowed++
  }
}

function pauseOf(answer: HttpAnswer): number {
  return Math.max(SHORTEST_PAUSE, answer.error().retryAfter ?? 0)
}
