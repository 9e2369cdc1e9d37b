import { asObject, asObjects, asText, isObject } from '../core/json.ts'
import { DEFINITION } from '../kubernetes/discovery.ts'
import { isApiVersion, isPathSegment, LABEL, SUBDOMAIN } from '../kubernetes/names.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'
import { findTemplate, type Template } from './template.ts'
import type { YamlDocument } from './yaml.ts'

/** Some dozens of objects of the size that etcd can store: https://etcd.io/docs/v3.5/dev-guide/limit/. */
export const MAX_MANIFEST_BYTES = 10 * 1024 * 1024
/** Limits what YAML aliases expand to. */
const MAX_DOCUMENT_NODES = 500_000

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const KUSTOMIZE_GROUP = 'kustomize.config.k8s.io/'

/** The documents of one manifest. */
export interface Manifest {
  /** Its name in messages. */
  readonly source: string
  readonly documents: readonly YamlDocument[]
}

/**
 * The objects in the documents of a manifest: none where all of them are empty. Of a `List` it returns the items.
 * @param warn receives sentences about what is valid and may not do what its author expects
 * @throws Error that names the source, the document and the line
 */
export function objectsIn(
  { source, documents }: Manifest,
  warn: (sentence: string) => void = () => {},
): KubernetesObject[] {
  return documents.flatMap((document, index) => {
    const at = (line: number) => `${source}, document ${index + 1} (line ${line})`
    const where = () => at(document.line)
    for (const { key, line } of document.duplicates)
      warn(`${at(line)} repeats the key ${JSON.stringify(key)}. As with kubectl, its last value counts.`)
    if (document.value === null || document.value === undefined) return []
    const template = findTemplate(document)
    if (template !== undefined) throw new Error(unrendered(at(template.line), template))
    countNodes(document.value, where)
    return itemsOf(document.value, where)
  })
}

export function unrendered(where: string, { text, hint }: Template): string {
  return `${where} contains a template that was not rendered: ${text}. ${hint}`
}

function itemsOf(value: unknown, where: () => string): KubernetesObject[] {
  const object = asObject(value)
  const { items } = object
  const kind = asText(object.kind)
  const { name, generateName } = asObject(object.metadata)
  const hasName = asText(name) !== undefined
  if (kind === 'List' && (items === null || items === undefined) && !hasName) return []
  if (kind?.endsWith('List') && Array.isArray(items) && !hasName) {
    // The items of a typed list that an API server returns have no type of their own.
    const type = kind === 'List' ? {} : { apiVersion: object.apiVersion, kind: kind.slice(0, -'List'.length) }
    return items.flatMap((item, index) =>
      itemsOf({ ...type, ...asObject(item) }, () => `${where()}, item ${index + 1}`),
    )
  }
  if (asText(object.apiVersion)?.startsWith(KUSTOMIZE_GROUP))
    throw new Error(`${where()} is a source of kustomize: render it before this step with \`kubectl kustomize\``)
  // kubectl refuses it as well: each run would make another object.
  if (!hasName && asText(generateName) !== undefined)
    throw new Error(
      `${where()} has only metadata.generateName, which cannot be applied: set metadata.name, with the ID of the run for an object of each run`,
    )
  if (typeof name === 'number' || typeof name === 'boolean')
    throw new Error(`${where()} is not a Kubernetes object: metadata.name must be a string, in quotes`)
  const missing = [
    ...(asText(object.apiVersion) === undefined ? ['apiVersion'] : []),
    ...(kind === undefined ? ['kind'] : []),
    ...(hasName ? [] : ['metadata.name']),
  ]
  if (missing.length > 0)
    throw new Error(`${where()} is not a Kubernetes object: it has no ${missing.join(' and no ')}`)
  const wrong = wrongTypeIn(asObject(object.metadata))
  if (wrong !== undefined) throw new Error(`${where()} is not a Kubernetes object: ${wrong} must be a string`)
  const invalid = invalidName(object as unknown as KubernetesObject)
  if (invalid !== undefined) throw new Error(`${where()} has an invalid ${invalid}`)
  return [object as unknown as KubernetesObject]
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
function wrongTypeIn({ namespace, labels, annotations }: Readonly<Record<string, unknown>>): string | undefined {
  const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string'
  if (!isText(namespace)) return 'metadata.namespace'
  for (const [field, pairs] of Object.entries({ labels, annotations })) {
    if (isText(pairs) && typeof pairs !== 'string') continue
    if (!isObject(pairs) || !Object.values(pairs).every(isText)) return `each value of metadata.${field}`
  }
  return undefined
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

/** Aliases can expand a small document to a huge object. Counts what would be sent, so shared nodes count each time. */
function countNodes(value: unknown, where: () => string): void {
  const pending = [value]
  for (let count = 1; pending.length > 0; ) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    const children = Object.values(next)
    count += children.length
    if (count > MAX_DOCUMENT_NODES) throw new Error(`${where()} is too large after its aliases are expanded`)
    for (const child of children) if (typeof child === 'object') pending.push(child)
  }
}
