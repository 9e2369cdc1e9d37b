// Proxies that record which hosts they are asked for. Names of hosts lead to servers of this machine.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface RecordedTunnel {
  /** `host:port` as the client asked for it; the whole URL where it asked for no tunnel. */
  readonly to: string
  readonly headers: IncomingHttpHeaders
}

export interface ConnectProxy extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  readonly port: number
  readonly tunnels: RecordedTunnel[]
  /** The names of the hosts, without ports, each once. */
  hosts(): string[]
}

/** @param routes the origin of the server behind a host; a host that is not here is connected to as it is */
export async function startConnectProxy(routes: Readonly<Record<string, string>> = {}): Promise<ConnectProxy> {
  const tunnels: RecordedTunnel[] = []
  const refuse: RequestListener = ({ url = '', headers }, response) => {
    tunnels.push({ to: url, headers })
    response.writeHead(405).end('This proxy only opens tunnels.')
  }
  const server = createServer(refuse).on('connect', ({ url = '', headers }, client: Duplex) => {
    tunnels.push({ to: url, headers })
    forward(client, upstreamOf(url, routes), () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'))
  })
  return await start(server, tunnels)
}

const VERSION = 5
const NO_LOGIN = 0
const PASSWORD_LOGIN = 2
const NAME = 3

/**
 * A SOCKS5 proxy for host names and IPv4 addresses: https://www.rfc-editor.org/rfc/rfc1928, and for the login
 * https://www.rfc-editor.org/rfc/rfc1929
 * @param login `user:password`, recorded as in HTTP; not given: the proxy wants none
 */
export async function startSocksProxy(
  routes: Readonly<Record<string, string>> = {},
  login?: string,
): Promise<ConnectProxy> {
  const tunnels: RecordedTunnel[] = []
  const serve = async (client: Socket) => {
    const next = async () => {
      const [chunk] = (await once(client, 'data')) as [Buffer]
      return chunk
    }
    await next()
    client.write(Buffer.from([VERSION, login === undefined ? NO_LOGIN : PASSWORD_LOGIN]))
    let presented = ''
    if (login !== undefined) {
      const [, length = 0, ...rest] = await next()
      presented = `${Buffer.from(rest.slice(0, length))}:${Buffer.from(rest.slice(length + 1))}`
      client.write(Buffer.from([1, presented === login ? 0 : 1]))
    }
    const request = await next()
    const isName = request[3] === NAME
    const host = isName ? request.subarray(5, 5 + (request[4] ?? 0)).toString() : request.subarray(4, 8).join('.')
    const to = `${host}:${request.readUInt16BE(request.length - 2)}`
    tunnels.push({ to, headers: login === undefined ? {} : { 'proxy-authorization': `Basic ${btoa(presented)}` } })
    forward(client, upstreamOf(to, routes), () => client.write(Buffer.from([VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
  }
  return await start(
    createTcpServer((client) => void serve(client.on('error', () => undefined)).catch(() => client.destroy())),
    tunnels,
  )
}

function upstreamOf(to: string, routes: Readonly<Record<string, string>>): URL {
  const { hostname, host } = new URL(`https://${to}`)
  return new URL(routes[hostname] ?? `https://${host}`)
}

function forward(client: Duplex, { hostname, port }: URL, onConnect: () => void): void {
  const upstream = connect(Number(port || 443), hostname, () => {
    onConnect()
    upstream.pipe(client).pipe(upstream)
  })
  const end = () => {
    client.destroy()
    upstream.destroy()
  }
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
}

async function start(server: Server, tunnels: RecordedTunnel[]): Promise<ConnectProxy> {
  const clients = new Set<Socket>()
  server.on('connection', (client) => void clients.add(client))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    port,
    tunnels,
    hosts: () => [...new Set(tunnels.map(({ to }) => to.replace(/:\d+$/, '')))].sort(),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
