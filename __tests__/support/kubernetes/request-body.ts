import { load } from 'js-yaml'
import type { RecordedRequest } from '../http/exchange.ts'
import type { KubernetesObject } from './resources.ts'
import { badRequest, unsupportedMediaType } from './status.ts'

const json = 'application/json'
const yaml = 'application/yaml'

/** The JSON or YAML of a request; no body is an empty object. */
export function readBody({ headers, body }: RecordedRequest): KubernetesObject {
  if (body === '') return {}
  const type = headers['content-type'] ?? json
  if (!/[/+](json|yaml)\b/.test(type)) throw unsupportedMediaType([json, yaml])
  const parsed = parse(body, type.includes('yaml'))
  if (typeof parsed !== 'object' || parsed === null) throw badRequest('the request body is no object')
  return parsed
}

function parse(text: string, isYaml: boolean): unknown {
  try {
    return isYaml ? load(text) : JSON.parse(text)
  } catch (error) {
    throw badRequest(`error decoding the request body: ${(error as Error).message}`)
  }
}
