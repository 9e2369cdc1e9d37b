import type { KubeConfig } from '@kubernetes/client-node'
import type { buildConnector, Dispatcher } from 'undici'
import createConnector from 'undici/lib/core/connect.js'
import { reason } from '../core/errors.ts'
import { createConnections } from '../http/connections.ts'
import { catching, type EarlyConnections } from '../http/early-connections.ts'
import type { Proxies } from '../http/proxy.ts'
import { clusterProxy } from './cluster-proxy.ts'
import type { Credential } from './credential-source.ts'
import { contentOf } from './file-or-data.ts'
import { loginError } from './login-error.ts'

/**
 * How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
 * idle connections after a minute or later.
 */
const KEEP_ALIVE_MS = 50_000

interface PoolContext {
  readonly config: KubeConfig
  readonly name: string
  /** Of the environment. */
  readonly proxies: Proxies
  /** With TCP alone, to API servers without a proxy. */
  readonly early: EarlyConnections | undefined
}

/** Opens the connections to the API server of a context: with its CA, client certificate and proxy. */
export async function openConnectionPool(
  { config, name, proxies, early }: PoolContext,
  { certificate }: Credential,
  maxConnections: number,
): Promise<Dispatcher> {
  const { server = '', proxyUrl, tlsServerName, skipTLSVerify } = config.getCurrentCluster() ?? {}
  const ca = readAuthority(config)
  const tls = {
    // As in Go, an intermediate CA is enough: https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions
    ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
    ...certificate,
    ...(tlsServerName && { servername: tlsServerName }),
    ...(skipTLSVerify && { rejectUnauthorized: false }),
  }
  const proxy = clusterProxy(name, { server, ...(proxyUrl && { proxyUrl }) }, proxies)
  const settings = { maxConnections, keepAliveMs: KEEP_ALIVE_MS }
  if (proxy !== undefined) return await createConnections({ ...settings, proxy, tls })
  return await createConnections({ ...settings, proxy, tls: early === undefined ? tls : tlsOver(early, tls) })
}

/** Where a TCP connection has been opened early, TLS uses it. */
function tlsOver(early: EarlyConnections, tls: buildConnector.BuildOptions): buildConnector.connector {
  const connect = catching(createConnector(tls))
  return async (options, callback) => {
    const [, socket] = (await early.take(options)) ?? []
    connect(socket ? { ...options, httpSocket: socket } : options, callback)
  }
}

/** @throws ActionError `cluster-login-failed` */
function readAuthority(config: KubeConfig): Buffer | undefined {
  const { caData, caFile } = config.getCurrentCluster() ?? {}
  try {
    return contentOf(caData, caFile)
  } catch (error) {
    throw loginError(config.getCurrentContext(), reason(error), { cause: error })
  }
}
