import type { HttpResponse } from '../http/response.ts'
import type { Login, Registry } from './client.ts'
import { LOGIN_FORBIDDEN_HINT, redirectedElsewhere, refusal, type Unverified, unavailable } from './verification.ts'

/** Presents a login to `GET /v2/`, or to the token server that the registry names. */
export async function tryLogin(registry: Registry, login: Login): Promise<'accepted' | Unverified> {
  const operation = `log in to registry ${registry.host}`
  const { response } = await registry.send({ operation, login, path: '/v2/' })
  if (response.credentialsDropped) return redirectedElsewhere(registry.host, response)
  return response.status === 200 ? 'accepted' : loginRefusal(response)
}

/**
 * What a registry or its token server says of a login that it did not accept. Only these statuses are about the credential: a
 * server may also be down, misconfigured, or behind a proxy that responds in its place.
 */
export function loginRefusal(response: HttpResponse): Unverified {
  if (refusesLogin(response)) return refusal('refused', response)
  if (response.status === 403) return refusal('forbidden', response, LOGIN_FORBIDDEN_HINT)
  return unavailable(response.error('Run the job again later, or ask the operators of the registry.'))
}

/**
 * Codes of a 400 that refuses a login. IBM Cloud Container Registry returns `UNSUPPORTED` to an unknown user name.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
const LOGIN_ERRORS = ['unauthorized', 'denied', 'unsupported', 'invalid_grant', 'invalid_client']

/**
 * Whether the response is that to a login which is wrong or missing. A 400 without a code is one as well, which IBM documents for a wrong
 * user name or password; but web servers return a page with it, for example for a header that is too large.
 * @see https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
 */
export function refusesLogin(response: HttpResponse): boolean {
  if (response.status !== 400) return response.status === 401
  const { serverCode } = response.error().details
  if (serverCode === undefined) return !/^\s*</.test(response.text)
  return LOGIN_ERRORS.includes(String(serverCode).toLowerCase())
}
