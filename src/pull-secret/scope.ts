import { sha256 } from '../core/digest.ts'
import type { Target } from './target.ts'

/**
 * All that a credential is written to, in a form that is equal for equal sets of targets: the clusters by identity, then
 * the one secret, or a digest of many.
 */
export function scopeOf(targets: readonly Target[], secretName: string): string {
  const clusters = [...new Set(targets.map(({ cluster }) => cluster.identity))].sort()
  const secrets = targets.map(({ cluster, namespace }) => [cluster.identity, namespace, secretName].join('/')).sort()
  const digest = sha256(secrets.join('\n')).slice(0, 16)
  const [only] = targets
  const what =
    targets.length === 1 ? `${only?.namespace}/${secretName}` : `${secrets.length} ${secretName} sha256:${digest}`
  return `${clusters.join(',')} ${what}`
}

/** The identities of the clusters in a scope. */
export function clustersOf(scope: string): string[] {
  return (scope.split(' ')[0] ?? '').split(',')
}
