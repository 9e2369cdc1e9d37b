import { createHash } from 'node:crypto'
import type { KubeConfig } from '@kubernetes/client-node'
import { Failure } from '../errors.ts'
import { connect } from './connection.ts'
import type { Target } from './pull-secret.ts'
import { readSecret, refusal, type Stored } from './stored-secret.ts'

/** A target and what it holds. */
export interface Usable extends Target {
  readonly stored: Stored
}

/** A target that cannot be used, and why. */
export interface Unusable extends Target {
  readonly result: 'failed'
  readonly failure: unknown
  /** Whether it may hold what was to be written all the same: an answer can be lost after the server has acted. */
  readonly mayHold: boolean
}

/** Which clusters and namespaces a run is about. */
export interface Place {
  readonly config: KubeConfig
  /** Names of contexts of `config`. */
  readonly contexts: readonly string[]
  /** None: the one of the context. */
  readonly namespaces: readonly string[]
}

/** Connects to the clusters; each namespace of each of them is a target. */
export function resolveTargets(place: Place, concurrency: number, signal: AbortSignal): Target[] {
  return place.contexts.flatMap((context) => {
    const cluster = connect(place.config, context, concurrency, signal)
    const namespaces = place.namespaces.length > 0 ? place.namespaces : [cluster.namespace]
    return namespaces.map((namespace) => ({ cluster, namespace }))
  })
}

/** Reads what the targets hold. A target that cannot be read, or must not be written, fails alone. */
export async function survey(
  targets: readonly Target[],
  secretName: string,
  adopt: boolean,
): Promise<(Usable | Unusable)[]> {
  return await Promise.all(
    targets.map(async (target) => {
      try {
        const stored = await readSecret(target.cluster, target.namespace, secretName)
        if (stored.kind === 'absent') await requireNamespace(target)
        const failure = refusal(stored, adopt)
        return failure === undefined ? { ...target, stored } : { ...target, result: 'failed', failure, mayHold: false }
      } catch (failure) {
        return { ...target, result: 'failed', failure, mayHold: false }
      }
    }),
  )
}

/** An absent secret may be absent because the namespace is. Whoever may not look at namespaces learns it when writing. */
async function requireNamespace({ cluster, namespace }: Target): Promise<void> {
  const answer = await cluster.request({
    doing: `read the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}`,
    expect: [403, 404],
  })
  if (answer.status !== 404) return
  throw new Failure(`The namespace ${namespace} is not in the cluster ${cluster.name}`, {
    cure: 'Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces.',
  })
}

/**
 * What a credential is written to, in a form that is equal for equal sets of targets: by API server, since contexts are
 * named as everybody likes. One target is named; of more there is a digest.
 */
export function scopeOf(targets: readonly Target[], secretName: string): string {
  const names = targets.map(
    ({ cluster, namespace }) => `${cluster.server.replace(/^https?:\/\//, '')}/${namespace}/${secretName}`,
  )
  const [first = ''] = names
  if (names.length === 1) return first
  const digest = createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 16)
  return `${names.length} targets, sha256:${digest}`
}
