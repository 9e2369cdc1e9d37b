import { SocksClient } from 'socks'
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from 'undici'
import { withoutBrackets } from './address.ts'
import { MAX_RESPONSE_BYTES } from './body.ts'
import { isSocks } from './proxy.ts'

export interface ConnectionSettings {
  /** Absent: connect directly. */
  readonly proxy: URL | undefined
  /** Of the connection to the server, with or without a proxy. */
  readonly tls: buildConnector.BuildOptions
  /** Of the connection to an https proxy; default: the CAs of Node. */
  readonly proxyTls?: buildConnector.BuildOptions
  /** Default: no limit. */
  readonly maxConnections?: number
  /** How long a connection may be idle; default 4 s. */
  readonly keepAliveMs?: number
}

/** Opens connections when they are needed, and keeps them open for further requests. */
export function createConnections({
  proxy,
  tls,
  proxyTls,
  maxConnections,
  keepAliveMs,
}: ConnectionSettings): Dispatcher {
  const options = {
    ...(maxConnections !== undefined && { connections: maxConnections }),
    ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }),
    maxResponseSize: MAX_RESPONSE_BYTES,
  }
  if (proxy === undefined) return new Agent({ ...options, connect: tls })
  if (isSocks(proxy)) return new Agent({ ...options, connect: createSocksConnector(proxy, tls) })
  return new ProxyAgent({ ...options, uri: proxy.href, requestTls: tls, ...(proxyTls && { proxyTls }) })
}

const DEFAULT_SOCKS_PORT = 1080

/**
 * Connects through a SOCKS proxy. undici's own support is experimental and has no limit for the size of a response; that of
 * client-node sends no login to the proxy.
 */
function createSocksConnector(proxy: URL, tls: buildConnector.BuildOptions): buildConnector.connector {
  const connectTls = buildConnector(tls)
  const { hostname, port, protocol, username, password } = proxy
  const login = username && { userId: decodeURIComponent(username), password: decodeURIComponent(password) }
  const server = {
    host: withoutBrackets(hostname),
    port: Number(port) || DEFAULT_SOCKS_PORT,
    type: protocol.startsWith('socks4') ? 4 : 5,
    ...login,
  } as const
  return (options, callback) => {
    const isTls = options.protocol === 'https:'
    const destination = { host: options.hostname, port: Number(options.port) || (isTls ? 443 : 80) }
    SocksClient.createConnection({ proxy: server, command: 'connect', destination }).then(
      ({ socket }) => (isTls ? connectTls({ ...options, httpSocket: socket }, callback) : callback(null, socket)),
      (error: Error) => callback(error, null),
    )
  }
}
