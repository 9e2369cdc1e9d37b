import type { Dispatcher } from 'undici'
import { createConnections } from './connections.ts'
import { createProxyChoice, type Proxies } from './proxy.ts'
import { createTrust } from './trust.ts'

/** The connections to every server but the API servers. */
export interface ProxiedConnections {
  (url: URL): Promise<Dispatcher>
  destroy(): Promise<void>
}

/** They use the proxies of the environment, and trust the CAs of Node, of the system and of the input `ca-certificates` (PEM). */
export function createDispatcher(certificates: string | undefined, proxies: Proxies): ProxiedConnections {
  const chooseProxy = createProxyChoice(proxies)
  const trust = createTrust(certificates)
  /** By the URL of the proxy; empty: direct. */
  const opened = new Map<string, Promise<Dispatcher>>()
  const open = (proxy: URL | undefined) => {
    if (proxy === undefined) return createConnections({ proxy, tls: trust.connect })
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
  const destroy = async () => {
    await Promise.all([...opened.values()].map(async (connections) => (await connections).destroy()))
  }
  return Object.assign(choose, { destroy })
}
