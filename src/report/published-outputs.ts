import { setOutput } from '@actions/core'
import type { OutputName } from './outputs.ts'

/** The outputs of a run. Each is set as soon as it is known, so it exists when a later phase fails. */
export class PublishedOutputs {
  readonly #published = new Set<OutputName>()

  publish(name: OutputName, value: string | boolean): void {
    this.#published.add(name)
    setOutput(name, value)
  }

  /** What a run did not get to, or was not asked for: a workflow can still read it as JSON. */
  publishRest(): void {
    for (const name of ['changed', 'minted'] as const) this.#publishMissing(name, false)
    for (const name of ['targets', 'workloads', 'revoked', 'unrevoked'] as const) this.#publishMissing(name, '[]')
  }

  #publishMissing(name: OutputName, value: string | boolean): void {
    if (!this.#published.has(name)) this.publish(name, value)
  }
}
