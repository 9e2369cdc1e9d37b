// A Kubernetes server over https with a journal of what it was asked, and faults to plan.
import { createAuthority } from '../http/certificate.ts'
import type { Handler } from '../http/exchange.ts'
import { Faults } from '../http/faults.ts'
import { type JournalEntry, startHttpServer } from '../http/http-server.ts'
import { type Administrator, administrator } from './administrator.ts'
import type { KubernetesServer } from './server.ts'

export interface ObservedKubernetesServer extends KubernetesServer, Pick<Administrator, 'createToken'> {
  readonly journal: JournalEntry[]
  readonly faults: Faults
}

export async function startObservedServer(
  name: string,
  adminToken: string,
  handle: Handler,
): Promise<ObservedKubernetesServer> {
  const journal: JournalEntry[] = []
  const faults = new Faults()
  const authority = await createAuthority(name)
  const certificate = await authority.issue({ commonName: name, hosts: ['127.0.0.1', 'localhost'] })
  const routes = () => [{ server: 'kubernetes', path: /^/, handle }] as const
  const server = await startHttpServer(routes, { journal, faults, certificate })
  const endpoint = { name, url: server.url, certificateAuthority: authority.certificate, adminToken }
  const { connections, ...actions } = administrator(endpoint)
  return {
    ...endpoint,
    ...actions,
    journal,
    faults,
    async [Symbol.asyncDispose]() {
      await connections[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
