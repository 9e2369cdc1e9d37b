import { Failure } from '../core/errors.ts'
import { asObject, asText } from '../core/json.ts'
import type { Cluster, ClusterRequest } from '../kubernetes/client.ts'
import { listAll, METADATA_ONLY, unlessForbidden } from '../kubernetes/list.ts'
import { info } from '../runner/log.ts'
import type { Target } from './write.ts'

/** Which namespaces are meant. */
export interface NamespaceChoice {
  /** Names, globs (`team-*`, `*`) and exclusions (`!team-x`, `!*-test`); none: the namespace of the context. */
  readonly patterns: readonly string[]
  /** A label selector that they must match, too. */
  readonly selector: string | undefined
}

/**
 * The namespaces of a cluster that are meant, in order. They are listed only when a glob or a selector needs it; the ones
 * that are about to go are left out.
 * @throws Failure when none is found, or they may not be listed
 */
export async function chooseNamespaces(cluster: Cluster, { patterns, selector }: NamespaceChoice): Promise<string[]> {
  if (patterns.length === 0 && selector === undefined) return [cluster.namespace]
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const isExcluded = (name: string) => excluded.some((pattern) => matches(name, pattern))
  const names = wanted.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern))
  const isListed = selector !== undefined || wanted.some(isGlob)
  const all = isListed ? await listStaying(cluster, selector) : []
  const isWanted = (name: string) => wanted.length === 0 || wanted.some((pattern) => matches(name, pattern))
  const found = all.filter((name) => isWanted(name) && !isExcluded(name))
  // A name that is not there is a mistake to be told, unless a selector could have left it out.
  const chosen = selector === undefined ? [...new Set([...names, ...found])] : found
  if (chosen.length > 0) return isListed ? chosen.sort() : chosen
  const meant = [...patterns, ...(selector === undefined ? [] : [`the labels ${selector}`])].join(', ')
  throw new Failure(`No namespace of the cluster ${cluster.name} matches ${meant}`, {
    cure: 'Check `namespaces` and `namespace-selector`.',
  })
}

function isGlob(pattern: string): boolean {
  return pattern.includes('*')
}

function matches(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)
}

/** `terminating` until all in it is gone; it takes nothing new any more. */
export type Presence = 'there' | 'terminating' | 'missing'

async function listStaying(cluster: Cluster, selector: string | undefined): Promise<string[]> {
  const namespaces = await list(cluster, {
    query: selector === undefined ? {} : { labelSelector: selector },
    cures: {
      400: 'Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.',
      403: 'Grant the verb list on namespaces to the login of this cluster (a ClusterRole), or give their names.',
    },
  })
  return [...namespaces].flatMap(([name, presence]) => {
    if (presence === 'there') return [name]
    tellTerminating(cluster, name)
    return []
  })
}

/** All namespaces by name; undefined when the login may not list them. */
export async function listNamespaces(cluster: Cluster): Promise<ReadonlyMap<string, Presence> | undefined> {
  return await unlessForbidden(list(cluster, {}))
}

async function list(
  cluster: Cluster,
  request: Pick<ClusterRequest, 'query' | 'cures'>,
): Promise<ReadonlyMap<string, Presence>> {
  const doing = `list the namespaces of the cluster ${cluster.name}`
  const metadata = { ...request, doing, path: '/api/v1/namespaces', accept: METADATA_ONLY }
  const namespaces = await listAll(cluster, metadata, (namespace) => {
    const { name } = asObject(namespace.metadata)
    return [asText(name) ?? '', presenceIn(namespace)] as const
  })
  return new Map(namespaces)
}

/** Whoever may not look at namespaces learns it when writing. */
export async function presenceOf({ cluster, namespace }: Target): Promise<Presence> {
  const answer = await cluster.request({
    doing: `read the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}`,
    expect: [403, 404],
  })
  if (answer.status === 404) return 'missing'
  return answer.status === 403 ? 'there' : presenceIn(answer.json())
}

function presenceIn({ metadata }: Readonly<Record<string, unknown>>): Presence {
  return asObject(metadata).deletionTimestamp === undefined ? 'there' : 'terminating'
}

export function tellTerminating(cluster: Cluster, namespace: string): void {
  info(`The namespace ${namespace} of ${cluster.name} is terminating: it is left out.`)
}
