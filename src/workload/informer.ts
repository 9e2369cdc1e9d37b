import type { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { asObject, asText } from '../core/json.ts'
import { HttpError, NetworkError } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import { pagesOf } from '../kubernetes/list.ts'
import { type ApiObject, isOwnedBy, metadataOf, nameOf } from '../kubernetes/object.ts'
import { debug } from '../runner/log.ts'

/** The latest known state of an object. */
export interface CachedObject {
  readonly object: ApiObject
  readonly isDeleted: boolean
}

export interface InformerDelays {
  /** Before the first retry of a list or watch that ended; doubled with each failure in a row. */
  readonly retryMs: number
  readonly maxRetryMs: number
  /** Between two lists where the server accepts no watch. */
  readonly pollMs: number
}

const DEFAULT_DELAYS: InformerDelays = { retryMs: 250, maxRetryMs: 5000, pollMs: 1000 }

/** Limits how long a connection that died without a reset goes unnoticed. */
const WATCH_TIMEOUT_SECONDS = 30

/** Refused lists in a row until the informer gives up. One is normal: an expired token is renewed with the next request. */
const MAX_REFUSALS = 5

export interface InformerOptions {
  /** The path of the collection, such as `/api/v1/namespaces/shop/pods`. */
  readonly path: string
  readonly changes: EventEmitter<{ change: [] }>
  readonly signal: AbortSignal
  readonly delays?: Partial<InformerDelays> | undefined
}

/**
 * Caches the objects of one kind in one namespace: lists them once, then watches them, and lists them again when the
 * server no longer has the version to watch from.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class Informer {
  /** Why the cache is not updated any more: the server keeps refusing the list. */
  error: HttpError | undefined
  readonly #cache = new Map<string, CachedObject>()
  readonly #server: ApiServer
  readonly #path: string
  readonly #changes: EventEmitter<{ change: [] }>
  readonly #signal: AbortSignal
  readonly #delays: InformerDelays

  constructor(server: ApiServer, { path, changes, signal, delays }: InformerOptions) {
    this.#server = server
    this.#path = path
    this.#changes = changes
    this.#signal = signal
    this.#delays = { ...DEFAULT_DELAYS, ...delays }
  }

  get(name: string): CachedObject | undefined {
    return this.#cache.get(name)
  }

  /** The existing objects that the object with this uid owns. */
  ownedBy(uid: string): ApiObject[] {
    return [...this.#cache.values()]
      .filter(({ object, isDeleted }) => !isDeleted && isOwnedBy(object, uid))
      .map(({ object }) => object)
  }

  /** Runs until the signal aborts or the server keeps refusing; then `error` is set. */
  async run(): Promise<void> {
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
        if (isRefusal(error) && (error.status === 403 || ++refusals === MAX_REFUSALS)) {
          this.error = error
          this.#changes.emit('change')
          return
        }
      }
      await this.#delay(Math.min(this.#delays.retryMs * 2 ** failures, this.#delays.maxRetryMs))
    }
  }

  /** @returns the resource version to watch from */
  async #list(): Promise<string> {
    const listed = new Map<string, CachedObject>()
    let version = ''
    const operation = `list ${this.#path} in cluster ${this.#server.name}`
    for await (const page of pagesOf(this.#server, { operation, path: this.#path })) {
      for (const object of page.items) listed.set(nameOf(object), { object, isDeleted: false })
      version = page.version
    }
    for (const [name, { object }] of this.#cache) this.#cache.set(name, { object, isDeleted: true })
    for (const [name, cached] of listed) this.#cache.set(name, cached)
    this.#changes.emit('change')
    return version
  }

  /** Returns when the objects must be listed again. */
  async #watch(start: string): Promise<void> {
    for (let version = start; !this.#signal.aborted; await this.#delay(this.#delays.retryMs)) {
      const query = {
        watch: 'true',
        // https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks
        allowWatchBookmarks: 'true',
        resourceVersion: version,
        timeoutSeconds: String(WATCH_TIMEOUT_SECONDS),
      }
      const operation = `watch ${this.#path} in cluster ${this.#server.name}`
      try {
        for await (const event of this.#server.stream({ operation, path: this.#path, query }, this.#signal)) {
          const object = asObject(event.object)
          if (event.type === 'ERROR') return
          version = asText(metadataOf(object).resourceVersion) ?? version
          if (event.type === 'BOOKMARK') continue
          this.#cache.set(nameOf(object), { object, isDeleted: event.type === 'DELETED' })
          this.#changes.emit('change')
        }
      } catch (error) {
        debug(String(error))
        // A broken connection is resumed from the last version. After any other error the objects are listed again.
        if (!(error instanceof NetworkError && error.sent)) return await this.#delay(this.#delays.pollMs)
      }
    }
  }

  async #delay(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.#signal }).catch(() => {})
  }
}

/** A 5xx is temporary, and a 410 only asks for a new list. */
function isRefusal(error: unknown): error is HttpError {
  return error instanceof HttpError && error.status < 500 && error.status !== 410
}
