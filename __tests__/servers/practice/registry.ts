// The registry's host, `registry.<dedicated domain>`: token API, token realm, and the registry itself.
import type { Certificate } from '../certificate.ts'
import { notFound } from './exchange.ts'
import type { Route } from './http-server.ts'
import type { KeyStore } from './key-store.ts'
import { realmRoutes } from './realm.ts'
import { proxyRegistry } from './registry-proxy.ts'
import { standInRegistry } from './registry-stand-in.ts'
import type { Switches } from './switches.ts'
import { tokenApiRoutes } from './token-api.ts'
import type { TokenStore } from './token-store.ts'
import type { Uaa } from './uaa.ts'

interface RegistryOptions {
  /** The origin of the registry's host. */
  readonly url: string
  /** The origin of a real registry behind it; undefined: the stand-in. */
  readonly upstream: string | undefined
  readonly uaa: Uaa
  readonly tokens: TokenStore
  readonly keys: KeyStore
  readonly switches: Switches
  readonly signer: Certificate
  readonly publicRepositories: readonly string[]
}

export function registryRoutes({ url, upstream, signer, ...options }: RegistryOptions): readonly Route[] {
  const realm = realmUrl(url)
  const handle = upstream === undefined ? standInRegistry(realm, signer.certificate) : proxyRegistry(upstream, realm)
  return [
    ...tokenApiRoutes({ ...options, host: new URL(url).host }),
    ...realmRoutes({ ...options, signer }),
    { server: 'registry', path: /^\/v2\//, streams: true, handle },
    { server: 'registry', path: /^/, handle: notFound },
  ]
}

export function realmUrl(registry: string): string {
  return `${registry}/oauth/token`
}
