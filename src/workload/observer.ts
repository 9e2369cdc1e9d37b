import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { asObjects } from '../core/json.ts'
import { isForbidden } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { debug } from '../runner/log.ts'
import { Informer, type InformerDelays } from './informer.ts'

/** Changes within this time are handled together: a rollout makes many at once. */
const CHANGE_DEBOUNCE_MS = 100

export interface ObserverOptions {
  readonly namespace: string
  readonly signal: AbortSignal
  readonly delays?: Partial<InformerDelays>
}

/** Observes one namespace of a cluster for all workloads in it: one informer per kind, started when it is first used. */
export class Observer implements Disposable {
  readonly server: ApiServer
  readonly #namespace: string
  readonly #signal: AbortSignal
  readonly #delays: Partial<InformerDelays> | undefined
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0)
  readonly #informers = new Map<string, Informer>()
  readonly #disposal = new AbortController()
  #canListEvents = true

  constructor(server: ApiServer, { namespace, signal, delays }: ObserverOptions) {
    this.server = server
    this.#namespace = namespace
    this.#signal = signal
    this.#delays = delays
  }

  /** @param path of the collection, such as `/api/v1/namespaces/shop/pods` */
  informer(path: string): Informer {
    const existing = this.#informers.get(path)
    if (existing !== undefined) return existing
    const signal = AbortSignal.any([this.#signal, this.#disposal.signal])
    const informer = new Informer(this.server, { path, changes: this.#changes, signal, delays: this.#delays })
    this.#informers.set(path, informer)
    void informer.run()
    return informer
  }

  get pods(): Informer {
    return this.informer(`/api/v1/namespaces/${this.#namespace}/pods`)
  }

  get replicaSets(): Informer {
    return this.informer(`/apis/apps/v1/namespaces/${this.#namespace}/replicasets`)
  }

  /** What the user may not list, such as `events`: it would show why a workload is not ready. */
  get notListed(): string[] {
    const refused = [...this.#informers].filter(([, { error }]) => error?.status === 403)
    const resources = refused.map(([path]) => path.slice(path.lastIndexOf('/') + 1))
    return [...resources, ...(this.#canListEvents ? [] : ['events'])].sort()
  }

  /** The events about an object; undefined when they cannot be listed. */
  async eventsOf(uid: string): Promise<readonly ApiObject[] | undefined> {
    return await this.#listEvents(`involvedObject.uid=${uid}`)
  }

  /** The events about images that the kubelet pulled or already had. */
  async pulledEvents(): Promise<readonly ApiObject[]> {
    return (await this.#listEvents('involvedObject.kind=Pod,reason=Pulled')) ?? []
  }

  /** Returns after a change, and after `timeoutMs` at the latest. */
  async waitForChange(timeoutMs: number): Promise<void> {
    const changed = new AbortController()
    const stop = () => changed.abort()
    this.#changes.once('change', stop)
    // Not AbortSignal.timeout, whose timer does not keep the process alive.
    await sleep(timeoutMs, undefined, { signal: AbortSignal.any([this.#signal, changed.signal]) }).catch(() => {})
    this.#changes.off('change', stop)
    await sleep(Math.min(CHANGE_DEBOUNCE_MS, timeoutMs), undefined, { signal: this.#signal }).catch(() => {})
  }

  async #listEvents(fieldSelector: string): Promise<readonly ApiObject[] | undefined> {
    if (!this.#canListEvents) return undefined
    const operation = `list the events of namespace ${this.#namespace} in cluster ${this.server.name}`
    const path = `/api/v1/namespaces/${this.#namespace}/events`
    try {
      return asObjects((await this.server.request({ operation, path, query: { fieldSelector } })).json().items)
    } catch (error) {
      // Events only explain a problem: the wait continues without them.
      debug(String(error))
      this.#canListEvents = !isForbidden(error)
      return undefined
    }
  }

  [Symbol.dispose](): void {
    this.#disposal.abort()
  }
}
