import type { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { asObject, asObjects, asText } from '../core/json.ts'
import { HttpError, NetworkError } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import { pagesOf } from '../kubernetes/list.ts'
import { debug } from '../runner/log.ts'

export type ApiObject = Readonly<Record<string, unknown>>

/** The last that is known of an object. */
export interface Known {
  readonly object: ApiObject
  readonly isGone: boolean
}

/** Seconds. A connection that died silently is noticed after so long. */
const WATCH = 30
/** Milliseconds until a list or a watch that ended is asked for again. */
const PAUSE = 250
const LONGEST_PAUSE = 5000
/** Milliseconds between lists where nothing can be watched. */
const POLL = 1000
/** How often in a row the server may refuse before that counts. A login that has ended is renewed with the next request. */
const REFUSALS = 5

/**
 * The objects of one kind in one namespace, kept as the API server has them: listed once, then watched. However often
 * the connection ends, and when the server has forgotten where it was, it goes on.
 */
export class Collection {
  /** Why it is not followed: it may not be listed, or the server refuses for good. */
  failure: HttpError | undefined
  readonly #known = new Map<string, Known>()
  readonly #server: ApiServer
  readonly #path: string
  readonly #changes: EventEmitter<{ change: [] }>
  readonly #signal: AbortSignal

  constructor(server: ApiServer, path: string, changes: EventEmitter<{ change: [] }>, signal: AbortSignal) {
    this.#server = server
    this.#path = path
    this.#changes = changes
    this.#signal = signal
  }

  get(name: string): Known | undefined {
    return this.#known.get(name)
  }

  /** The objects that are there and were made by the one of this uid. */
  ownedBy(uid: string): ApiObject[] {
    return [...this.#known.values()]
      .filter(
        ({ object, isGone }) => !isGone && asObjects(metadataOf(object).ownerReferences).some((one) => one.uid === uid),
      )
      .map(({ object }) => object)
  }

  /** Lives until the signal ends it, or the server refuses. */
  async follow(): Promise<void> {
    let refusals = 0
    for (let failures = 0; !this.#signal.aborted; failures++) {
      try {
        const version = await this.#list()
        failures = 0
        refusals = 0
        await this.#watch(version)
      } catch (error) {
        if (this.#signal.aborted) return
        debug(`${this.#path}: ${String(error)}`)
        if (isRefusal(error) && (error.status === 403 || ++refusals === REFUSALS)) {
          this.failure = error
          this.#changes.emit('change')
          return
        }
      }
      await this.#pause(Math.min(PAUSE * 2 ** failures, LONGEST_PAUSE))
    }
  }

  /** @returns the version from which to watch */
  async #list(): Promise<string> {
    const listed = new Map<string, Known>()
    let version = ''
    const doing = `list ${this.#path} in the cluster ${this.#server.name}`
    for await (const page of pagesOf(this.#server, { doing, path: this.#path })) {
      for (const object of page.items) listed.set(nameOf(object), { object, isGone: false })
      version = page.version
    }
    for (const [name, { object }] of this.#known) this.#known.set(name, { object, isGone: true })
    for (const [name, known] of listed) this.#known.set(name, known)
    this.#changes.emit('change')
    return version
  }

  /** Ends when the objects have to be listed again. */
  async #watch(start: string): Promise<void> {
    for (let version = start; !this.#signal.aborted; await this.#pause(PAUSE)) {
      const query = {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: version,
        timeoutSeconds: String(WATCH),
      }
      const doing = `watch ${this.#path} in the cluster ${this.#server.name}`
      try {
        for await (const event of this.#server.stream({ doing, path: this.#path, query }, this.#signal)) {
          const object = asObject(event.object)
          if (event.type === 'ERROR') return
          version = asText(metadataOf(object).resourceVersion) ?? version
          if (event.type === 'BOOKMARK') continue
          this.#known.set(nameOf(object), { object, isGone: event.type === 'DELETED' })
          this.#changes.emit('change')
        }
      } catch (error) {
        debug(String(error))
        // A connection that breaks off is taken up where it was. After anything else the list is asked for again.
        if (!(error instanceof NetworkError && error.sent)) return await this.#pause(POLL)
      }
    }
  }

  async #pause(time: number): Promise<void> {
    await sleep(time, undefined, { signal: this.#signal }).catch(() => {})
  }
}

/** A server that is in trouble, or forgetful, refuses nothing. */
function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && error.status < 500 && error.status !== 410
}

export function metadataOf(object: ApiObject): ApiObject {
  return asObject(object.metadata)
}

function nameOf(object: ApiObject): string {
  return asText(metadataOf(object).name) ?? ''
}
