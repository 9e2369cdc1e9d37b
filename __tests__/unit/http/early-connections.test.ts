import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Server, TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSend } from '../../../src/http/client.ts'
import { createDispatcher, type ProxiedConnections } from '../../../src/http/dispatcher.ts'
import { EarlyConnections } from '../../../src/http/early-connections.ts'
import { NO_PROXIES } from '../../../src/http/proxy.ts'
import { createAuthority } from '../../support/http/certificate.ts'

const authority = await createAuthority('test')
const { certificate: cert, key } = await authority.issue({ commonName: 'localhost', hosts: ['127.0.0.1'] })

const http1 = () => createServer({ cert, key }, (_, response) => response.end('{}'))
/** The server speaks first: its settings arrive before the client has sent anything. */
const http2 = () => createSecureServer({ cert, key }, (_, response) => response.end('{}'))

async function start(server: Server) {
  const sockets: TLSSocket[] = []
  server.on('secureConnection', (socket: TLSSocket) => sockets.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const connections = createDispatcher(authority.certificate, NO_PROXIES)
  return {
    url,
    sockets,
    connections,
    get: () => get(connections, url),
    /** Opens a connection; it is there afterwards. */
    async openEarly() {
      const connected = once(server, 'secureConnection')
      connections.openEarly(url)
      await connected
    },
    async [Symbol.asyncDispose]() {
      await connections.destroy()
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function get(connections: ProxiedConnections, url: URL): Promise<number> {
  const send = createSend(connections, new AbortController().signal)
  // A second attempt would hide that the first one used a connection that is closed.
  return (await send({ service: 'registry', operation: 'try', url, maxAttempts: 1 })).status
}

describe.each([
  ['HTTP/1.1', http1],
  ['HTTP/2', http2],
])('with %s, a connection that was opened early', (_, createTestServer) => {
  it('is used by the first request, and kept for the next', async () => {
    await using server = await start(createTestServer())
    await server.openEarly()
    expect([await server.get(), await server.get()]).toEqual([200, 200])
    expect(server.sockets).toHaveLength(1)
  })

  it('is used by a request that comes while it is opened', async () => {
    await using server = await start(createTestServer())
    server.connections.openEarly(server.url)
    expect(await server.get()).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('is not used when the server has closed it', async () => {
    await using server = await start(createTestServer())
    await server.openEarly()
    // A server of HTTP/2 has spoken by then.
    await turns()
    server.sockets[0]?.end()
    await turns()
    expect(await server.get()).toBe(200)
    expect(server.sockets).toHaveLength(2)
  })
})

/** Lets the client see what the server has done. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

const ORIGIN = new URL('https://127.0.0.1')

/** Connections that fail with these errors, one after the other, and then succeed. */
function stub(errors: readonly Error[]) {
  const left = [...errors]
  const opened: Socket[] = []
  const connections = new EarlyConnections((_, callback) => {
    queueMicrotask(() => {
      const error = left.shift()
      // As undici does, without a second argument.
      if (error !== undefined) return callback(...([error] as unknown as [Error, null]))
      const socket = new Socket()
      opened.push(socket)
      callback(null, socket)
    })
  })
  return { connections, opened }
}

function connect(connections: EarlyConnections): Promise<unknown[]> {
  const { protocol, host, hostname, port } = ORIGIN
  const { promise, resolve } = Promise.withResolvers<unknown[]>()
  connections.connect({ protocol, host, hostname, port }, (...result) => resolve(result))
  return promise
}

describe('a connection that was opened early', () => {
  afterEach(() => vi.useRealTimers())

  it('is the only one of its origin', async () => {
    await using server = await start(http1())
    server.connections.openEarly(server.url)
    await server.openEarly()
    server.connections.openEarly(server.url)
    expect(await server.get()).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('is closed when no request comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    await using server = await start(http1())
    await server.openEarly()
    const [socket] = server.sockets
    expect(socket?.destroyed).toBe(false)
    vi.advanceTimersByTime(4000)
    await once(socket ?? process, 'close')
    vi.useRealTimers()
    expect(await server.get()).toBe(200)
    expect(server.sockets).toHaveLength(2)
  })

  it('is closed with the others', async () => {
    await using server = await start(http1())
    await server.openEarly()
    const closed = once(server.sockets[0] ?? process, 'close')
    await server.connections.destroy()
    await closed
  })

  it('may fail: the request opens another one', async () => {
    const { connections, opened } = stub([new Error('refused')])
    connections.open(ORIGIN)
    await turns()
    expect(await connect(connections)).toEqual([null, opened[0]])
  })

  it('may fail while the request waits for it: the request fails as well', async () => {
    const { connections } = stub([new Error('refused')])
    connections.open(ORIGIN)
    expect(await connect(connections)).toEqual([new Error('refused')])
  })

  it.each([
    ['early', true],
    ['for a request', false],
  ])('passes on what is thrown when it is opened %s', async (_, isEarly) => {
    const connections = new EarlyConnections(() => {
      throw new Error('key too small')
    })
    if (isEarly) connections.open(ORIGIN)
    expect(await connect(connections)).toEqual([new Error('key too small'), null])
  })

  it('that is closed after its time is not used by a request in the same turn of the event loop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const { connections, opened } = stub([])
    connections.open(ORIGIN)
    await turns()
    vi.advanceTimersByTime(4000)
    const [, socket] = await connect(connections)
    expect(opened.map((one) => one.destroyed)).toEqual([true, false])
    expect(socket).toBe(opened[1])
  })

  it.each([
    ['in clear text', 'http:', NO_PROXIES],
    ['where a proxy is on the way', 'https:', { ...NO_PROXIES, https: new URL('http://127.0.0.1:9') }],
  ])('is not opened %s', async (_, protocol, proxies) => {
    const server = createTcpServer()
    let accepted = 0
    const { promise: isLast, resolve: lastCame } = Promise.withResolvers<void>()
    server.on('connection', (socket) => {
      accepted++
      socket
        .on('error', () => {})
        .on('data', (bytes) => {
          if (String(bytes) === 'last') lastCame()
          socket.destroy()
        })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    // Not a loopback address by its text, so that the proxy is for it; Linux connects to the loopback interface.
    const url = new URL(`${protocol}//0.0.0.0:${port}`)
    const connections = createDispatcher(undefined, proxies)
    connections.openEarly(url)
    // Connections are accepted in the order in which they come.
    connectTcp(port, '127.0.0.1')
      .on('error', () => {})
      .write('last')
    await isLast
    expect(accepted).toBe(1)
    await connections.destroy()
    server.close()
  })
})
