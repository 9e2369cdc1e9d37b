import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { asObjects } from '../core/json.ts'
import { isForbidden } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import { debug } from '../runner/log.ts'
import { type ApiObject, Collection } from './collection.ts'

/** Milliseconds in which changes are gathered: a rollout brings many at once. */
const GATHER = 100

/** Follows what is waited for in one namespace of a cluster, each kind once, whoever asks. */
export class Observer implements Disposable {
  readonly server: ApiServer
  readonly #namespace: string
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0)
  readonly #collections = new Map<string, Collection>()
  readonly #run: AbortSignal
  readonly #end = new AbortController()
  #mayReadEvents = true

  constructor(server: ApiServer, namespace: string, run: AbortSignal) {
    this.server = server
    this.#namespace = namespace
    this.#run = run
  }

  collection(path: string): Collection {
    const known = this.#collections.get(path)
    if (known !== undefined) return known
    const collection = new Collection(this.server, path, this.#changes, this.#signal)
    this.#collections.set(path, collection)
    void collection.follow()
    return collection
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#run, this.#end.signal])
  }

  get pods(): Collection {
    return this.collection(`/api/v1/namespaces/${this.#namespace}/pods`)
  }

  get replicaSets(): Collection {
    return this.collection(`/apis/apps/v1/namespaces/${this.#namespace}/replicasets`)
  }

  /** What was told of an object; undefined when that may not be read. */
  async eventsOf(uid: string): Promise<readonly ApiObject[] | undefined> {
    return await this.#listEvents(`involvedObject.uid=${uid}`)
  }

  /** What was told of images that are on their node. */
  async pulledEvents(): Promise<readonly ApiObject[]> {
    return (await this.#listEvents('involvedObject.kind=Pod,reason=Pulled')) ?? []
  }

  /** Waits for a change, for so long at most (milliseconds). */
  async change(timeout: number): Promise<void> {
    const changed = new AbortController()
    const stop = () => changed.abort()
    this.#changes.once('change', stop)
    // A timer of its own, since that of AbortSignal.timeout does not keep the process alive.
    await sleep(timeout, undefined, { signal: AbortSignal.any([this.#run, changed.signal]) }).catch(() => {})
    this.#changes.off('change', stop)
    await sleep(Math.min(GATHER, timeout), undefined, { signal: this.#run }).catch(() => {})
  }

  async #listEvents(fieldSelector: string): Promise<readonly ApiObject[] | undefined> {
    if (!this.#mayReadEvents) return undefined
    const doing = `list the events of the namespace ${this.#namespace} in the cluster ${this.server.name}`
    const path = `/api/v1/namespaces/${this.#namespace}/events`
    try {
      return asObjects((await this.server.request({ doing, path, query: { fieldSelector } })).json().items)
    } catch (error) {
      // Events only explain: without them the wait goes on.
      debug(String(error))
      this.#mayReadEvents = !isForbidden(error)
      return undefined
    }
  }

  [Symbol.dispose](): void {
    this.#end.abort()
  }
}
