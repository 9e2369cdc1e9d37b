// Server-side apply.
import { bear, blank, descend } from './lifecycle.ts'
import { mergeApplied, settle } from './ownership.ts'
import { checkBody } from './preconditions.ts'
import { apiVersion, type KubernetesObject } from './resources.ts'
import type { Target } from './route.ts'
import { schemaMistake } from './schema.ts'
import { isBase64 } from './secret.ts'
import { badRequest, conflict, internalError, invalid, notFound, type Refusal, required } from './status.ts'
import type { Store } from './store.ts'
import type { WriteOptions } from './write.ts'

interface ApplyOptions extends WriteOptions {
  /** Take the fields of others instead of refusing. */
  readonly force: boolean
}

export interface Applied {
  readonly object: KubernetesObject
  readonly isCreated: boolean
}

export function apply(
  store: Store,
  target: Target,
  configuration: KubernetesObject,
  { manager, force, isDryRun }: ApplyOptions,
): Applied {
  const { resource, namespace, name, subresource } = target
  if (manager === '') throw managerRequired()
  checkSchema(target, configuration)
  checkBody(target, configuration)
  const live = store.get(resource, namespace, name)
  if (live === undefined && subresource !== '') throw notFound(resource, name)
  const { uid } = configuration.metadata
  if (live === undefined && uid !== undefined) {
    throw conflict(
      resource,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    )
  }
  const writer = { manager, operation: 'Apply', subresource } as const
  const next =
    live === undefined
      ? bear(store, target, configuration)
      : descend(target, live, mergeApplied(live, configuration, writer))
  const settled = settle(live ?? blank(next), next, writer, { applied: configuration, force })
  return { object: isDryRun ? settled : store.put(resource, settled), isCreated: live === undefined }
}

function checkSchema({ resource, namespace, name }: Target, configuration: KubernetesObject): void {
  if (configuration.apiVersion !== apiVersion(resource)) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${configuration.apiVersion ?? ''}, expected: ${apiVersion(resource)}`,
    )
  }
  if (configuration.metadata?.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil')
  const known = ['apiVersion', 'kind', 'metadata', ...resource.fields]
  const unknown = Object.keys(configuration).find((field) => !known.includes(field))
  const mistake = unknown === undefined ? schemaMistake(configuration) : `.${unknown}: field not declared in schema`
  if (mistake !== undefined) {
    const object = `${namespace}/${name}; ${apiVersion(resource)}, Kind=${resource.kind}`
    throw internalError(`failed to create typed patch object (${object}): ${mistake}`)
  }
  if (resource.kind === 'Secret' && !Object.values(configuration.data ?? {}).every(isBase64)) {
    throw internalError(
      'unable to convert unstructured object to /v1, Kind=Secret: illegal base64 data at input byte 0',
    )
  }
}

function managerRequired(): Refusal {
  const options = {
    group: 'meta.k8s.io',
    version: 'v1',
    resource: '',
    kind: 'PatchOptions',
    namespaced: false,
    fields: [],
  }
  return invalid(options, '', [required('fieldManager', 'is required for apply patch')])
}
