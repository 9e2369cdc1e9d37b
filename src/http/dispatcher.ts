import { createSecureContext, getCACertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { LARGEST_ANSWER } from './client.ts'

/**
 * The connections to IBM and registry hosts: the proxies of the environment, and beside the certificates that the
 * system trusts those of the input `ca-certificates` (PEM).
 */
export function createDispatcher(certificates: string | undefined): Dispatcher {
  const stores = (['bundled', 'system', 'extra'] as const).flatMap((store) => getCACertificates(store))
  const given = certificates === undefined ? [] : [certificates]
  // The stores have much in common, and each costs time: they are read once, and once for all connections.
  const ca = new Map([...stores, ...given].map((pem) => [pem.replaceAll(/\s/g, ''), pem])).values()
  const tls = { secureContext: createSecureContext({ ca: [...ca] }) }
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, maxResponseSize: LARGEST_ANSWER })
}
