import { formatCount } from '../core/format.ts'
import * as log from './log.ts'

/** One phase of a run that has ended. */
export interface Phase {
  readonly title: string
  readonly durationMs: number
  /** HTTP requests that were sent during it, repeated ones included. */
  readonly requests: number
  readonly isFailed: boolean
}

/** The title of the phase in which nothing but time passes: the job summary shows it apart. */
export const WAIT_FOR_PULLS = 'Wait for in-flight pulls'

/** How long each phase of a run took, and how many requests it sent. */
export class Timeline {
  readonly #elapsedMs: () => number
  readonly #startedAtMs: number
  readonly #phases: Phase[] = []
  #requests = 0

  /** @param elapsedMs milliseconds that only grow */
  constructor(elapsedMs: () => number = () => performance.now()) {
    this.#elapsedMs = elapsedMs
    this.#startedAtMs = elapsedMs()
  }

  get phases(): readonly Phase[] {
    return this.#phases
  }

  /** Of the whole run, also outside of its phases. */
  get total(): Pick<Phase, 'durationMs' | 'requests'> {
    return { durationMs: this.#elapsedMs() - this.#startedAtMs, requests: this.#requests }
  }

  /** Call it for each request that is sent. */
  readonly countRequest = (): void => {
    this.#requests++
  }

  /**
   * Runs one phase, and logs a line when it has ended. Phases do not overlap.
   * @param title what it does, as the name of a step: `Read the targets`
   */
  async phase<T>(title: string, work: () => Promise<T>): Promise<T> {
    const [startedAtMs, requestsBefore] = [this.#elapsedMs(), this.#requests]
    let isFailed = true
    try {
      const result = await work()
      isFailed = false
      return result
    } finally {
      const durationMs = this.#elapsedMs() - startedAtMs
      const phase: Phase = { title, durationMs, requests: this.#requests - requestsBefore, isFailed }
      this.#phases.push(phase)
      log.info(phaseLine(phase))
    }
  }
}

/** `Read the targets: 0.2 s, 4 requests`. */
function phaseLine({ title, durationMs, requests, isFailed }: Phase): string {
  const took = `${isFailed ? 'failed after ' : ''}${formatSeconds(durationMs)}`
  return `${title}: ${took}${requests > 0 ? `, ${formatCount(requests, 'request')}` : ''}`
}

/** `0.2 s`. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`
}
