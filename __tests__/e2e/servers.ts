// The real servers of the scenarios, and what a scenario leaves on them.
import { startClusterWithNode } from '../support/fake-node/cluster.ts'
import type { FakeIbmOptions } from '../support/ibm/environment.ts'
import type { KubernetesEndpoint } from '../support/kubernetes/endpoint.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { startDockerRegistry } from '../support/registry/docker-registry.ts'
import { sharedServer } from '../support/shared-servers/shared.ts'

/** What is behind the proxy and the IBM services of each scenario. */
export interface Servers {
  readonly cluster: KubernetesEndpoint
  readonly ibm: FakeIbmOptions
}

/** Those of all files. */
export async function shareServers(): Promise<Servers> {
  const { cluster, registry } = await sharedServer('scenarios')
  return { cluster, ibm: { realRegistry: registry } }
}

export async function startServers(resources: AsyncDisposableStack): Promise<Servers> {
  return { cluster: await startClusterWithNode(resources), ibm: { startRegistry: startDockerRegistry } }
}

/** Other scenarios do not list the secrets of this one, and the node has no more Pods of it. */
export async function deleteContents(kube: KubernetesServer, namespaces: readonly string[]): Promise<void> {
  const collections = namespaces.flatMap((name) =>
    ['secrets', 'pods'].map((kind) => `/api/v1/namespaces/${name}/${kind}`),
  )
  for (const collection of collections) await kube.request('DELETE', collection)
}
