import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'

const DIGEST_LENGTH = 8

/**
 * Identifies the cluster of the current context: the address of its API server, and the beginning of the SHA-256 of its CA,
 * because many clusters have the address 10.96.0.1.
 */
export function identityOf(config: KubeConfig): string {
  const { server = '', caData, caFile } = config.getCurrentCluster() ?? {}
  const ca = caData ? Buffer.from(caData, 'base64') : caFile && existsSync(caFile) ? readFileSync(caFile) : undefined
  const digest = ca && createHash('sha256').update(ca).digest('hex').slice(0, DIGEST_LENGTH)
  const { host, pathname } = new URL(server)
  return [host + pathname.replace(/\/+$/, ''), digest].filter(Boolean).join('~')
}
