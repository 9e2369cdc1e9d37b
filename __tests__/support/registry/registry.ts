// The registry's host, `registry.<dedicated domain>`: token API, token realm, and the registry itself.
import type { Certificate } from '../http/certificate.ts'
import { notFound } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { imageApiRoutes } from '../ibm/image-api.ts'
import type { KeyStore } from '../ibm/key-store.ts'
import type { Switches } from '../ibm/switches.ts'
import { tokenApiRoutes } from '../ibm/token-api.ts'
import type { TokenStore } from '../ibm/token-store.ts'
import type { Uaa } from '../ibm/uaa.ts'
import { fakeRegistry } from './fake-registry.ts'
import type { Image } from './image.ts'
import { proxyRegistry } from './proxy.ts'
import { realmRoutes } from './realm.ts'

interface RegistryOptions {
  /** The origin of the registry's host. */
  readonly url: string
  /** The origin of a real registry behind it; undefined: the fake. */
  readonly upstream: string | undefined
  readonly uaa: Uaa
  readonly tokens: TokenStore
  readonly keys: KeyStore
  readonly switches: Switches
  /** What IAM signs its access tokens with. */
  readonly iamSecret: Buffer
  readonly signer: Certificate
  readonly publicRepositories: readonly string[]
  /** What the fake holds at first, and the image API lists. */
  readonly images: readonly Image[]
}

export function registryRoutes({ url, upstream, signer, images, ...options }: RegistryOptions): readonly Route[] {
  const realm = realmUrl(url)
  const handle =
    upstream === undefined ? fakeRegistry(realm, signer.certificate, images) : proxyRegistry(upstream, realm)
  return [
    ...tokenApiRoutes({ ...options, host: new URL(url).host }),
    ...imageApiRoutes({ ...options, images, host: new URL(url).host }),
    ...realmRoutes({ ...options, signer }),
    { server: 'registry', path: /^\/v2\//, streams: true, handle },
    { server: 'registry', path: /^/, handle: notFound },
  ]
}

export function realmUrl(registry: string): string {
  return `${registry}/oauth/token`
}
