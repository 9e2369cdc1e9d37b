// A journal and faults before any Kubernetes server.
import { Agent, request } from 'undici'
import type { FakeResponse, RecordedRequest } from '../http/exchange.ts'
import type { KubernetesEndpoint } from './endpoint.ts'
import { type ObservedKubernetesServer, startObservedServer } from './observed-server.ts'
import type { KubernetesServer } from './server.ts'

/** Closes its own connections; the server behind it stays. */
export async function startProxy(server: KubernetesEndpoint): Promise<ObservedKubernetesServer> {
  await using resources = new AsyncDisposableStack()
  const forward = forwarder(server, resources)
  const proxy = resources.use(
    await startObservedServer(server.name, server.adminToken, (recorded) =>
      forward(recorded, recorded.incoming.url ?? '/'),
    ),
  )
  const owned = resources.move()
  return { ...proxy, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

type SharedAddress = Pick<ObservedKubernetesServer, 'url' | 'certificateAuthority'> & AsyncDisposable

/** One address for several servers, each at a path: `/<name>`, as Rancher serves its clusters. */
export async function startPathProxy(servers: Readonly<Record<string, KubernetesServer>>): Promise<SharedAddress> {
  return await startSharedAddress(Object.values(servers), (url) => {
    const [, name = '', path = '/'] = /^\/([^/]+)(\/.*)$/.exec(url) ?? []
    return { server: servers[name], path }
  })
}

/** One address for several servers, one after the other, like a tunnel to a bastion host: to the first one at the start. */
export async function startTunnel(
  ...servers: readonly [KubernetesServer, ...KubernetesServer[]]
): Promise<SharedAddress & { leadTo(server: KubernetesServer): void }> {
  let [current] = servers
  const address = await startSharedAddress(servers, (path) => ({ server: current, path }))
  return {
    ...address,
    leadTo(server) {
      current = server
    },
  }
}

async function startSharedAddress(
  servers: readonly KubernetesServer[],
  choose: (url: string) => { readonly server: KubernetesServer | undefined; readonly path: string },
): Promise<SharedAddress> {
  await using resources = new AsyncDisposableStack()
  const forwarders = new Map(servers.map((server) => [server, forwarder(server, resources)]))
  const address = resources.use(
    await startObservedServer('shared-address', '', async (recorded) => {
      const { server, path } = choose(recorded.incoming.url ?? '/')
      return (await (server && forwarders.get(server))?.(recorded, path)) ?? { status: 404 }
    }),
  )
  const { url, certificateAuthority } = address
  const owned = resources.move()
  return { url, certificateAuthority, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Sends a request on to a server, by the path that the server knows. */
function forwarder(server: KubernetesEndpoint, resources: AsyncDisposableStack) {
  const dispatcher = new Agent({ connect: { ca: server.certificateAuthority }, bodyTimeout: 0 })
  resources.defer(() => dispatcher.destroy())
  return async ({ method, headers, body }: RecordedRequest, path: string): Promise<FakeResponse> => {
    const answer = await request(new URL(path, server.url), {
      method,
      headers: forwarded(headers),
      body: body === '' ? null : body,
      dispatcher,
    })
    return { status: answer.statusCode, headers: forwarded(answer.headers), body: answer.body }
  }
}

// Each side has connections of its own.
const hopHeaders = ['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']

function forwarded(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !hopHeaders.includes(name))
  return Object.fromEntries(kept) as Record<string, string | string[]>
}
