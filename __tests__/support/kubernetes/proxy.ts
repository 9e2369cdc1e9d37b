// A journal and faults before any Kubernetes server.
import { Agent, request } from 'undici'
import type { FakeResponse, RecordedRequest } from '../http/exchange.ts'
import { type ObservedKubernetesServer, startObservedServer } from './observed-server.ts'
import type { KubernetesServer } from './server.ts'

/** Closes its own connections; the server behind it stays. */
export async function startProxy(server: KubernetesServer): Promise<ObservedKubernetesServer> {
  const dispatcher = new Agent({ connect: { ca: server.certificateAuthority }, bodyTimeout: 0 })

  const forward = async ({ incoming, method, headers, body }: RecordedRequest): Promise<FakeResponse> => {
    const answer = await request(new URL(incoming.url ?? '/', server.url), {
      method,
      headers: forwarded(headers),
      body: body === '' ? null : body,
      dispatcher,
    })
    return { status: answer.statusCode, headers: forwarded(answer.headers), body: answer.body }
  }

  const proxy = await startObservedServer(server.name, server.adminToken, forward)
  return {
    ...proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await dispatcher.destroy()
    },
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
