import type { KubeConfig } from '@kubernetes/client-node'
import { type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici'
import { MAX_RESPONSE_BYTES } from '../http/body.ts'
import { type KubeContext, readHttpsOptions } from './authentication.ts'

/**
 * How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
 * idle connections after a minute or later.
 */
const KEEP_ALIVE_MS = 50_000

/** Opens the connections to the API server of a context: with its CA, client certificate and `proxy-url`. */
export async function openConnectionPool(context: KubeContext, maxConnections: number): Promise<Dispatcher> {
  const { ca, cert, key, servername, rejectUnauthorized } = await readHttpsOptions(context)
  const provided = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
    ([, value]) => value !== undefined,
  )
  const tls = Object.fromEntries(provided)
  const options = {
    connections: maxConnections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: tls,
    requestTls: tls,
  }
  const { proxyUrl } = context.config.getCurrentCluster() ?? {}
  if (!proxyUrl) return new EnvHttpProxyAgent(options)
  return proxyUrl.startsWith('socks')
    ? await openSocksProxy(context.config)
    : new ProxyAgent({ ...options, uri: proxyUrl })
}

/** client-node's SOCKS proxy supports SOCKS versions that undici's does not. */
async function openSocksProxy(config: KubeConfig): Promise<Dispatcher> {
  return await new Promise((resolve, reject) => {
    const context = { setHeaderParam: () => {}, setDispatcher: (dispatcher: Dispatcher) => resolve(dispatcher) }
    config.applySecurityAuthentication(context as never).catch(reject)
  })
}
