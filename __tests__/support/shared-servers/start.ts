import { startClusterWithNode } from '../fake-node/cluster.ts'
import { startFakeIbm } from '../ibm/environment.ts'
import { endpointOf } from '../kubernetes/endpoint.ts'
import { startKubeApiserver } from '../kubernetes/kube-apiserver.ts'
import { startDockerRegistry } from '../registry/docker-registry.ts'
import type { Shared } from './shared.ts'

type Start<Name extends keyof Shared> = (resources: AsyncDisposableStack) => Promise<Shared[Name]>

export const start: { readonly [Name in keyof Shared]: Start<Name> } = {
  apiserver: async (resources) => endpointOf(resources.use(await startKubeApiserver())),
  async scenarios(resources) {
    const cluster = endpointOf(await startClusterWithNode(resources))
    const { realRegistry } = resources.use(await startFakeIbm({ startRegistry: startDockerRegistry }))
    if (realRegistry === undefined) throw new Error('the registry did not start')
    return { cluster, registry: realRegistry }
  },
}
