import type { Dispatcher } from 'undici'
import { createConnections } from './connections.ts'
import { EarlyConnections } from './early-connections.ts'
import { createProxyChoice, type Proxies } from './proxy.ts'
import { createTrust } from './trust.ts'

/** The connections to every server but the API servers. */
export interface ProxiedConnections {
  (url: URL): Promise<Dispatcher>
  /** Opens a connection before its first request, where neither a proxy nor clear text is on its way. */
  openEarly(url: URL): void
  destroy(): Promise<void>
}

/** They use the proxies of the environment, and trust the CAs of Node, of the system and of the input `ca-certificates` (PEM). */
export function createDispatcher(certificates: string | undefined, proxies: Proxies): ProxiedConnections {
  const chooseProxy = createProxyChoice(proxies)
  const trust = createTrust(certificates)
  const early = new EarlyConnections(trust.connect)
  /** By the URL of the proxy; empty: direct. */
  const opened = new Map<string, Promise<Dispatcher>>()
  const open = (proxy: URL | undefined) => {
    if (proxy === undefined) return createConnections({ proxy, tls: early.connect })
    const tls = { secureContext: trust.context() }
    return createConnections({ proxy, tls, proxyTls: tls })
  }
  const choose = (url: URL) => {
    const proxy = chooseProxy(url)
    const key = proxy?.href ?? ''
    const connections = opened.get(key) ?? open(proxy)
    opened.set(key, connections)
    return connections
  }
  const openEarly = (url: URL) => {
    if (url.protocol === 'https:' && chooseProxy(url) === undefined) early.open(url)
  }
  const destroy = async () => {
    await Promise.all([
      early.close(),
      ...[...opened.values()].map(async (connections) => (await connections).destroy()),
    ])
  }
  return Object.assign(choose, { openEarly, destroy })
}
