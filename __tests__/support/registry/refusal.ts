// How IBM's registry refuses.
import { type FakeResponse, json } from '../http/exchange.ts'
import { SERVICE } from './realm.ts'

export function registryError(
  status: number,
  code: string,
  message: string,
  headers?: FakeResponse['headers'],
): FakeResponse {
  return json(status, { errors: [{ code, message, detail: null }] }, headers)
}

/** No bearer token, or one that does not count: the challenge says where to get one. Note the blanks after its commas. */
export function unauthorized(realm: string, scope: string | undefined): FakeResponse {
  const challenge = [`realm="${realm}"`, `service="${SERVICE}"`, ...(scope === undefined ? [] : [`scope="${scope}"`])]
  return registryError(401, 'UNAUTHORIZED', AUTHORIZATION_REQUIRED, {
    'www-authenticate': `Bearer ${challenge.join(', ')}`,
    'docker-distribution-api-version': 'registry/2.0',
  })
}

/** A bearer token that counts, without the right to do this. */
export function denied(method: string): FakeResponse {
  const isRead = method === 'GET' || method === 'HEAD'
  return registryError(403, 'DENIED', isRead ? NOT_AUTHORIZED : 'insufficient scope')
}

const AUTHORIZATION_REQUIRED =
  'Authorization required. See https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-auth-req'
const NOT_AUTHORIZED = 'You are not authorized to access the specified resource.'
