import { ActionError } from '../core/errors.ts'
import { asObject, asObjects } from '../core/json.ts'
import { isForbidden } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import { labelOf } from '../kubernetes/object.ts'
import type { PlacedObject } from './placement.ts'
import { changePodSpec } from './pod-spec.ts'

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces */
const ENFORCE = 'pod-security.kubernetes.io/enforce'

/** What the level `restricted` demands: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted. */
const POD = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }
const CONTAINER = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }

/**
 * Applies the Pod that is made of an image, with the security context that its namespace demands. A user who may not read the
 * labels of the namespace, and a cluster with another default, learn it from the refusal.
 */
export async function applyPodOfImage<T>(
  server: ApiServer,
  placed: PlacedObject,
  apply: (placed: PlacedObject) => Promise<T>,
): Promise<T> {
  if (await isRestricted(server, placed.namespace)) return await apply(withSecurityContext(placed))
  try {
    return await apply(placed)
  } catch (error) {
    if (!(error instanceof ActionError && error.message.includes(REFUSAL))) throw error
    return await apply(withSecurityContext(placed))
  }
}

/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/pod-security-admission/admission/admission.go */
const REFUSAL = 'violates PodSecurity "restricted:'

function withSecurityContext(placed: PlacedObject): PlacedObject {
  const object = changePodSpec(placed.object, (spec) => ({
    ...spec,
    securityContext: { ...asObject(spec.securityContext), ...POD },
    containers: asObjects(spec.containers).map((container) => ({ ...container, securityContext: CONTAINER })),
  }))
  return { ...placed, object }
}

/** A user who may not read the namespace tries the plain Pod, as elsewhere. */
async function isRestricted(server: ApiServer, namespace: string): Promise<boolean> {
  const operation = `read the namespace ${namespace} in cluster ${server.name}`
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`
  try {
    const response = await server.request({ operation, path, expectedStatuses: [404] })
    return response.status !== 404 && labelOf(response.json(), ENFORCE) === 'restricted'
  } catch (error) {
    if (isForbidden(error)) return false
    throw error
  }
}
