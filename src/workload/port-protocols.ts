import { asObject, isObject } from '../core/json.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'

/**
 * A Service with the `protocol` of each port, TCP by default. Server-side apply of Kubernetes 1.20 does not know the default of this
 * key of the list: https://github.com/kubernetes-sigs/structured-merge-diff/issues/183. `kubectl apply` needs none.
 */
export function withPortProtocols<T extends KubernetesObject>(object: T): T {
  if (groupKind(object) !== 'v1 Service') return object
  const spec = asObject(object.spec)
  if (!Array.isArray(spec.ports)) return object
  const ports = spec.ports.map((port: unknown) => (isObject(port) ? { protocol: 'TCP', ...port } : port))
  return { ...object, spec: { ...spec, ports } }
}
