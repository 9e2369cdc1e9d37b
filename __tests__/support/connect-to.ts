import { type Cluster, connect } from '../../src/kubernetes/client.ts'
import type { KubeconfigOptions, KubernetesServer } from './kubernetes/server.ts'
import { loadKubeConfig } from './load-kubeconfig.ts'

/** The cluster behind a server of the tests, as a run connects to it; the administrator's unless a token is provided. */
export function connectTo(server: KubernetesServer, options?: KubeconfigOptions): Cluster {
  return connectBy(server.kubeconfig({ context: 'test', ...options }))
}

/** Production waits for half a second; how often it retries is the same. */
const FIRST_RETRY_DELAY_MS = 20

/** The cluster of the current context of a kubeconfig. */
export function connectBy(kubeconfig: string, concurrency = 16): Cluster {
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig })
  return connect(
    { config, concurrency, environment: process.env, firstRetryDelayMs: FIRST_RETRY_DELAY_MS },
    config.getCurrentContext(),
    new AbortController().signal,
  )
}
