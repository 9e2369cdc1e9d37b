import { KubeConfig } from '@kubernetes/client-node'
import { type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici'
import { reason } from '../core/errors.ts'
import { MAX_RESPONSE_BYTES } from '../http/client.ts'
import type { Credential } from './credential-source.ts'
import { contentOf } from './file-or-data.ts'
import { loginError } from './login-error.ts'

/**
 * How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
 * idle connections after a minute or later.
 */
const KEEP_ALIVE_MS = 50_000

/** Opens the connections to the API server of the current context: with its CA, client certificate and `proxy-url`. */
export async function openConnectionPool(
  config: KubeConfig,
  { certificate }: Credential,
  maxConnections: number,
): Promise<Dispatcher> {
  const { tlsServerName, skipTLSVerify, proxyUrl } = config.getCurrentCluster() ?? {}
  const ca = readAuthority(config)
  const tls = {
    // As in Go, an intermediate CA is enough: https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions
    ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
    ...certificate,
    ...(tlsServerName && { servername: tlsServerName }),
    ...(skipTLSVerify && { rejectUnauthorized: false }),
  }
  const options = {
    connections: maxConnections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: tls,
    requestTls: tls,
  }
  if (!proxyUrl) return new EnvHttpProxyAgent(options)
  return proxyUrl.startsWith('socks')
    ? await openSocksProxy(config, certificate)
    : new ProxyAgent({ ...options, uri: proxyUrl })
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

/** client-node's SOCKS proxy supports SOCKS versions that undici's does not. */
async function openSocksProxy(config: KubeConfig, certificate: Credential['certificate']): Promise<Dispatcher> {
  const connecting = new KubeConfig()
  const base64 = (pem: string | Buffer) => Buffer.from(pem).toString('base64')
  const own = certificate && { certData: base64(certificate.cert), keyData: base64(certificate.key) }
  // Only what a connection needs: client-node would run an exec plugin.
  const users = config.users.map(({ name }) => ({ name, ...own }))
  connecting.loadFromOptions({ ...config, users })
  return await new Promise((resolve, reject) => {
    const context = { setHeaderParam: () => {}, setDispatcher: (dispatcher: Dispatcher) => resolve(dispatcher) }
    connecting.applySecurityAuthentication(context as never).catch(reject)
  })
}
