import { asObject, isObject } from '../core/json.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'
import { holdsQuantities } from './quantities.ts'

/** A value that the API server refuses without naming its field. */
export interface ValueMistake {
  /** `.spec.containers[0].resources.limits.memory` */
  readonly field: string
  readonly value: unknown
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/

/** The quantities of an object that are none. */
export function findQuantityMistakes(object: KubernetesObject): ValueMistake[] {
  return search(object, '', object.kind)
}

function search(value: unknown, at: string, kind: string): ValueMistake[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => search(item, `${at}[${index}]`, kind))
  return Object.entries(asObject(value)).flatMap(([name, field]) => {
    if (name === 'sizeLimit') return check(field, `${at}.sizeLimit`)
    if (!holdsQuantities(name, kind) || !isObject(field)) return search(field, `${at}.${name}`, kind)
    return Object.entries(field).flatMap(([resource, quantity]) => check(quantity, `${at}.${name}.${resource}`))
  })
}

function check(value: unknown, field: string): ValueMistake[] {
  return typeof value === 'string' && !QUANTITY.test(value) ? [{ field, value }] : []
}

/** The fields of a Secret that are not base64. Their values are not shown. */
export function findBase64Mistakes(object: KubernetesObject): string[] {
  if (groupKind(object) !== 'v1 Secret') return []
  return Object.entries(asObject(object.data)).flatMap(([key, value]) => {
    const compact = typeof value === 'string' ? value.replace(/[\r\n]/g, '') : ''
    return Buffer.from(compact, 'base64').toString('base64') === compact ? [] : [`.data.${key}`]
  })
}
