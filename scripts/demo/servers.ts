import { findBinary, missingBinaries } from '../../__tests__/support/binaries.ts'
import { type FakeIbm, startFakeIbm } from '../../__tests__/support/ibm/environment.ts'
import { startDockerRegistry } from '../../__tests__/support/registry/docker-registry.ts'
import type { DemoCluster } from './cluster.ts'
import { faint, pairs, print, say } from './terminal.ts'

interface DemoServers<Cluster> extends AsyncDisposable {
  readonly ibm: FakeIbm
  readonly cluster: Cluster
}

/** Starts them at the same time, and says what they are. */
export async function startServers<Cluster extends DemoCluster>(
  startCluster: () => Promise<Cluster>,
): Promise<DemoServers<Cluster>> {
  say(faint('Starting the servers.'))
  say()
  await using resources = new AsyncDisposableStack()
  const registry = findBinary('docker-registry')
  const owned = async <Server extends AsyncDisposable>(starting: Promise<Server>) => resources.use(await starting)
  const starting = [
    owned(startFakeIbm(registry === undefined ? {} : { startRegistry: startDockerRegistry })),
    owned(startCluster()),
  ] as const
  // When one does not start, the other one is stopped.
  await Promise.allSettled(starting)
  const [ibm, cluster] = await Promise.all(starting)
  print(
    pairs([
      ['Dedicated environment', 'emulated in this process: login, Cloud Foundry API, token API'],
      [
        'Registry',
        registry === undefined
          ? `a fake in this process (${missingBinaries(['docker-registry'])})`
          : 'docker-registry, the real one, behind the token API',
      ],
      ['Kubernetes', cluster.description],
      ['Node', cluster.node],
    ]),
  )
  const running = resources.move()
  return { ibm, cluster, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
