import { Failure } from '../errors.ts'
import { asObject, asText } from '../json.ts'
import { info } from '../log.ts'
import type { Cluster } from './connection.ts'
import { listAll, METADATA_ONLY } from './paging.ts'

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
  if (selector === undefined && !wanted.some(isGlob)) return [...new Set(names)]

  const all = await listStaying(cluster, selector)
  const isWanted = (name: string) => wanted.length === 0 || wanted.some((pattern) => matches(name, pattern))
  const found = all.filter((name) => isWanted(name) && !isExcluded(name))
  // A name that is not there is a mistake to be told, unless a selector could have left it out.
  const chosen = selector === undefined ? [...new Set([...names, ...found])] : found
  if (chosen.length > 0) return chosen.sort()
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

async function listStaying(cluster: Cluster, selector: string | undefined): Promise<string[]> {
  const request = {
    doing: `list the namespaces of the cluster ${cluster.name}`,
    path: '/api/v1/namespaces',
    query: selector === undefined ? {} : { labelSelector: selector },
    accept: METADATA_ONLY,
    cures: {
      400: 'Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.',
      403: 'Grant the verb list on namespaces to the login of this cluster (a ClusterRole), or give their names.',
    },
  }
  const namespaces = await listAll(cluster, request, ({ metadata }) => {
    const { name, deletionTimestamp } = asObject(metadata)
    return { name: asText(name) ?? '', isTerminating: deletionTimestamp !== undefined }
  })
  const staying: string[] = []
  for (const { name, isTerminating } of namespaces) {
    if (isTerminating) info(`The namespace ${name} of ${cluster.name} is terminating: it is left out.`)
    else staying.push(name)
  }
  return staying
}
