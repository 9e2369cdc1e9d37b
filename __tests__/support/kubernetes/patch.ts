// JSON Patch, merge patch and strategic merge patch.
import { isDeepStrictEqual } from 'node:util'
import { harvest, merge, plant } from './field-tree.ts'
import type { KubernetesObject } from './resources.ts'
import { badRequest, Refusal, unsupportedMediaType } from './status.ts'

const patches = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
}

/** What a patch of this content type does to an object. */
export function patcher(type: string, patch: unknown): (live: KubernetesObject) => KubernetesObject {
  if (!(type in patches)) throw unsupportedMediaType([...Object.keys(patches), 'application/apply-patch+yaml'])
  return (live) => patches[type as keyof typeof patches](live, patch)
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

// biome-ignore lint/suspicious/noExplicitAny: whatever container the pointer leads to
type Container = any

function jsonPatch(object: KubernetesObject, operations: unknown): KubernetesObject {
  if (!Array.isArray(operations))
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  const document = structuredClone(object)
  for (const operation of operations as Operation[]) operate(document, operation)
  return document
}

function operate(document: KubernetesObject, { op, path, from, value }: Operation): void {
  const { container, key } = locate(document, path)
  switch (op) {
    case 'test':
      if (!isDeepStrictEqual(container[key], value)) throw inapplicable()
      return
    case 'add':
      add(container, key, value)
      return
    case 'replace':
      if (container[key] === undefined) throw inapplicable()
      container[key] = value
      return
    case 'remove':
      removeAt(container, key)
      return
    case 'copy':
    case 'move': {
      const source = locate(document, from ?? '')
      const moved = structuredClone(source.container[source.key])
      if (op === 'move') removeAt(source.container, source.key)
      add(container, key, moved)
      return
    }
    default:
      throw inapplicable()
  }
}

function locate(document: KubernetesObject, path: string): { container: Container; key: string } {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const key = keys.pop() ?? ''
  const container = keys.reduce<Container>((node, step) => node?.[step], document)
  if (typeof container !== 'object' || container === null) throw inapplicable()
  return { container, key }
}

function add(container: Container, key: string, value: unknown): void {
  if (!Array.isArray(container)) container[key] = value
  else container.splice(key === '-' ? container.length : Number(key), 0, value)
}

function removeAt(container: Container, key: string): void {
  if (container[key] === undefined) throw inapplicable()
  if (Array.isArray(container)) container.splice(Number(key), 1)
  else delete container[key]
}

/** The server does not return which operation failed. */
const inapplicable = () =>
  new Refusal(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

function mergePatch(object: KubernetesObject, patch: unknown): KubernetesObject {
  return mergeJson(object, patch) as KubernetesObject
}

function mergeJson(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergeJson(merged[key], value)
  }
  return merged
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As a merge patch, but lists with a key merge by it. */
function strategicMergePatch(object: KubernetesObject, patch: unknown): KubernetesObject {
  if (!isRecord(patch)) throw badRequest('strategic merge patch: not an object')
  const { apiVersion, kind } = object
  const merged = merge(plant(object), plant({ ...patch, apiVersion, kind })) as ReturnType<typeof plant>
  const { resourceVersion, uid } = (patch.metadata ?? {}) as KubernetesObject
  const claimed = Object.fromEntries(
    Object.entries({ resourceVersion, uid }).filter(([, value]) => value !== undefined),
  )
  return harvest(merged, { ...object, metadata: { ...object.metadata, ...claimed } })
}
