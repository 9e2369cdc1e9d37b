import { startKubeApiserver } from '../kubernetes/kube-apiserver.ts'
import type { KubernetesServer } from '../kubernetes/server.ts'
import { startFakeNode } from './node.ts'

/** The node talks to the server itself, not to a proxy, so the faults of a scenario do not reach it. */
export async function startClusterWithNode(resources: AsyncDisposableStack): Promise<KubernetesServer> {
  const kube = resources.use(await startKubeApiserver())
  resources.use(await startFakeNode({ ...kube, server: kube.url, token: kube.adminToken }))
  return kube
}
