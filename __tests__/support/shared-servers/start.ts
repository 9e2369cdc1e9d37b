// Real servers that all test files of a project share, since each takes seconds of CPU time to start. For vitest's
// `globalSetup`, whose process outlives those of the files. A server starts when the first file asks for it.
import type { TestProject } from 'vitest/node'
import { startClusterWithNode } from '../fake-node/cluster.ts'
import { json } from '../http/exchange.ts'
import { startWebServer } from '../http/web-server.ts'
import { startFakeIbm } from '../ibm/environment.ts'
import { endpointOf } from '../kubernetes/endpoint.ts'
import { startKubeApiserver } from '../kubernetes/kube-apiserver.ts'
import { startDockerRegistry } from '../registry/docker-registry.ts'
import type { Shared } from './shared.ts'

type Start<Name extends keyof Shared> = (resources: AsyncDisposableStack) => Promise<Shared[Name]>

const starts: { readonly [Name in keyof Shared]: Start<Name> } = {
  apiserver: async (resources) => endpointOf(resources.use(await startKubeApiserver())),
  async scenarios(resources) {
    const cluster = endpointOf(await startClusterWithNode(resources))
    const { realRegistry } = resources.use(await startFakeIbm({ startRegistry: startDockerRegistry }))
    if (realRegistry === undefined) throw new Error('the registry did not start')
    return { cluster, registry: realRegistry }
  },
}

export default async function offerSharedServers({ provide }: TestProject): Promise<() => Promise<void>> {
  const resources = new AsyncDisposableStack()
  const started = new Map<string, Promise<object>>()
  const { url } = resources.use(
    await startWebServer(async ({ path }) => {
      const name = path.slice(1) as keyof Shared
      const server = started.get(name) ?? starts[name](resources)
      started.set(name, server)
      return json(200, await server)
    }),
  )
  provide('sharedServers', url)
  return () => resources.disposeAsync()
}
