import type { buildConnector, Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import { MAX_RESPONSE_BYTES } from './body.ts'
import { keepParserUnoptimized } from './parser-tiering.ts'
import { isSocks } from './proxy.ts'

/** Where requests are sent: connections of undici, or the choice of those by the URL of a request. */
export type Connections = Dispatcher | ((url: URL) => Promise<Dispatcher>)

export async function connectionsTo(connections: Connections, url: URL): Promise<Dispatcher> {
  return typeof connections === 'function' ? await connections(url) : connections
}

export type ConnectionSettings = (Direct | Proxied) & {
  /** Default: no limit. */
  readonly maxConnections?: number
  /** How long a connection may be idle; default 4 s. */
  readonly keepAliveMs?: number
}

interface Direct {
  readonly proxy: undefined
  /** Of the connection, or what opens it. */
  readonly tls: buildConnector.BuildOptions | buildConnector.connector
}

interface Proxied {
  readonly proxy: URL
  /** Of the connection to the server. */
  readonly tls: buildConnector.BuildOptions
  /** Of the connection to an https proxy; default: the CAs of Node. */
  readonly proxyTls?: buildConnector.BuildOptions
}

/**
 * How much a server may send in HTTP/2 before it waits for the client: more than a page of a list. With the 256 KiB of undici, each
 * page waits for some round trips. https://www.rfc-editor.org/rfc/rfc9113#section-5.2
 */
const WINDOW_BYTES = 8 * 1024 * 1024

/** Opens connections when they are needed, and keeps them open for further requests. What proxies need is loaded for a proxy only. */
export async function createConnections(settings: ConnectionSettings): Promise<Dispatcher> {
  keepParserUnoptimized()
  const { maxConnections, keepAliveMs } = settings
  const options = {
    ...(maxConnections !== undefined && { connections: maxConnections }),
    ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }),
    maxResponseSize: MAX_RESPONSE_BYTES,
    // Of a stream: undici 8 does not read it where its types have it, in `h2Options.settings`.
    initialWindowSize: WINDOW_BYTES,
    h2Options: { connectionWindowSize: WINDOW_BYTES },
  }
  if (settings.proxy === undefined) return new Agent({ ...options, connect: settings.tls })
  const { proxy, tls, proxyTls } = settings
  if (isSocks(proxy)) {
    const { createSocksConnector } = await import('./socks-proxy.ts')
    return new Agent({ ...options, connect: createSocksConnector(proxy, tls) })
  }
  const { ProxyAgent } = await import('./http-proxy.ts')
  return new ProxyAgent({ ...options, uri: proxy.href, requestTls: tls, ...(proxyTls && { proxyTls }) })
}
