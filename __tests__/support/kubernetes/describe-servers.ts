import { afterAll, beforeAll, describe } from 'vitest'
import { describeReal } from '../describe-real.ts'
import { startStandIn } from './fake-api-server.ts'
import { startKubeApiserver } from './kube-apiserver.ts'
import type { ObservedKubernetesServer } from './observed-server.ts'
import { startProxy } from './proxy.ts'

/**
 * The same tests against the stand-in and against the real kube-apiserver, which gets its journal and faults from a
 * proxy.
 */
export function describeServers(body: (server: () => ObservedKubernetesServer) => void): void {
  describe('stand-in', () => run(() => startStandIn(), body))
  describeReal(['etcd', 'kube-apiserver'], 'kube-apiserver', () =>
    run(async (resources) => startProxy(resources.use(await startKubeApiserver())), body),
  )
}

function run(
  start: (resources: AsyncDisposableStack) => Promise<ObservedKubernetesServer>,
  body: (server: () => ObservedKubernetesServer) => void,
): void {
  const resources = new AsyncDisposableStack()
  let running: ObservedKubernetesServer | undefined
  beforeAll(async () => {
    running = resources.use(await start(resources))
  })
  afterAll(() => resources.disposeAsync())
  body(() => {
    if (running === undefined) throw new Error('the server did not start')
    return running
  })
}
