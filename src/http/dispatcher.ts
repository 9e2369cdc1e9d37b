import { createSecureContext, getCACertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { MAX_RESPONSE_BYTES } from './client.ts'

/**
 * The connections to every server but the API servers. They use HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and trust the CAs of
 * Node, of the system and of the input `ca-certificates` (PEM): https://nodejs.org/api/tls.html#tlsgetcacertificatestype
 */
export function createDispatcher(certificates: string | undefined): Dispatcher {
  const stores = (['bundled', 'system', 'extra'] as const).flatMap((store) => getCACertificates(store))
  const provided = certificates === undefined ? [] : [certificates]
  // The stores overlap, and OpenSSL takes its time to parse each certificate: parse each once, in a context for all connections.
  const ca = new Map([...stores, ...provided].map((pem) => [pem.replaceAll(/\s/g, ''), pem])).values()
  const tls = { secureContext: createSecureContext({ ca: [...ca], allowPartialTrustChain: true }) }
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, maxResponseSize: MAX_RESPONSE_BYTES })
}
