// What must hold before a write: the body is for this URL, its namespace exists, and the object has not changed since it was read.
import { apiVersion, type KubernetesObject, type Resource, resources } from './resources.ts'
import type { Target } from './route.ts'
import { badRequest, conflict, forbidden, invalid, invalidValue, notFound } from './status.ts'
import type { Store } from './store.ts'

export function checkNamespace(store: Store, resource: Resource, namespace: string, name: string): void {
  const namespaces = resources.find(({ kind }) => kind === 'Namespace') as Resource
  const live = store.get(namespaces, '', namespace)
  if (live === undefined) throw notFound(namespaces, namespace)
  if (live.status.phase !== 'Terminating') return
  throw forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  )
}

/** An update that names a version, or an object by its uid, means the live one. */
export function checkVersion(resource: Resource, live: KubernetesObject, asked: KubernetesObject): void {
  const { name, uid, resourceVersion } = live.metadata
  if (asked.uid !== undefined && asked.uid !== uid) {
    throw invalid(resource, name, [invalidValue('metadata.uid', asked.uid, 'field is immutable')])
  }
  if (asked.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion) throw conflict(resource, name)
}

/** A whole object of another uid is not even compared. */
export function checkReplacement(resource: Resource, live: KubernetesObject, asked: KubernetesObject): void {
  const { namespace, name, uid } = live.metadata
  if (asked.uid === undefined || asked.uid === uid) return
  const key = `/registry/${resource.resource}/${namespace === undefined ? '' : `${namespace}/`}${name}`
  const problem = `Precondition failed: UID in precondition: ${asked.uid}, UID in object meta: ${uid}`
  const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${problem}`
  throw conflict(resource, name, error)
}

export function checkDeletePreconditions(
  resource: Resource,
  live: KubernetesObject,
  asked: KubernetesObject = {},
): void {
  const { name, uid, resourceVersion } = live.metadata
  const refuse = (what: string, wanted: string, actual: string, happened: string) =>
    // The server says the kind here, where it says the resource elsewhere.
    conflict(
      { ...resource, resource: resource.kind },
      name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${actual}). The object might have been ${happened}`,
    )
  if (asked.uid !== undefined && asked.uid !== uid) {
    throw refuse('UID', asked.uid, uid, 'deleted and then recreated')
  }
  if (asked.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion) {
    throw refuse('ResourceVersion', asked.resourceVersion, resourceVersion, 'modified')
  }
}

export function checkBody(
  { resource, namespace, name }: Target,
  { apiVersion: version, kind, metadata = {} }: KubernetesObject,
): void {
  if (version !== undefined && version !== apiVersion(resource)) {
    throw badRequest(
      `the API version in the data (${version}) does not match the expected API version (${apiVersion(resource)})`,
    )
  }
  if (kind !== undefined && kind !== resource.kind) {
    throw badRequest(`${kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`)
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (name !== '' && metadata.name === undefined) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  }
  if (name !== '' && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  }
}
