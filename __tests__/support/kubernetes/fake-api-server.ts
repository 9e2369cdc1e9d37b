// A Kubernetes API in this process, for machines without kube-apiserver; held to the same suite as the real one.
import { randomUUID } from 'node:crypto'
import type { OidcTrust } from '../github-oidc.ts'
import { Access } from './access.ts'
import { Api } from './api.ts'
import { type ObservedKubernetesServer, startObservedServer } from './observed-server.ts'
import { Store } from './store.ts'

/** The API server creates them itself, see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces. */
const SYSTEM_NAMESPACES = ['kube-node-lease', 'kube-public', 'kube-system']

export async function startFakeApiServer({
  oidc,
}: {
  readonly oidc?: OidcTrust
} = {}): Promise<ObservedKubernetesServer> {
  const adminToken = randomUUID()
  const store = new Store()
  const api = new Api(store, new Access(store, adminToken, oidc))
  const server = await startObservedServer('fake', adminToken, (request) => api.answer(request))
  await server.createNamespace('default')
  for (const name of SYSTEM_NAMESPACES) await server.request('POST', '/api/v1/namespaces', { metadata: { name } })
  // Requests of the setup are not recorded.
  server.journal.length = 0
  return server
}
