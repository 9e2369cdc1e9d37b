import { lookUpBriefly } from '../http/brief-lookup.ts'
import type { Registry, RegistryRequest, RegistryResponse } from './client.ts'

/** The request of a pull without a login, which tells whether an image is public. */
export interface AnonymousPull {
  /** Sends it, unless it was sent before. Nothing is logged when it fails: the response may not be needed. */
  start(registry: Registry, request: RegistryRequest): void
  /** Its response. Where there is none, the request is repeated. @throws HttpError | NetworkError */
  response(registry: Registry, request: RegistryRequest): Promise<RegistryResponse>
}

/** One for all attempts of a verification: they differ in the login only. */
export function createAnonymousPull(): AnonymousPull {
  let early: Promise<RegistryResponse | undefined> | undefined
  return {
    start(registry, request) {
      early ??= lookUpBriefly('whether the image is public', (limits) => registry.send({ ...request, limits }))
    },
    async response(registry, request) {
      return (await early) ?? (await registry.send(request))
    },
  }
}
