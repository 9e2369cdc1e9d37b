import { lookUpBriefly } from '../http/brief-lookup.ts'
import type { Registry, RegistryRequest, RegistryResponse } from './client.ts'
import { refusesLogin } from './try-login.ts'

/** `unknown`: no conclusive response, such as one of a limit for anonymous clients. */
export type AnonymousAccess = 'allowed' | 'refused' | 'unknown'

/** The request of a pull without a login, which tells whether an image is public. It does not fail, and takes seconds at most. */
export interface AnonymousPull {
  /** Sends it, unless it was sent before. */
  start(registry: Registry, headRequest: RegistryRequest): void
  /** What the response says. The request is repeated once where there is none, or where it is another one. */
  access(registry: Registry, request: RegistryRequest): Promise<AnonymousAccess>
}

/** As of every other request. */
const MAX_REDIRECTS = 5

/** One for all attempts of a verification: they differ in the login only. */
export function createAnonymousPull(): AnonymousPull {
  let early: Promise<RegistryResponse | undefined> | undefined
  const send = (registry: Registry, request: RegistryRequest, maxRedirects: number) =>
    lookUpBriefly('whether the image is public', (limits) =>
      registry.send({ ...request, limits: { ...limits, maxRedirects } }),
    )
  return {
    start(registry, headRequest) {
      early ??= send(registry, headRequest, 0)
    },
    async access(registry, request) {
      const known = request.method === 'HEAD' ? accessOf(await early) : 'unknown'
      return known === 'unknown' ? accessOf(await send(registry, request, MAX_REDIRECTS)) : known
    },
  }
}

function accessOf(result: RegistryResponse | undefined): AnonymousAccess {
  if (result === undefined) return 'unknown'
  const { from, response } = result
  if (from === 'registry' && response.status === 200) return 'allowed'
  // Registries also hide what a client must not see.
  const isHidden = from === 'registry' && response.status === 404
  return isHidden || response.status === 403 || refusesLogin(response) ? 'refused' : 'unknown'
}
