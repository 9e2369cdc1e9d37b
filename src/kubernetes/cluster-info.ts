import type { Cluster } from '@kubernetes/client-node'
import { contentOf } from './file-or-data.ts'

/** A cluster of a kubeconfig, with what client-node does not read. */
export interface ClusterEntry extends Cluster {
  /** The extension for exec plugins: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
  readonly execConfig?: unknown
}

/** The cluster as an exec plugin gets it: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
export function clusterInfoOf(cluster: ClusterEntry | null): Readonly<Record<string, unknown>> {
  if (cluster === null) return {}
  const { server, tlsServerName, skipTLSVerify, caData, caFile, proxyUrl, execConfig } = cluster
  return {
    server,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': skipTLSVerify || undefined,
    'certificate-authority-data': contentOf(caData, caFile)?.toString('base64'),
    'proxy-url': proxyUrl,
    config: execConfig,
  }
}
