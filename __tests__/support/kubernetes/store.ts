// The objects, their versions, and the history that watches read.
import { EventEmitter } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject, Resource } from './resources.ts'

export interface Change {
  readonly resource: Resource
  readonly version: number
  readonly object: KubernetesObject
  readonly previous: KubernetesObject | undefined
  readonly isDeleted: boolean
}

export class Store {
  /** A server that begins here has forgotten every version before. */
  readonly oldestVersion = 100
  readonly #objects = new Map<Resource, Map<string, KubernetesObject>>()
  readonly #history: Change[] = []
  readonly #changes = new EventEmitter<{ change: [Change] }>().setMaxListeners(0)
  #version = this.oldestVersion

  get version(): number {
    return this.#version
  }

  get(resource: Resource, namespace: string, name: string): KubernetesObject | undefined {
    return this.#of(resource).get(keyOf(namespace, name))
  }

  /** Of one namespace, or of all when it is empty; in the order of their keys. */
  list(resource: Resource, namespace: string): KubernetesObject[] {
    const prefix = namespace === '' ? '' : keyOf(namespace, '')
    return [...this.#of(resource)]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object)
  }

  /** The object as stored: with a new version, unless nothing changed. */
  put(resource: Resource, object: KubernetesObject): KubernetesObject {
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    const previous = this.#of(resource).get(key)
    if (previous !== undefined && isDeepStrictEqual(previous, object)) return previous
    const stored = this.#advance(object)
    this.#of(resource).set(key, stored)
    this.#record({ resource, object: stored, previous, isDeleted: false })
    return stored
  }

  delete(resource: Resource, object: KubernetesObject): void {
    this.#of(resource).delete(keyOf(object.metadata.namespace, object.metadata.name))
    this.#record({ resource, object: this.#advance(object), previous: object, isDeleted: true })
  }

  since(version: number): readonly Change[] {
    return this.#history.filter((change) => change.version > version)
  }

  /** Reports every change until the signal aborts. */
  onChange(listener: (change: Change) => void, signal: AbortSignal): void {
    this.#changes.on('change', listener)
    signal.addEventListener('abort', () => this.#changes.off('change', listener))
  }

  #of(resource: Resource): Map<string, KubernetesObject> {
    const objects = this.#objects.get(resource) ?? new Map()
    this.#objects.set(resource, objects)
    return objects
  }

  #advance(object: KubernetesObject): KubernetesObject {
    this.#version += 1
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } }
  }

  #record(change: Omit<Change, 'version'>): void {
    const recorded = { ...change, version: this.#version }
    this.#history.push(recorded)
    this.#changes.emit('change', recorded)
  }
}

/** NUL cannot be in a name. */
const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}\0${name}`
