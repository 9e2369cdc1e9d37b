import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectBy, connectTo } from '../../support/connect-to.ts'
import { describeReal } from '../../support/describe-real.ts'
import { errorOf } from '../../support/error-of.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { startConnectProxy, startSocksProxy } from '../../support/http/connect-proxy.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { startKubeApiserver } from '../../support/kubernetes/kube-apiserver.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const SECRET = 'hunter2'

const folder = mkdtempDisposableSync(join(tmpdir(), 'connection-'))
afterAll(() => folder.remove())

const READ = { operation: 'read the namespace default', path: '/api/v1/namespaces/default' }
const statusOf = async (cluster: Cluster) => (await cluster.request({ ...READ, expectedStatuses: [401, 403] })).status

async function errorTextOf(cluster: Cluster): Promise<string> {
  return explain(await errorOf(cluster.request(READ))).join('\n')
}

describeServers((server) => {
  /** A kubeconfig with this user, and these settings of its cluster. */
  function configOf(user: object, cluster: object = {}): string {
    const { url, certificateAuthority } = server()
    return dump({
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [
        {
          name: 'test',
          cluster: { server: url, 'certificate-authority-data': btoa(certificateAuthority), ...cluster },
        },
      ],
      users: [{ name: 'test', user }],
    })
  }

  it('runs watches outside the queue of requests', async () => {
    const cluster = connectBy(configOf({ token: server().adminToken }), 1)
    const enough = new AbortController()
    const request = { operation: 'watch', path: '/api/v1/namespaces', query: { watch: 'true' } }
    const watches = [1, 2, 3].map(() => cluster.stream(request, enough.signal))
    const first = await Promise.all(watches.map((watch) => watch.next()))
    expect(first).toMatchObject(watches.map(() => ({ value: { type: 'ADDED', object: { kind: 'Namespace' } } })))
    expect(await statusOf(cluster)).toBe(200)
    enough.abort()
  })

  const sentHeaders = () => server().journal.at(-1)?.headers ?? {}

  describe('the kubeconfig user', () => {
    it('can have a token', async () => {
      expect(await statusOf(connectTo(server()))).toBe(200)
      expect(await statusOf(connectTo(server(), { token: 'wrong' }))).toBe(401)
    })

    it('can have a token in a file', async () => {
      const tokenFile = join(folder.path, 'token')
      writeFileSync(tokenFile, server().adminToken)
      expect(await statusOf(connectBy(configOf({ tokenFile })))).toBe(200)
    })

    it('can have a username and a password', async () => {
      expect(await statusOf(connectBy(configOf({ username: 'jo', password: SECRET })))).toBe(401)
      expect(sentHeaders().authorization).toBe(`Basic ${btoa(`jo:${SECRET}`)}`)
    })
  })

  it('sends who is impersonated as client-go does', async () => {
    const user = {
      token: server().adminToken,
      as: 'ci',
      'as-uid': '42',
      'as-groups': ['deployers', 'a, b'],
      'as-user-extra': { 'example.com/role%': ['dev', 'ops'], Team: ['a'] },
    }
    const sent: string[] = []
    server().faults.add({
      when({ incoming: { rawHeaders } }) {
        const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []))
        sent.push(...pairs.map(([name = '', value]) => `${name.toLowerCase()}: ${value}`))
        return false
      },
      fault: { kind: 'hang' },
    })
    await connectBy(configOf(user)).request({ ...READ, expectedStatuses: [200, 403] })
    server().faults.clear()
    expect(sent.filter((line) => line.startsWith('impersonate-'))).toEqual([
      'impersonate-user: ci',
      'impersonate-uid: 42',
      'impersonate-group: deployers',
      'impersonate-group: a, b',
      'impersonate-extra-example.com%2frole%25: dev',
      'impersonate-extra-example.com%2frole%25: ops',
      'impersonate-extra-team: a',
    ])
  })

  it('rejects groups of an impersonated user without a name', async () => {
    const cluster = connectBy(configOf({ token: server().adminToken, 'as-groups': ['deployers'] }))
    expect(await errorTextOf(cluster)).toContain('no `as` that says which user it is')
  })

  it('does not follow a redirect', async () => {
    const headers = { location: 'https://elsewhere.example.com/api' }
    server().faults.add({ when: { path: READ.path }, times: 1, fault: { kind: 'status', status: 307, headers } })
    expect(await errorTextOf(connectTo(server()))).toMatch(/ returned 307\. The server redirects to another address/)
  })

  describe('a proxy', () => {
    it('is the `proxy-url` of the kubeconfig, with its own credentials', async () => {
      await using proxy = await startConnectProxy()
      const address = `http://jo:${SECRET}@127.0.0.1:${proxy.port}`
      const cluster = connectBy(configOf({ token: server().adminToken }, { 'proxy-url': address }))
      expect(await statusOf(cluster)).toBe(200)
      expect(proxy.tunnels.map(({ to, headers }) => [to, headers['proxy-authorization']])).toEqual([
        [new URL(server().url).host, `Basic ${btoa(`jo:${SECRET}`)}`],
      ])
      expect(sentHeaders()).not.toHaveProperty('proxy-authorization')
    })

    it('gets one connection per concurrent request, which survives a pause', async () => {
      await using proxy = await startConnectProxy()
      const address = { 'proxy-url': `http://127.0.0.1:${proxy.port}` }
      const cluster = connectBy(configOf({ token: server().adminToken }, address), 2)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        await Promise.all(Array.from({ length: 20 }, () => statusOf(cluster)))
        // By default undici closes idle connections after four seconds.
        await vi.advanceTimersByTimeAsync(10_000)
        await Promise.all(Array.from({ length: 20 }, () => statusOf(cluster)))
      } finally {
        vi.useRealTimers()
      }
      expect(proxy.tunnels.length).toBeLessThanOrEqual(2)
    })

    it('may be a SOCKS proxy with a login', async () => {
      await using proxy = await startSocksProxy({}, `jo:${SECRET}/@`)
      const address = { 'proxy-url': `socks5://jo:${SECRET}%2F%40@${proxy.address}` }
      expect(await statusOf(connectBy(configOf({ token: server().adminToken }, address)))).toBe(200)
      expect(proxy.tunnels.map(({ to }) => to)).toEqual([new URL(server().url).host])
    })

    it('that is down fails the request without its credentials in the error', async () => {
      const { port, ...proxy } = await startConnectProxy()
      await proxy[Symbol.asyncDispose]()
      const address = { 'proxy-url': `http://jo:proxy-password@127.0.0.1:${port}` }
      const text = await errorTextOf(connectBy(configOf({ token: 'x' }, address)))
      expect(text).toMatch(/^Could not read the namespace default: GET .* did not respond: .*ECONNREFUSED/)
      expect(text).not.toContain('proxy-password')
    })

    it('does not hide that the authentication fails', async () => {
      const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } }
      const text = await errorTextOf(connectBy(configOf(user, { 'proxy-url': 'http://127.0.0.1:9' })))
      expect(text).toMatch(
        /^Could not authenticate to the cluster test: the exec plugin `no-such-plugin` .* is not installed/,
      )
    })
  })

  describe('the certificate of the server', () => {
    it('must be issued by the CA of the kubeconfig', async () => {
      const { certificate } = await createAuthority('stranger')
      const stranger = connectBy(configOf({ token: 'x' }, { 'certificate-authority-data': btoa(certificate) }))
      expect(await errorTextOf(stranger)).toMatch(
        /^Could not read the namespace default: GET .* did not respond: .*certificate.*the CA of a cluster to its kubeconfig or to `kube-ca`\.$/,
      )
    })

    it('is not verified with insecure-skip-tls-verify, with a warning', async () => {
      using captured = captureLog()
      const skip = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined }
      const cluster = connectBy(configOf({ token: server().adminToken }, skip))
      expect(await statusOf(cluster)).toBe(200)
      expect(captured.log.annotations).toEqual([
        {
          level: 'warning',
          message: expect.stringMatching(
            /^The certificate of the cluster \w+ is not verified \(insecure-skip-tls-verify\): an attacker on the network can/,
          ),
          properties: { title: 'Certificate not verified' },
        },
      ])
    })

    it('can name another host, which the kubeconfig sets', async () => {
      const { port } = new URL(server().url)
      const byName = { server: `https://localhost:${port}` }
      const user = { token: server().adminToken }
      expect(await statusOf(connectBy(configOf(user, byName)))).toBe(200)
      expect(await errorTextOf(connectBy(configOf(user, { 'tls-server-name': 'elsewhere' })))).toContain(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      )
      expect(await statusOf(connectBy(configOf(user, { 'tls-server-name': 'localhost' })))).toBe(200)
    })
  })

  it('accepts an address with a trailing slash', async () => {
    expect(await statusOf(connectBy(configOf({ token: server().adminToken }, { server: `${server().url}/` })))).toBe(
      200,
    )
    expect(server().journal.at(-1)?.path).toBe(READ.path)
  })

  it.each([
    '/api/v1/namespaces/..',
    '/api/v1/%2e%2e/x',
    '/api/v1/pods?a=b',
    '/api/v1/pods#x',
    '/api/v1\\x',
    '/apis/./v1',
  ])('sends nothing to %s, which is another path of the server', async (path) => {
    const cluster = connectTo(server())
    server().journal.length = 0
    const text = explain(await errorOf(cluster.request({ operation: 'try', path }))).join('\n')
    expect(text).toContain('contains a name that no Kubernetes object can have')
    expect(server().journal).toEqual([])
  })

  it('sends one request per call, with a user agent', async () => {
    const cluster = connectTo(server())
    await statusOf(cluster)
    server().journal.length = 0
    for (let count = 0; count < 5; count++) await statusOf(cluster)
    expect(server().journal).toHaveLength(5)
    expect(sentHeaders()['user-agent']).toMatch(/^registry-pull-secret\//)
  })
})

describe('a cluster', () => {
  const authority = 'PEM'
  const entry = { server: 'https://k.example.com:6443', certificateAuthority: authority, user: { token: 't' } } as const
  const named = (context: string, change: object = {}) => connectBy(kubeconfig([{ context, ...entry, ...change }]))

  it('has the name and the namespace of its context', () => {
    expect(named('prod', { namespace: 'shop' })).toMatchObject({ name: 'prod', namespace: 'shop' })
    expect(named('prod').namespace).toBe('default')
  })

  it('has the identity of its kubeconfig, whatever its context is called', () => {
    const { identity } = named('prod', { userName: 'deployer' })
    expect(named('green', { userName: 'deployer' }).identity).toBe(identity)
    expect(named('prod', { userName: 'other' }).identity).not.toBe(identity)
  })

  it('gets no http request, except on this machine', async () => {
    const text = await errorTextOf(named('prod', { server: 'http://k.example.com' }))
    expect(text).toMatch(/http:\/\/k\.example\.com is not https\. Use an https address/)
  })
})

describeReal(['etcd', 'kube-apiserver'], 'client certificates', () => {
  it('authenticate', async () => {
    await using server = await startKubeApiserver()
    const { url, certificateAuthority } = server
    const entry = { context: 'test', server: url, certificateAuthority }
    const admin = await server.issueClientCertificate('jo', 'system:masters')
    expect(await statusOf(connectBy(kubeconfig([{ ...entry, user: admin }])))).toBe(200)
    const nobody = await server.issueClientCertificate('jo')
    expect(await statusOf(connectBy(kubeconfig([{ ...entry, user: nobody }])))).toBe(403)
    const stranger = await (await createAuthority('stranger')).issue({
      commonName: 'jo',
      organization: 'system:masters',
    })
    expect(await statusOf(connectBy(kubeconfig([{ ...entry, user: stranger }])))).toBe(401)
  })
})
