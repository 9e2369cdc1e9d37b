import { isObject, isRawJson } from '../core/json.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'

/** Fields of the built-in kinds whose values, by resource, are quantities. */
const QUANTITIES = new Set(['limits', 'requests', 'hard', 'capacity', 'overhead'])
/** The same in a LimitRange alone: elsewhere they are numbers. */
const LIMIT_RANGE_QUANTITIES = new Set(['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio'])

/**
 * An object with its quantities as text: `cpu: 1` as `cpu: "1"`. `kubectl apply` sends the number, which every API server accepts,
 * but server-side apply of Kubernetes 1.20 does not.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function withTextQuantities<T extends KubernetesObject>(object: T): T {
  return isBuiltIn(object.apiVersion) ? (convert(object, object.kind) as T) : object
}

/** A custom resource may have fields of these names that are numbers. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = ''] = apiVersion.split('/')
  return !group.includes('.') || group.endsWith('.k8s.io')
}

/** Whether a field of a built-in kind holds quantities by resource. */
export function holdsQuantities(field: string, kind: string): boolean {
  return QUANTITIES.has(field) || (kind === 'LimitRange' && LIMIT_RANGE_QUANTITIES.has(field))
}

function convert(value: unknown, kind: string): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, kind))
  if (!isObject(value) || isRawJson(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (holdsQuantities(name, kind) && isObject(field)) return [name, asTexts(field)]
      return [name, name === 'sizeLimit' && typeof field === 'number' ? String(field) : convert(field, kind)]
    }),
  )
}

function asTexts(quantities: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value)
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, asText(value)]))
}
