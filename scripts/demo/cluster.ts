// The cluster of the demo: kube-apiserver where it is found, else the fake in this process.
import { findBinary, missingBinaries } from '../../__tests__/support/binaries.ts'
import { startFakeNode } from '../../__tests__/support/fake-node/node.ts'
import type { Faults } from '../../__tests__/support/http/faults.ts'
import type { JournalEntry } from '../../__tests__/support/http/http-server.ts'
import { startFakeApiServer } from '../../__tests__/support/kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../../__tests__/support/kubernetes/kube-apiserver.ts'
import { startProxy } from '../../__tests__/support/kubernetes/proxy.ts'
import type { KubernetesServer } from '../../__tests__/support/kubernetes/server.ts'

export interface DemoCluster extends AsyncDisposable {
  /** What it is, in words. */
  readonly description: string
  /** Who runs its Pods, in words. */
  readonly node: string
  /** Whether its node reaches a registry on this machine. */
  readonly canPull: boolean
  /** The input of that name. */
  readonly kubeconfig: string
  readonly namespace: string
  /** What the step needs of the user's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly request: KubernetesServer['request']
}

/** A cluster that the demo has started: it sees all requests, and can make them fail. */
export interface LocalCluster extends DemoCluster {
  readonly server: KubernetesServer
  readonly journal: readonly JournalEntry[]
  readonly faults: Faults
}

/** @param namespaces the first one is that of the kubeconfig */
export async function startDemoCluster(namespaces: readonly [string, ...string[]]): Promise<LocalCluster> {
  await using resources = new AsyncDisposableStack()
  const missing = (['etcd', 'kube-apiserver'] as const).filter((name) => findBinary(name) === undefined)
  const server = resources.use(missing.length === 0 ? await startKubeApiserver() : await startFakeApiServer())
  await Promise.all(namespaces.map((name) => server.createNamespace(name)))
  resources.use(
    await startFakeNode({
      server: server.url,
      certificateAuthority: server.certificateAuthority,
      token: server.adminToken,
    }),
  )
  const { kubeconfig, journal, faults } = resources.use(await startProxy(server))
  const [namespace] = namespaces
  const running = resources.move()
  return {
    description:
      missing.length === 0
        ? `kube-apiserver ${(await server.request('GET', '/version')).body.gitVersion}, the real one`
        : `a fake in this process (${missingBinaries(missing)})`,
    node: 'emulated in this process: it pulls the manifest of an image and no layer',
    canPull: true,
    kubeconfig: kubeconfig({ namespace }),
    namespace,
    environment: {},
    request: server.request,
    server,
    journal,
    faults,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Whether a request is one of the action, and not one of the node or of the demo. */
export function isOfStep({ headers }: Pick<JournalEntry, 'headers'>): boolean {
  return headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
}

/** Whether a request writes a credential to the secret of a target. */
export function isCredentialWrite(request: Pick<JournalEntry, 'headers' | 'method' | 'body'>): boolean {
  return isOfStep(request) && request.method === 'PATCH' && request.body.includes('.dockerconfigjson')
}
