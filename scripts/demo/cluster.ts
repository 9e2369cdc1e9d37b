// The cluster of the demo: kube-apiserver where it is found, else the fake in this process.
import { findBinary, missingBinaries } from '../../__tests__/support/binaries.ts'
import { startFakeNode } from '../../__tests__/support/fake-node/node.ts'
import { startFakeApiServer } from '../../__tests__/support/kubernetes/fake-api-server.ts'
import { startKubeApiserver } from '../../__tests__/support/kubernetes/kube-apiserver.ts'
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

export async function startDemoCluster(): Promise<DemoCluster> {
  await using resources = new AsyncDisposableStack()
  const missing = (['etcd', 'kube-apiserver'] as const).filter((name) => findBinary(name) === undefined)
  const server = resources.use(missing.length === 0 ? await startKubeApiserver() : await startFakeApiServer())
  const namespace = 'shop'
  await server.createNamespace(namespace)
  resources.use(
    await startFakeNode({
      server: server.url,
      certificateAuthority: server.certificateAuthority,
      token: server.adminToken,
    }),
  )
  const running = resources.move()
  return {
    description:
      missing.length === 0
        ? `kube-apiserver ${(await server.request('GET', '/version')).body.gitVersion}, the real one`
        : `a fake in this process (${missingBinaries(missing)})`,
    node: 'emulated in this process: it pulls the manifest of an image and no layer',
    canPull: true,
    kubeconfig: server.kubeconfig({ namespace }),
    namespace,
    environment: {},
    request: server.request,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
