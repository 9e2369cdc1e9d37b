import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { dump } from 'js-yaml'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { NO_PROXIES, type Proxies } from '../../../src/http/proxy.ts'
import { connect } from '../../../src/kubernetes/client.ts'
import { connectEarly } from '../../../src/kubernetes/connect-early.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'

const authority = await createAuthority('test')
const { certificate: cert, key } = await authority.issue({
  commonName: 'localhost',
  hosts: ['localhost', '127.0.0.1', '::1'],
})

const http1 = () => createServer({ cert, key }, (_, response) => response.end('{}'))
const http2 = () => createSecureServer({ cert, key }, (_, response) => response.end('{}'))

/** An API server that counts connections, and closes the first of them at once if `isClosing`. */
async function start(server: Server, { host = '127.0.0.1', isClosing = false } = {}) {
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => {
    sockets.push(socket.on('error', () => {}))
    if (isClosing && sockets.length === 1) socket.destroy()
  })
  server.listen(0, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    connected: () => once(server, 'connection'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

interface Context {
  readonly name: string
  readonly server: string
  readonly 'proxy-url'?: string
}

/** What runs with these contexts open early, and their requests. */
function runWith(
  contexts: readonly Context[],
  {
    proxies = NO_PROXIES,
    chosen = contexts.map(({ name }) => name),
    user = { token: 'a-token-of-the-test' },
  }: { proxies?: Proxies; chosen?: readonly string[]; user?: object } = {},
) {
  const text = dump({
    contexts: contexts.map(({ name }) => ({ name, context: { cluster: name, user: 'test' } })),
    clusters: contexts.map(({ name, ...cluster }) => ({
      name,
      cluster: { 'certificate-authority-data': btoa(authority.certificate), ...cluster },
    })),
    users: [{ name: 'test', user }],
  })
  const config = loadKubeConfig({ kind: 'text', text })
  const early = connectEarly({ config, contexts: chosen, proxies })
  const clusterOf = (name: string) =>
    connect({ config, concurrency: 16, proxies, early }, name, new AbortController().signal)
  const clusters = new Map(contexts.map(({ name }) => [name, clusterOf(name)]))
  return {
    async get(name: string) {
      const cluster = clusters.get(name) ?? clusterOf(name)
      // A second attempt would hide that the first one used a connection that is closed.
      return (await cluster.request({ operation: 'try', path: '/version', maxAttempts: 1 })).status
    },
  }
}

describe.each([
  ['HTTP/1.1', http1],
  ['HTTP/2', http2],
])('with %s, the TCP connection that was opened early', (_, createTestServer) => {
  it.each(['127.0.0.1', 'localhost'])('to %s is used by the first request', async (host) => {
    await using server = await start(createTestServer())
    const connected = server.connected()
    const run = runWith([{ name: 'one', server: `https://${host}:${server.port}` }])
    await connected
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('is used by a request that comes while it is opened', async () => {
    await using server = await start(createTestServer())
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('is not used when the server has closed it', async () => {
    await using server = await start(createTestServer(), { isClosing: true })
    const connected = server.connected()
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    await connected
    // Lets the client see it.
    for (let turn = 0; turn < 10; turn++) await setImmediate()
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(2)
  })

  it('stays open longer than it may take to open one', async () => {
    await using server = await start(createTestServer())
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    expect(await run.get('one')).toBe(200)
    await setTimeout(1200)
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })
})

describe('a TCP connection that is opened early', () => {
  afterEach(() => vi.useRealTimers())

  it('to an IPv6 address is used by the first request', async () => {
    await using server = await start(http1(), { host: '::1' })
    const connected = server.connected()
    const run = runWith([{ name: 'one', server: `https://[::1]:${server.port}` }])
    await connected
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('with a client certificate that OpenSSL refuses is an error of the request', async () => {
    await using server = await start(http1())
    const chain = `${cert}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`
    const user = { 'client-certificate-data': btoa(chain), 'client-key-data': btoa(key) }
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }], { user })
    await expect(run.get('one')).rejects.toMatchObject({ code: 'cluster-unreachable' })
  })

  it('is one for each API server, also of two contexts', async () => {
    await using one = await start(http2())
    await using other = await start(http2())
    const server = `https://127.0.0.1:${one.port}`
    const contexts = ['first', 'second'].map((name) => ({ name, server }))
    const run = runWith([...contexts, { name: 'other', server: `https://127.0.0.1:${other.port}` }])
    await Promise.all([run.get('first'), run.get('other')])
    expect([one.sockets.length, other.sockets.length]).toEqual([1, 1])
    expect(await run.get('second')).toBe(200)
    expect(one.sockets).toHaveLength(2)
  })

  it('is closed when no request comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    await using server = await start(http1())
    const connected = server.connected()
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    await connected
    const [socket] = server.sockets
    const closed = once(socket ?? process, 'close')
    // The client has to see the connection before its time begins.
    while (vi.getTimerCount() === 0) await setImmediate()
    vi.advanceTimersByTime(4000)
    await closed
    vi.useRealTimers()
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(2)
  })

  it('is not closed after that time when a request has used it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    await using server = await start(http2())
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    expect(await run.get('one')).toBe(200)
    vi.advanceTimersByTime(4000)
    vi.useRealTimers()
    expect(await run.get('one')).toBe(200)
    expect(server.sockets).toHaveLength(1)
  })

  it('may fail: the request says what is wrong', async () => {
    const server = await start(http1())
    await server[Symbol.asyncDispose]()
    const run = runWith([{ name: 'one', server: `https://127.0.0.1:${server.port}` }])
    await expect(run.get('one')).rejects.toThrow('did not respond: connect ECONNREFUSED')
  })

  // None of these hosts is a loopback address by its text, so that the proxy is for it; Linux connects to this machine.
  it.each([
    ['in clear text', { server: 'http://0.0.0.0' }, {}],
    ['where the environment has a proxy', {}, { proxies: { ...NO_PROXIES, https: new URL('http://127.0.0.1:9') } }],
    ['where the kubeconfig has a proxy', { 'proxy-url': 'socks5://127.0.0.1:9' }, {}],
    ['to the cluster of a context that is not used', {}, { chosen: [] }],
  ])('is not opened %s', async (_, cluster, options) => {
    await using server = await start(http1())
    const { server: base = 'https://0.0.0.0', ...rest } = cluster as { server?: string }
    runWith([{ name: 'one', server: `${base}:${server.port}`, ...rest }], options)
    // Connections are accepted in the order in which they come.
    const last = connectTcp(server.port, '127.0.0.1').on('error', () => {})
    await server.connected()
    expect(server.sockets.map(({ remotePort }) => remotePort)).toEqual([last.localPort])
  })
})
