import { afterAll, beforeAll, describe } from 'vitest'
import { hasRealServers } from '../describe-real.ts'
import { sharedServer } from '../shared-servers/shared.ts'
import type { KubernetesEndpoint } from './endpoint.ts'
import { startFakeApiServer } from './fake-api-server.ts'
import { startKubeApiserver } from './kube-apiserver.ts'
import type { ObservedKubernetesServer } from './observed-server.ts'
import { startProxy } from './proxy.ts'

/**
 * Tests of an API server: the real one, which gets its journal and faults from a proxy; the fake one where no real one is.
 * Both are held to one conformance suite. Files share the real one: each has namespaces with names of its own.
 */
export function describeServers(body: (server: () => ObservedKubernetesServer) => void): void {
  describeOn(() => sharedServer('apiserver'), body)
}

/** For tests of what is in the whole cluster, which no other file may change. */
export function describeOwnServers(body: (server: () => ObservedKubernetesServer) => void): void {
  describeOn(async (resources) => resources.use(await startKubeApiserver()), body)
}

function describeOn(
  open: (resources: AsyncDisposableStack) => Promise<KubernetesEndpoint>,
  body: (server: () => ObservedKubernetesServer) => void,
): void {
  if (hasRealServers(['etcd', 'kube-apiserver'])) {
    describe('kube-apiserver', () => run(async (resources) => startProxy(await open(resources)), body))
  } else {
    describe('fake API server', () => run(() => startFakeApiServer(), body))
  }
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
