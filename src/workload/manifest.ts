import { CORE_SCHEMA, constructFromEvents, EVENT_ID, type Event, mergeTag, parseEvents } from 'js-yaml'
import { asObject, asObjects, asText } from '../core/json.ts'
import { DEFINITION } from '../kubernetes/discovery.ts'
import { isApiVersion, isPathSegment, LABEL, SUBDOMAIN } from '../kubernetes/names.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/** Some dozens of objects of the size that etcd can store: https://etcd.io/docs/v3.5/dev-guide/limit/. */
const MAX_MANIFEST_BYTES = 10 * 1024 * 1024
/** Limits what YAML aliases expand to. */
const MAX_DOCUMENT_NODES = 500_000

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/**
 * Reads the objects of a manifest: YAML or JSON with any number of documents. Of a `List` it returns the items.
 * @param source the manifest's name in error messages
 * @throws Error that names the source, the document and the line
 */
export function parseManifest(text: string, source: string): KubernetesObject[] {
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) throw new Error(`${source} is larger than 10 MiB`)
  const objects = load(text, source)
    .filter(({ value }) => value !== null && value !== undefined)
    .flatMap(({ value, where }) => {
      countNodes(value, where)
      return itemsOf(value, where)
    })
  if (objects.length === 0) throw new Error(`${source} contains no Kubernetes object`)
  return objects
}

function load(text: string, source: string): { value: unknown; where: () => string }[] {
  try {
    const events = parseEvents(text, {})
    const starts = events.flatMap(({ type }, index) => (type === EVENT_ID.DOCUMENT ? [startOf(events[index + 1])] : []))
    return constructFromEvents(events, { source: text, schema: SCHEMA }).map((value, index) => ({
      value,
      where: () => `${source}, document ${index + 1} (line ${text.slice(0, starts[index]).split('\n').length})`,
    }))
  } catch (error) {
    const { reason = 'it cannot be parsed', mark } = error as { reason?: string; mark?: { line: number } }
    throw new Error(`${source} is not valid YAML${mark ? `, line ${mark.line + 1}` : ''}: ${reason}`)
  }
}

/** The offset of a document's first node. */
function startOf(first: Event | undefined): number {
  return first === undefined ? 0 : 'start' in first ? first.start : 'valueStart' in first ? first.valueStart : 0
}

function itemsOf(value: unknown, where: () => string): KubernetesObject[] {
  const object = asObject(value)
  const { items } = object
  const kind = asText(object.kind)
  const hasName = asText(asObject(object.metadata).name) !== undefined
  if (kind?.endsWith('List') && Array.isArray(items) && !hasName) {
    return items.flatMap((item, index) => itemsOf(item, () => `${where()}, item ${index + 1}`))
  }
  const missing = [
    ...(asText(object.apiVersion) === undefined ? ['apiVersion'] : []),
    ...(kind === undefined ? ['kind'] : []),
    ...(hasName ? [] : ['metadata.name']),
  ]
  if (missing.length > 0)
    throw new Error(`${where()} is not a Kubernetes object: it has no ${missing.join(' and no ')}`)
  const invalid = invalidName(object as unknown as KubernetesObject)
  if (invalid !== undefined) throw new Error(`${where()} has an invalid ${invalid}`)
  return [object as unknown as KubernetesObject]
}

/**
 * A field that becomes a part of a URL and is not what Kubernetes allows.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
function invalidName(object: KubernetesObject): string | undefined {
  const { apiVersion, metadata, spec } = object
  if (!isApiVersion(apiVersion)) return 'apiVersion'
  if (!isPathSegment(metadata.name)) return 'metadata.name'
  if (metadata.namespace && !LABEL.test(String(metadata.namespace))) return 'metadata.namespace'
  if (groupKind(object) !== DEFINITION) return undefined
  const { group, names, versions } = asObject(spec)
  const { plural } = asObject(names)
  if (!SUBDOMAIN.test(asText(group) ?? '')) return 'spec.group'
  if (!LABEL.test(asText(plural) ?? '')) return 'spec.names.plural'
  return asObjects(versions).every(({ name }) => LABEL.test(asText(name) ?? '')) ? undefined : 'spec.versions[].name'
}

/** Aliases can expand a small document to a huge or endless object. Counts what would be sent, so shared nodes count each time. */
function countNodes(value: unknown, where: () => string): void {
  const pending = [value]
  for (let count = 1; pending.length > 0; count++) {
    if (count > MAX_DOCUMENT_NODES) throw new Error(`${where()} is too large after its aliases are expanded`)
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    for (const child of Object.values(next)) pending.push(child)
  }
}
