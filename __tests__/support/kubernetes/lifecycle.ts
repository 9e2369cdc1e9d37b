// An object as it is born, and as a later version descends from the live one.
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { complete } from './defaults.ts'
import { admitPod } from './pod.ts'
import { checkNamespace, checkVersion } from './preconditions.ts'
import type { KubernetesObject, Resource } from './resources.ts'
import type { Target } from './route.ts'
import type { Store } from './store.ts'
import { timestamp } from './timestamp.ts'
import { validate } from './validation.ts'

export function bear(store: Store, { resource, namespace }: Target, body: KubernetesObject): KubernetesObject {
  const { resourceVersion: _none, generateName, name = generate(generateName), ...metadata } = body.metadata ?? {}
  if (resource.namespaced) checkNamespace(store, resource, namespace, name ?? '')
  const object = complete(resource, {
    ...body,
    metadata: {
      ...metadata,
      ...(generateName && { generateName }),
      ...(name && { name }),
      ...(resource.namespaced && { namespace }),
      uid: randomUUID(),
      ...(hasGeneration(resource) && { generation: 1 }),
      creationTimestamp: timestamp(),
    },
  })
  const admitted = resource.kind === 'Pod' ? admitPod(store, resource, object) : object
  validate(resource, admitted)
  return admitted
}

const generate = (prefix: string | undefined) => (prefix ? prefix + randomUUID().slice(0, 5) : undefined)

const hasGeneration = ({ group }: Resource) => ['apps', 'batch'].includes(group)

/** What a new object is compared with: the fields that the server sets. */
export function blank({ apiVersion, kind, metadata, spec, status }: KubernetesObject): KubernetesObject {
  const { labels: _labels, annotations: _annotations, ownerReferences: _owners, finalizers: _, ...system } = metadata
  return { apiVersion, kind, metadata: system, ...(spec && { spec: {} }), ...(status && { status }) }
}

const kept = [
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'name',
  'namespace',
  'resourceVersion',
  'uid',
]

/** The live object with those changes of `body` that this endpoint takes. */
export function descend(
  { resource, subresource }: Target,
  live: KubernetesObject,
  body: KubernetesObject,
): KubernetesObject {
  checkVersion(resource, live, body.metadata ?? {})
  const inherited = Object.fromEntries(Object.entries(live.metadata).filter(([field]) => kept.includes(field)))
  const { status, ...next } = complete(resource, { ...body, metadata: { ...body.metadata, ...inherited } })
  if (subresource === 'status') return { ...live, ...(status && { status }) }
  const isNewGeneration = hasGeneration(resource) && !isDeepStrictEqual(next.spec, live.spec)
  const metadata = { ...next.metadata, ...(isNewGeneration && { generation: live.metadata.generation + 1 }) }
  const descendant = { ...next, metadata, ...(live.status && { status: live.status }) }
  validate(resource, descendant, live)
  return descendant
}
