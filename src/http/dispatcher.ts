import { createSecureContext, getCACertificates } from 'node:tls'
import { Dispatcher } from 'undici'
import { createConnections } from './connections.ts'
import { createProxyChoice, type Proxies } from './proxy.ts'

/**
 * The connections to every server but the API servers. They use the proxies of the environment, and trust the CAs of
 * Node, of the system and of the input `ca-certificates` (PEM): https://nodejs.org/api/tls.html#tlsgetcacertificatestype
 */
export function createDispatcher(certificates: string | undefined, proxies: Proxies): Dispatcher {
  const stores = (['bundled', 'system', 'extra'] as const).flatMap((store) => getCACertificates(store))
  const provided = certificates === undefined ? [] : [certificates]
  // The stores overlap, and OpenSSL takes its time to parse each certificate: parse each once, in a context for all connections.
  const ca = new Map([...stores, ...provided].map((pem) => [pem.replaceAll(/\s/g, ''), pem])).values()
  const tls = { secureContext: createSecureContext({ ca: [...ca], allowPartialTrustChain: true }) }
  const connect = (proxy: URL | undefined) => createConnections({ proxy, tls, proxyTls: tls })
  return new ProxyingDispatcher(connect, createProxyChoice(proxies))
}

/** Sends each request through the proxy of its origin. */
class ProxyingDispatcher extends Dispatcher {
  readonly #connect: (proxy: URL | undefined) => Dispatcher
  readonly #choose: (url: URL) => URL | undefined
  /** By the URL of the proxy; empty: direct. */
  readonly #connections = new Map<string, Dispatcher>()

  constructor(connect: (proxy: URL | undefined) => Dispatcher, choose: (url: URL) => URL | undefined) {
    super()
    this.#connect = connect
    this.#choose = choose
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const proxy = this.#choose(new URL(options.origin ?? ''))
    const key = proxy?.href ?? ''
    const connections = this.#connections.get(key) ?? this.#connect(proxy)
    this.#connections.set(key, connections)
    return connections.dispatch(options, handler)
  }

  override async destroy(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connections) => connections.destroy()))
  }
}
