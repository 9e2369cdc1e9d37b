// A Kubernetes API in this process, for machines without kube-apiserver; held to the same suite as the real one.
import { randomUUID } from 'node:crypto'
import type { OidcTrust } from '../github-oidc.ts'
import { Access } from './access.ts'
import { Api } from './api.ts'
import { type ObservedKubernetesServer, startObservedServer } from './observed-server.ts'
import { Store } from './store.ts'

export async function startStandIn({ oidc }: { readonly oidc?: OidcTrust } = {}): Promise<ObservedKubernetesServer> {
  const adminToken = randomUUID()
  const store = new Store()
  const api = new Api(store, new Access(store, adminToken, oidc))
  const server = await startObservedServer('stand-in', adminToken, (request) => api.answer(request))
  await server.createNamespace('default')
  // What the server and its tests did so far is no news.
  server.journal.length = 0
  return server
}
