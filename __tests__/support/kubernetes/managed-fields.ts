// Who owns which field: `metadata.managedFields` read, changed and written.
import { isDeepStrictEqual } from 'node:util'
import type { Difference, Path } from './field-tree.ts'
import type { KubernetesObject } from './resources.ts'
import { timestamp } from './timestamp.ts'

export interface Writer {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly subresource: string
}

export interface Manager extends Writer {
  readonly apiVersion: string
  readonly time: string
  readonly owned: FieldSet
}

/** Paths as JSON, so that a Set can hold them. */
export type FieldSet = ReadonlySet<string>

export const fieldSet = (paths: Iterable<Path>): FieldSet => new Set([...paths].map((path) => JSON.stringify(path)))

export const pathsOf = (set: FieldSet): Path[] => [...set].sort().map((path) => JSON.parse(path))

export function readManagers(object: KubernetesObject): Manager[] {
  const entries: KubernetesObject[] = object.metadata.managedFields ?? []
  return entries.map(({ manager, operation, subresource = '', apiVersion, time, fieldsV1 }) => {
    return { manager, operation, subresource, apiVersion, time, owned: fieldSet(readFields(fieldsV1)) }
  })
}

/** Takes from every other manager what `writer` changed or removed and gives the writer `owned`. */
export function transfer(
  managers: readonly Manager[],
  writer: Writer,
  apiVersion: string,
  { changed, removed }: Difference,
  owned: FieldSet,
): Manager[] {
  const lost = fieldSet([...changed, ...removed])
  const others = managers
    .filter((manager) => !isSame(manager, writer))
    .map((manager) => ({ ...manager, owned: manager.owned.difference(lost) }))
  const before = managers.find((manager) => isSame(manager, writer))
  const time = timestamp()
  const own = isDeepStrictEqual(before?.owned, owned) ? before : { ...writer, apiVersion, time, owned }
  return [...others, ...(own === undefined ? [] : [own])].filter(({ owned }) => owned.size > 0)
}

export const isSame = (one: Writer, other: Writer) =>
  one.manager === other.manager && one.operation === other.operation && one.subresource === other.subresource

/** In an order that does not depend on who wrote last. */
export function writeManagers(managers: readonly Manager[]): object[] {
  const rank = ({ operation, time, manager }: Manager) => `${operation} ${time} ${manager}`
  const ranked = managers.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1))
  return ranked.map(({ manager, operation, apiVersion, time, owned, subresource }) => {
    const entry = { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: writeFields(owned) }
    return subresource === '' ? entry : { ...entry, subresource }
  })
}

interface Fields {
  [element: string]: Fields
}

function readFields(fields: Fields, path: Path = []): Path[] {
  const elements = Object.entries(fields)
  if (elements.length === 0) return [path]
  return elements.flatMap(([element, child]) => (element === '.' ? [path] : readFields(child, [...path, element])))
}

/** `.` marks a map or item that is owned in addition to its fields; sorted, it comes after those. */
function writeFields(set: FieldSet): Fields {
  const root: Fields = {}
  for (const path of pathsOf(set)) {
    let node = root
    for (const [depth, element] of path.entries()) {
      const known = node[element]
      const child = known ?? {}
      if (known !== undefined && depth === path.length - 1) child['.'] = {}
      node[element] = child
      node = child
    }
  }
  return root
}
