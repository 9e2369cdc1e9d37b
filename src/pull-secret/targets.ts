import type { KubeConfig } from '@kubernetes/client-node'
import { Failure } from '../core/errors.ts'
import { connect } from '../kubernetes/client.ts'
import { listSecrets } from './list.ts'
import {
  chooseNamespaces,
  listNamespaces,
  type NamespaceChoice,
  type Presence,
  presenceOf,
  tellTerminating,
} from './namespaces.ts'
import { readSecret, type Stored, type StoredSecret } from './read.ts'
import { refusal } from './refusal.ts'
import type { Target } from './write.ts'

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
export interface Place extends NamespaceChoice {
  readonly config: KubeConfig
  /** Names of contexts of `config`. */
  readonly contexts: readonly string[]
}

/**
 * Connects to the clusters; each namespace of each of them is a target, once, however many contexts lead there. A
 * cluster whose namespaces cannot be told is one target that fails.
 */
export async function resolveTargets(
  place: Place,
  concurrency: number,
  signal: AbortSignal,
): Promise<(Target | Unusable)[]> {
  const resolved = await Promise.all(
    place.contexts.map(async (context) => {
      const cluster = connect(place.config, context, concurrency, signal)
      try {
        return (await chooseNamespaces(cluster, place)).map((namespace) => ({ cluster, namespace }))
      } catch (failure) {
        return [failed({ cluster, namespace: '*' }, failure)]
      }
    }),
  )
  const byPlace = resolved.flat().map((one) => [`${one.cluster.identity}/${one.namespace}`, one] as const)
  return [...new Map(byPlace.toReversed()).values()].toReversed()
}

/** Up to so many targets are asked one by one: that takes no right to list. */
export const MOST_SINGLE_READS = 8

/**
 * Reads what the targets hold: by a list of the secrets of that name where there are many targets and the login may
 * list, else one by one. A target that cannot be read, or must not be written, fails alone.
 */
export async function survey(
  targets: readonly (Target | Unusable)[],
  secretName: string,
  adopt: boolean,
): Promise<(Usable | Unusable)[]> {
  const lost = targets.filter((target) => 'failure' in target)
  const reachable = targets.filter((target) => !('failure' in target))
  const byCluster = [...Map.groupBy(reachable, ({ cluster }) => cluster)]
  const surveys = byCluster.map(async ([cluster, group]) => {
    try {
      const listed = group.length > MOST_SINGLE_READS ? await listSecrets(cluster, secretName) : undefined
      const isComplete = group.every(({ namespace }) => listed?.has(namespace))
      const known = listed === undefined || isComplete ? undefined : await listNamespaces(cluster)
      return await Promise.all(group.map((target) => examine(target, secretName, adopt, listed, known)))
    } catch (failure) {
      return group.map((target) => failed(target, failure))
    }
  })
  return withoutTerminating([...(await Promise.all(surveys)).flat(), ...lost])
}

/** Namespaces that are about to go take no new secret: they are left out, unless there is nothing else to do. */
function withoutTerminating(targets: readonly (Usable | Unusable)[]): (Usable | Unusable)[] {
  const isTerminating = (target: Usable | Unusable) => 'failure' in target && target.failure instanceof Terminating
  const staying = targets.filter((target) => !isTerminating(target))
  if (staying.length === 0) return [...targets]
  for (const { cluster, namespace } of targets.filter(isTerminating)) tellTerminating(cluster, namespace)
  return staying
}

async function examine(
  target: Target,
  secretName: string,
  adopt: boolean,
  listed: ReadonlyMap<string, StoredSecret> | undefined,
  known: ReadonlyMap<string, Presence> | undefined,
): Promise<Usable | Unusable> {
  const { cluster, namespace } = target
  try {
    const stored = listed
      ? (listed.get(namespace) ?? { kind: 'absent' as const })
      : await readSecret(cluster, namespace, secretName)
    // An absent secret may be absent because its namespace is.
    if (stored.kind === 'absent') {
      const presence = known ? (known.get(namespace) ?? 'missing') : listed ? 'there' : await presenceOf(target)
      if (presence === 'missing') throw noNamespace(target)
      if (presence === 'terminating') throw terminating(target)
    }
    const refused = refusal(stored, adopt)
    return refused === undefined ? { ...target, stored } : failed(target, refused)
  } catch (failure) {
    return failed(target, failure)
  }
}

function failed(target: Target, failure: unknown): Unusable {
  return { ...target, result: 'failed', failure, mayHold: false }
}

class Terminating extends Failure {}

function terminating({ cluster, namespace }: Target): Terminating {
  return new Terminating(`The namespace ${namespace} of the cluster ${cluster.name} is terminating`, {
    cure: 'Take it off `namespaces`, or wait until it is gone and create it anew.',
  })
}

function noNamespace({ cluster, namespace }: Target): Failure {
  return new Failure(`The namespace ${namespace} is not in the cluster ${cluster.name}`, {
    cure: 'Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces.',
  })
}
