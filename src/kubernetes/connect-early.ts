import type { KubeConfig } from '@kubernetes/client-node'
import { EarlyConnections } from '../http/early-connections.ts'
import type { Proxies } from '../http/proxy.ts'
import { connectTcp } from '../http/tcp.ts'
import { clusterProxy } from './cluster-proxy.ts'

interface Contexts {
  readonly config: KubeConfig
  /** The names of those that a run uses. */
  readonly contexts: readonly string[]
  /** Of the environment. */
  readonly proxies: Proxies
}

/**
 * Opens a TCP connection to the API server of each context, where no proxy is on the way: it gets on while the code that encrypts and
 * sends requests is loaded.
 */
export function connectEarly({ config, contexts, proxies }: Contexts): EarlyConnections {
  const early = new EarlyConnections(connectTcp)
  for (const context of contexts) {
    const cluster = config.getCluster(config.getContextObject(context)?.cluster ?? '')
    const url = URL.parse(cluster?.server ?? '')
    if (cluster !== null && url?.protocol === 'https:' && clusterProxy(context, cluster, proxies) === undefined)
      early.open(url)
  }
  return early
}
