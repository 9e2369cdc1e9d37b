// An object as a tree of the fields that managers can own: lists that merge by key become maps, atomic values leaves.
import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from './resources.ts'

/** Branches are keyed as in `fieldsV1`: `f:name`, `k:{"name":"app"}`, `v:"finalizer"`. Whatever is no Map is a leaf. */
export type Branch = Map<string, unknown>
export type Path = readonly string[]

const listKeys: Readonly<Record<string, readonly string[]>> = {
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  ports: ['containerPort', 'protocol'],
  secrets: ['name'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
}
const sets = ['finalizers']
const atomicObjects = ['configMapKeyRef', 'fieldRef', 'nodeSelector', 'roleRef', 'secretKeyRef', 'selector']
const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

// The server's own: no manager owns these.
const systemFields = [
  ...['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields', 'name'],
  ...['namespace', 'resourceVersion', 'selfLink', 'uid'],
]

/** The owned part of an object. */
export function plant(object: KubernetesObject): Branch {
  const { apiVersion: _apiVersion, kind, metadata = {}, ...rest } = object
  const owned = Object.fromEntries(Object.entries(metadata).filter(([field]) => !systemFields.includes(field)))
  const atomic = kind === 'ServiceAccount' ? ['imagePullSecrets'] : []
  const fields = { ...(Object.keys(owned).length > 0 && { metadata: owned }), ...rest }
  return new Map(Object.entries(fields).map(([name, value]) => [`f:${name}`, grow(name, value, atomic)]))
}

function grow(name: string, value: unknown, atomic: readonly string[]): unknown {
  if (Array.isArray(value)) {
    if (sets.includes(name)) return new Map(value.map((item) => [`v:${JSON.stringify(item)}`, item]))
    const keys = atomic.includes(name) ? undefined : listKeys[name]
    if (keys === undefined) return value
    return new Map(value.map((item) => [`k:${itemKey(item, keys)}`, growObject(item, atomic)]))
  }
  if (typeof value !== 'object' || value === null || atomicObjects.includes(name)) return value
  return Object.keys(value).length === 0 ? value : growObject(value, atomic)
}

function growObject(value: object, atomic: readonly string[]): Branch {
  return new Map(Object.entries(value).map(([name, child]) => [`f:${name}`, grow(name, child, atomic)]))
}

const itemKey = (item: KubernetesObject, keys: readonly string[]) =>
  JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key] ?? keyDefaults[key]])))

/** The object of a tree, around what the server keeps of `system`. What a merge left empty or null is gone. */
export function harvest(tree: Branch, system: KubernetesObject): KubernetesObject {
  const { metadata, ...rest } = (gather(tree) ?? {}) as KubernetesObject
  const kept = Object.entries(system.metadata).filter(([field]) => systemFields.includes(field))
  return {
    apiVersion: system.apiVersion,
    kind: system.kind,
    metadata: { ...Object.fromEntries(kept), ...metadata },
    ...rest,
  }
}

function gather(node: unknown): unknown {
  if (!(node instanceof Map)) return node ?? undefined
  const children = [...node].map(([element, child]) => [element, gather(child)] as const)
  const present = children.filter(([, child]) => child !== undefined)
  if (present.length === 0) return undefined
  const isList = present.some(([element]) => !element.startsWith('f:'))
  return isList
    ? present.map(([, child]) => child)
    : Object.fromEntries(present.map(([key, child]) => [key.slice(2), child]))
}

/** `patch` over `base`, field by field. */
export function merge(base: unknown, patch: unknown): unknown {
  if (!(patch instanceof Map)) return base instanceof Map && isDeepStrictEqual(patch, {}) ? base : patch
  const merged: Branch = base instanceof Map ? new Map(base) : new Map()
  for (const [element, child] of patch) merged.set(element, merge(merged.get(element), child))
  return merged
}

export function remove(tree: Branch, path: Path): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, element) => (node instanceof Map ? node.get(element) : node), tree)
  if (parent instanceof Map) parent.delete(path.at(-1) as string)
}

/** Every path that someone who states this tree owns. */
export function paths(node: unknown, path: Path = []): Path[] {
  if (!(node instanceof Map)) return [path]
  const itself = path.at(-1)?.startsWith('k:') ? [path] : []
  return [...itself, ...[...node].flatMap(([element, child]) => paths(child, [...path, element]))]
}

export interface Difference {
  readonly changed: readonly Path[]
  readonly removed: readonly Path[]
}

// They exist from the start, empty: they have no owner.
const neverOmitted = ['containers', 'metadata', 'spec', 'status', 'template'].map((name) => `f:${name}`)

/** A map or an item that is new or gone as a whole counts in addition to its fields. */
export function compare(before: unknown, after: unknown, path: Path = []): Difference {
  const whole = path.length > 0 && !neverOmitted.includes(path.at(-1) as string)
  if (before instanceof Map || after instanceof Map) {
    const left: Branch = before instanceof Map ? before : new Map()
    const right: Branch = after instanceof Map ? after : new Map()
    const elements = [...new Set([...left.keys(), ...right.keys()])]
    const parts = elements.map((element) => compare(left.get(element), right.get(element), [...path, element]))
    return {
      changed: [...(whole && before === undefined ? [path] : []), ...parts.flatMap(({ changed }) => changed)],
      removed: [...(whole && after === undefined ? [path] : []), ...parts.flatMap(({ removed }) => removed)],
    }
  }
  if (isDeepStrictEqual(before, after)) return { changed: [], removed: [] }
  return after === undefined ? { changed: [], removed: [path] } : { changed: [path], removed: [] }
}

/** As messages write it: `.spec.containers[name="app"].image`. */
export function render(path: Path): string {
  return path.map(renderElement).join('')
}

function renderElement(element: string): string {
  const text = element.slice(2)
  if (element.startsWith('f:')) return `.${text}`
  if (element.startsWith('v:')) return `[=${text}]`
  return `[${Object.entries(JSON.parse(text))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`
}
