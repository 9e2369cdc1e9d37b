import type { KubeConfig } from '@kubernetes/client-node'
import type { Dispatcher } from 'undici'
import { ActionError, reason } from '../core/errors.ts'
import { isLoopback } from '../http/address.ts'
import { createConnections } from '../http/connections.ts'
import { createProxyChoice, type Proxies, parseProxyUrl } from '../http/proxy.ts'
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
}

/** Opens the connections to the API server of a context: with its CA, client certificate and proxy. */
export async function openConnectionPool(
  context: PoolContext,
  { certificate }: Credential,
  maxConnections: number,
): Promise<Dispatcher> {
  const { tlsServerName, skipTLSVerify } = context.config.getCurrentCluster() ?? {}
  const ca = readAuthority(context.config)
  const tls = {
    // As in Go, an intermediate CA is enough: https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions
    ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
    ...certificate,
    ...(tlsServerName && { servername: tlsServerName }),
    ...(skipTLSVerify && { rejectUnauthorized: false }),
  }
  const proxy = proxyOf(context)
  const settings = { tls, maxConnections, keepAliveMs: KEEP_ALIVE_MS }
  return await createConnections(proxy === undefined ? { ...settings, proxy } : { ...settings, proxy })
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

/**
 * The `proxy-url` of the kubeconfig takes precedence over the environment, also for loopback addresses:
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster
 * @throws ActionError when the proxy would see credentials in clear text
 */
function proxyOf({ config, name, proxies }: PoolContext): URL | undefined {
  const { server = '', proxyUrl } = config.getCurrentCluster() ?? {}
  const url = new URL(server)
  if (!proxyUrl) return createProxyChoice(proxies)(url)
  const proxy = parseProxyUrl(proxyUrl)
  if (proxy !== undefined && (url.protocol === 'https:' || isLoopback(proxy.hostname))) return proxy
  const problem =
    proxy === undefined ? 'its `proxy-url` is not the URL of a proxy' : `${url.origin} is not https, and has a proxy`
  throw new ActionError('insecure-endpoint', `Could not connect to the cluster ${name}: ${problem}`, {
    details: { cluster: name, host: url.host },
    hint: 'Use an https address, or remove the `proxy-url` of the cluster from the kubeconfig.',
  })
}
