import { SocksClient } from 'socks'
import type { buildConnector } from 'undici'
import createConnector from 'undici/lib/core/connect.js'
import { withoutBrackets } from './address.ts'

const DEFAULT_SOCKS_PORT = 1080

/**
 * Connects through a SOCKS proxy. undici's own support is experimental and has no limit for the size of a response; that of
 * client-node sends no login to the proxy.
 */
export function createSocksConnector(proxy: URL, tls: buildConnector.BuildOptions): buildConnector.connector {
  const connectTls = createConnector(tls)
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
