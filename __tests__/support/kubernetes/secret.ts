// Rules of Secrets.
import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from './resources.ts'
import { badRequest, type Cause, invalidValue, notAllowed, required } from './status.ts'

const maxBytes = 1024 * 1024
const configKey = '.dockerconfigjson'

/** `stringData` is for writing only. */
export function mergeStringData({ stringData, ...secret }: KubernetesObject): KubernetesObject {
  const typed = { ...secret, type: secret.type ?? 'Opaque' }
  if (stringData === undefined) return typed
  const encoded = Object.entries<string>(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
  return { ...typed, data: { ...secret.data, ...Object.fromEntries(encoded) } }
}

export function validateSecret({ data = {}, type }: KubernetesObject): Cause[] {
  const size = Object.values(data).reduce<number>((total, value) => total + decode(value).length, 0)
  const badKeys = Object.keys(data).filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
  return [
    ...badKeys.map((key) => invalidValue(`data[${key}]`, key, keyRule)),
    ...(size > maxBytes
      ? [{ field: 'data', reason: 'FieldValueTooLong', message: `Too long: must have at most ${maxBytes} bytes` }]
      : []),
    ...(type === 'kubernetes.io/dockerconfigjson' ? validateConfig(data[configKey]) : []),
  ]
}

function validateConfig(value: string | undefined): Cause[] {
  const field = `data[${configKey}]`
  if (value === undefined) return [required(field)]
  const problem = whyNoObject(decode(value).toString())
  return problem === undefined ? [] : [invalidValue(field, '<secret contents redacted>', problem)]
}

function whyNoObject(text: string): string | undefined {
  if (text === '') return 'unexpected end of JSON input'
  try {
    const config = JSON.parse(text)
    if (typeof config === 'object' && !Array.isArray(config)) return undefined
    return `json: cannot unmarshal ${Array.isArray(config) ? 'array' : typeof config} into Go value of type map[string]interface {}`
  } catch {
    return `invalid character '${text[0]}' looking for beginning of value`
  }
}

export function validateSecretUpdate(secret: KubernetesObject, live = secret): Cause[] {
  const isFrozen = live.immutable === true
  const because = 'field is immutable when `immutable` is set'
  return [
    ...(secret.type === live.type ? [] : [invalidValue('type', secret.type, 'field is immutable')]),
    ...(isFrozen && secret.immutable !== true ? [notAllowed('immutable', because)] : []),
    ...(isFrozen && !isDeepStrictEqual(secret.data, live.data) ? [notAllowed('data', because)] : []),
  ]
}

export const isBase64 = (value: unknown): value is string =>
  typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)

function decode(value: unknown): Buffer {
  if (isBase64(value)) return Buffer.from(value, 'base64')
  throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0')
}

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
