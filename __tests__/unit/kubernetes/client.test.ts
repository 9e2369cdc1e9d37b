import { chmodSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { type Cluster, connect } from '../../../src/kubernetes/client.ts'
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts'
import { connectBy, connectTo } from '../../support/connect-to.ts'
import { describeReal } from '../../support/describe-real.ts'
import { createAuthority } from '../../support/http/certificate.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { startKubeApiserver } from '../../support/kubernetes/kube-apiserver.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const SECRET = 'hunter2'

const folder = mkdtempDisposableSync(join(tmpdir(), 'connection-'))
afterAll(() => folder.remove())

const READ = { doing: 'read the namespace default', path: '/api/v1/namespaces/default' }
const statusOf = async (cluster: Cluster) => (await cluster.request({ ...READ, expect: [401, 403] })).status

async function complaintOf(cluster: Cluster): Promise<string> {
  const failure = await cluster.request(READ).then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  )
  return explain(failure).join('\n')
}

describeServers((server) => {
  /** A kubeconfig with any login, and any settings of its cluster. */
  function configOf(user: object, cluster: object = {}): string {
    const { url, certificateAuthority } = server()
    return dump({
      'current-context': 'practice',
      contexts: [{ name: 'practice', context: { cluster: 'practice', user: 'practice' } }],
      clusters: [
        {
          name: 'practice',
          cluster: { server: url, 'certificate-authority-data': btoa(certificateAuthority), ...cluster },
        },
      ],
      users: [{ name: 'practice', user }],
    })
  }

  it('watches beside its requests, and takes no turn from them', async () => {
    const cluster = connectBy(configOf({ token: server().adminToken }), 1)
    const enough = new AbortController()
    const request = { doing: 'watch', path: '/api/v1/namespaces', query: { watch: 'true' } }
    const watches = [1, 2, 3].map(() => cluster.stream(request, enough.signal))
    const first = await Promise.all(watches.map((watch) => watch.next()))
    expect(first).toMatchObject(watches.map(() => ({ value: { type: 'ADDED', object: { kind: 'Namespace' } } })))
    expect(await statusOf(cluster)).toBe(200)
    enough.abort()
  })

  const sentHeaders = () => server().journal.at(-1)?.headers ?? {}

  describe('a login', () => {
    it('is a token', async () => {
      expect(await statusOf(connectTo(server()))).toBe(200)
      expect(await statusOf(connectTo(server(), { token: 'wrong' }))).toBe(401)
    })

    it('is a token in a file', async () => {
      const tokenFile = join(folder.path, 'token')
      writeFileSync(tokenFile, server().adminToken)
      expect(await statusOf(connectBy(configOf({ tokenFile })))).toBe(200)
    })

    it('is a user and a password', async () => {
      expect(await statusOf(connectBy(configOf({ username: 'jo', password: SECRET })))).toBe(401)
      expect(sentHeaders().authorization).toBe(`Basic ${btoa(`jo:${SECRET}`)}`)
    })
  })

  it('goes nowhere else, whatever the API server says', async () => {
    const headers = { location: 'https://elsewhere.example.com/api' }
    server().faults.add({ when: { path: READ.path }, times: 1, fault: { kind: 'status', status: 307, headers } })
    expect(await complaintOf(connectTo(server()))).toMatch(/ answered 307\. The server points elsewhere/)
  })

  describe('an exec plugin', () => {
    /** A plugin of these lines of shell. */
    function plugin(...lines: readonly string[]): object {
      const command = join(folder.path, `plugin-${Math.random().toString(36).slice(2)}`)
      writeFileSync(command, ['#!/bin/sh', `echo called >> "$0.calls"`, ...lines].join('\n'))
      chmodSync(command, 0o755)
      return {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command, env: [{ name: 'REGION', value: 'eu' }] },
      }
    }
    const credential = (status: string) =>
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}'`
    const callsOf = (user: object) => {
      const { command } = (user as { exec: { command: string } }).exec
      return readFileSync(`${command}.calls`, 'utf8').trim().split('\n').length
    }

    it('logs in, once for many requests', async () => {
      const user = plugin('test "$REGION" = eu || exit 1', credential(`{"token":"${server().adminToken}"}`))
      const cluster = connectBy(configOf(user))
      expect(await statusOf(cluster)).toBe(200)
      expect(await Promise.all([statusOf(cluster), statusOf(cluster)])).toEqual([200, 200])
      expect(callsOf(user)).toBe(1)
    })

    it('is not asked by each of many requests at once', async () => {
      const user = plugin(credential(`{"token":"${server().adminToken}"}`))
      const cluster = connectBy(configOf(user))
      await Promise.all([1, 2, 3, 4].map(() => statusOf(cluster)))
      expect(callsOf(user)).toBe(1)
    })

    it('is asked again when its token has ended', async () => {
      const ended = `{"token":"${server().adminToken}","expirationTimestamp":"2020-01-01T00:00:00Z"}`
      const user = plugin(credential(ended))
      const cluster = connectBy(configOf(user))
      await statusOf(cluster)
      const before = callsOf(user)
      expect(await statusOf(cluster)).toBe(200)
      expect(callsOf(user)).toBeGreaterThan(before)
    })

    it('is left alone when the run ends', async () => {
      const signal = AbortSignal.timeout(500)
      const cluster = connect(
        loadKubeConfig({ kind: 'text', text: configOf(plugin('exec sleep 5')) }),
        'practice',
        1,
        signal,
      )
      expect(await complaintOf(cluster)).toMatch(/^Could not authenticate to the cluster practice by `\S+plugin-\w+`: /)
    })

    it('tells why it fails, and what to do', async () => {
      const sentence = await complaintOf(connectBy(configOf(plugin('echo "no session\n::error::x" >&2', 'exit 3'))))
      expect(sentence).toMatch(/^Could not authenticate to the cluster practice: no session\\n: :error: :x/)
      expect(sentence).toMatch(
        /The kubeconfig runs `.*plugin-\w+` for its login: install it, and log in, in an earlier step\.$/,
      )
    })

    it('may be missing', async () => {
      const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } }
      expect(await complaintOf(connectBy(configOf(user)))).toMatch(
        /^Could not authenticate to the cluster practice: .*ENOENT.*`no-such-plugin` for its login: install it/,
      )
    })

    it('may say something that is no credential, which is not repeated', async () => {
      const sentence = await complaintOf(connectBy(configOf(plugin('echo bare-token'))))
      expect(sentence).toMatch(/^Could not authenticate to the cluster practice: /)
      expect(sentence).not.toContain('bare-token')
    })
  })

  describe('a proxy', () => {
    it('is the one of the kubeconfig, with its own login', async () => {
      await using proxy = await startConnectProxy()
      const address = `http://jo:${SECRET}@127.0.0.1:${proxy.port}`
      const cluster = connectBy(configOf({ token: server().adminToken }, { 'proxy-url': address }))
      expect(await statusOf(cluster)).toBe(200)
      expect(proxy.requests.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
        [new URL(server().url).host, `Basic ${btoa(`jo:${SECRET}`)}`],
      ])
      expect(sentHeaders()).not.toHaveProperty('proxy-authorization')
    })

    it('is asked for a connection only as often as so many requests go at a time, also after a pause', async () => {
      await using proxy = await startConnectProxy()
      const address = { 'proxy-url': `http://127.0.0.1:${proxy.port}` }
      const cluster = connectBy(configOf({ token: server().adminToken }, address), 2)
      await Promise.all(Array.from({ length: 20 }, () => statusOf(cluster)))
      // undici would let go of them after four seconds.
      await sleep(5000)
      await Promise.all(Array.from({ length: 20 }, () => statusOf(cluster)))
      expect(proxy.requests.length).toBeLessThanOrEqual(2)
    })

    it('that is not there is named without its login', async () => {
      const { port, ...proxy } = await startConnectProxy()
      await proxy[Symbol.asyncDispose]()
      const address = { 'proxy-url': `http://jo:proxy-password@127.0.0.1:${port}` }
      const sentence = await complaintOf(connectBy(configOf({ token: 'x' }, address)))
      expect(sentence).toMatch(/^Could not read the namespace default: GET .* gave no answer: .*ECONNREFUSED/)
      expect(sentence).not.toContain('proxy-password')
    })

    it('does not hide that the login fails', async () => {
      const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } }
      const sentence = await complaintOf(connectBy(configOf(user, { 'proxy-url': 'http://127.0.0.1:9' })))
      expect(sentence).toMatch(/^Could not authenticate to the cluster practice: .*`no-such-plugin` for its login/)
    })
  })

  describe('the certificate of the server', () => {
    it('must be of the authority in the kubeconfig', async () => {
      const { certificate } = await createAuthority('stranger')
      const stranger = connectBy(configOf({ token: 'x' }, { 'certificate-authority-data': btoa(certificate) }))
      expect(await complaintOf(stranger)).toMatch(
        /^Could not read the namespace default: GET .* gave no answer: .*certificate.*for a cluster in its kubeconfig\.$/,
      )
    })

    it('is not checked on request, with a warning', async () => {
      using captured = captureLog()
      const skip = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined }
      const cluster = connectBy(configOf({ token: server().adminToken }, skip))
      expect(await statusOf(cluster)).toBe(200)
      expect(captured.log.annotations).toEqual([
        {
          level: 'warning',
          message:
            'The certificate of the cluster practice is not checked (insecure-skip-tls-verify): anybody in between can read its secrets.',
          properties: {},
        },
      ])
    })

    it('may be of another name', async () => {
      const { port } = new URL(server().url)
      const byName = { server: `https://localhost:${port}` }
      const user = { token: server().adminToken }
      expect(await statusOf(connectBy(configOf(user, byName)))).toBe(200)
      expect(await complaintOf(connectBy(configOf(user, { 'tls-server-name': 'elsewhere' })))).toContain(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      )
      expect(await statusOf(connectBy(configOf(user, { 'tls-server-name': 'localhost' })))).toBe(200)
    })
  })

  it('takes an address with a final slash', async () => {
    expect(await statusOf(connectBy(configOf({ token: server().adminToken }, { server: `${server().url}/` })))).toBe(
      200,
    )
    expect(server().journal.at(-1)?.path).toBe(READ.path)
  })

  it('uses few connections for many requests', async () => {
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

  it('is the same under any name, and another at any other address or of another authority', () => {
    const { identity } = named('prod')
    expect(named('green').identity).toBe(identity)
    expect(named('prod', { server: 'https://k.example.com' }).identity).not.toBe(identity)
    expect(named('prod', { certificateAuthority: 'other' }).identity).not.toBe(identity)
  })

  it('is not asked by http, except on this machine', async () => {
    const sentence = await complaintOf(named('prod', { server: 'http://k.example.com' }))
    expect(sentence).toMatch(/http:\/\/k\.example\.com is not https\. Only https addresses are used/)
  })
})

describeReal(['etcd', 'kube-apiserver'], 'client certificates, which end at the server itself', () => {
  it('log in', async () => {
    await using server = await startKubeApiserver()
    const { url, certificateAuthority } = server
    const entry = { context: 'practice', server: url, certificateAuthority }
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

/** A proxy that only forwards connections, and remembers who asked for one. */
async function startConnectProxy(): Promise<{ port: number; requests: IncomingMessage[] } & AsyncDisposable> {
  const requests: IncomingMessage[] = []
  const resources = new AsyncDisposableStack()
  const proxy = createServer().on('connect', (request, client) => {
    requests.push(request)
    const { hostname, port } = new URL(`http://${request.url}`)
    const upstream = connectSocket(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    resources.defer(() => void client.destroy())
  })
  resources.defer(() => new Promise<void>((resolve) => void proxy.close(() => resolve())))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return { port, requests, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
