import { load } from 'js-yaml'
import type { PracticeRequest } from '../practice/exchange.ts'
import type { KubernetesObject } from './resources.ts'
import { badRequest } from './status.ts'

/** JSON, or YAML where the content type says so; no body is an empty object. */
export function readBody({ headers, body }: PracticeRequest): KubernetesObject {
  if (body === '') return {}
  const parsed = parse(body, headers['content-type']?.includes('yaml') ?? false)
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
