// The resources that CustomResourceDefinitions define.
import { type KubernetesObject, type Resource, resources } from './resources.ts'
import type { Store } from './store.ts'

/** Milliseconds until a new kind is served, as the real server takes its time. */
const DELAY = 300

const definitions = resources.find(({ kind }) => kind === 'CustomResourceDefinition') as Resource

interface Served {
  readonly resource: Resource
  readonly from: number
}

export class CustomResources {
  readonly #store: Store
  /** The same resource each time: the store keeps objects by it. */
  readonly #known = new Map<string, Served>()

  constructor(store: Store) {
    this.#store = store
  }

  list(): Resource[] {
    const known = this.#store.list(definitions, '').flatMap((definition) => this.#resourcesOf(definition))
    return known.filter(({ from }) => from <= Date.now()).map(({ resource }) => resource)
  }

  #resourcesOf({ metadata, spec: { group, scope, names, versions } }: KubernetesObject): Served[] {
    return versions.map(({ name: version }: { name: string }) => {
      const key = `${metadata.uid} ${version}`
      const namespaced = scope === 'Namespaced'
      const resource = { group, version, resource: names.plural, kind: names.kind, namespaced, fields: ['spec'] }
      const served = this.#known.get(key) ?? { resource, from: Date.now() + DELAY }
      this.#known.set(key, served)
      return served
    })
  }
}
