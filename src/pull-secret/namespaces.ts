import { ActionError } from '../core/errors.ts'
import { asObject } from '../core/json.ts'
import type { Cluster, ClusterRequest } from '../kubernetes/client.ts'
import { clusterUidIn, SYSTEM_NAMESPACE } from '../kubernetes/cluster-uid.ts'
import { listAll, METADATA_ONLY, unlessForbidden } from '../kubernetes/list.ts'
import { filterOf, includedIn, isGlob } from '../kubernetes/namespace-patterns.ts'
import { nameOf } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'
import { withSuggestion } from '../runner/suggestion.ts'
import { suggestNamespace } from './suggest-namespaces.ts'
import type { Target } from './target.ts'

/** Which namespaces of each cluster are targets. */
export interface NamespaceChoice {
  /** Names, globs (`team-*`, `*`) and exclusions (`!team-x`, `!*-test`); none: the namespace of the context. */
  readonly patterns: readonly string[]
  /** They must also match it. */
  readonly selector: LabelSelector | undefined
  /** Which of them may be created; default none. */
  readonly creation?: NamespaceCreation
}

export interface LabelSelector {
  /** As kubectl takes it. */
  readonly text: string
  readonly matches: (labels: Labels) => boolean
}

type Labels = Readonly<Record<string, unknown>>

export interface NamespaceCreation {
  /** Whether every name that does not exist is created. */
  readonly isRequested: boolean
  /** The Namespaces in the manifests, with their labels: they are targets where a name, a glob or the selector includes them. */
  readonly inManifest: ReadonlyMap<string, Labels>
}

export interface ChosenNamespaces {
  readonly names: readonly string[]
  /** Where all namespaces were listed: see `listsAllNamespaces`. */
  readonly clusterUid: string | undefined
}

/** Whether to choose them takes a list of all namespaces of the cluster. */
export function listsAllNamespaces({ patterns, selector }: NamespaceChoice): boolean {
  return selector === undefined && includedIn(patterns).some(isGlob)
}

/**
 * The chosen namespaces of a cluster, in order. They are listed only when a glob or a selector needs it; terminating ones
 * are left out.
 * @throws ActionError when none is found, or the user may not list them
 */
export async function chooseNamespaces(cluster: Cluster, choice: NamespaceChoice): Promise<ChosenNamespaces> {
  const { patterns, selector, creation } = choice
  if (patterns.length === 0 && selector === undefined) return { names: [cluster.namespace], clusterUid: undefined }
  const included = includedIn(patterns)
  const { isIncluded, isExcluded } = filterOf(patterns)
  const names = included.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern))
  const isListed = selector !== undefined || listsAllNamespaces(choice)
  const { staying: all, clusterUid } = isListed ? await listStaying(cluster, selector) : NOT_LISTED
  const declared = [...(creation?.inManifest ?? [])].flatMap(([name, labels]) =>
    selector === undefined || selector.matches(labels) ? [name] : [],
  )
  const found = [...all, ...declared].filter((name) => isIncluded(name) && !isExcluded(name))
  // A name that does not exist is an error later on, unless a selector could have left it out.
  const chosen = [...new Set(selector === undefined ? [...names, ...found] : found)]
  if (chosen.length > 0) return { names: isListed ? chosen.sort() : chosen, clusterUid }
  const meant = [...patterns, ...(selector === undefined ? [] : [`the labels ${selector.text}`])].join(', ')
  throw new ActionError('namespace-not-found', `No namespace of cluster ${cluster.name} matches ${meant}`, {
    hint: withSuggestion('Check `namespaces` and `namespace-selector`.', suggestFor(choice, all)),
    details: { cluster: cluster.name },
  })
}

/** Only where all namespaces were listed, and not all of them are excluded. */
function suggestFor({ patterns, selector }: NamespaceChoice, all: readonly string[]): string | undefined {
  const wanted = includedIn(patterns)[0]?.replaceAll('*', '')
  return wanted && selector === undefined ? suggestNamespace(wanted, all) : undefined
}

/** A `terminating` namespace takes no new objects. Whether a namespace exists is `unknown` where the user may not read it. */
export type NamespaceStatus = 'active' | 'terminating' | 'missing' | 'unknown'

interface ListedNamespaces {
  readonly statuses: ReadonlyMap<string, NamespaceStatus>
  readonly clusterUid: string | undefined
}

const NOT_LISTED = { staying: [] as string[], clusterUid: undefined }

async function listStaying(cluster: Cluster, selector: LabelSelector | undefined) {
  const { statuses, clusterUid } = await list(cluster, {
    query: selector === undefined ? {} : { labelSelector: selector.text },
    hints: () => ({
      400: 'Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.',
      403: 'Grant the user of this kubeconfig the verb list on namespaces (a ClusterRole), or list their names in `namespaces`.',
    }),
  })
  for (const [name, status] of statuses) if (status !== 'active') logTerminating(cluster, name)
  return { staying: [...statuses].flatMap(([name, status]) => (status === 'active' ? [name] : [])), clusterUid }
}

/** All namespaces by name; undefined when the user may not list them. */
export async function listNamespaces(cluster: Cluster): Promise<ReadonlyMap<string, NamespaceStatus> | undefined> {
  return (await unlessForbidden(list(cluster, {})))?.statuses
}

async function list(cluster: Cluster, request: Pick<ClusterRequest, 'query' | 'hints'>): Promise<ListedNamespaces> {
  const operation = `list the namespaces of the cluster ${cluster.name}`
  const metadata = { ...request, operation, path: '/api/v1/namespaces', accept: METADATA_ONLY }
  let clusterUid: string | undefined
  const namespaces = await listAll(cluster, metadata, (namespace) => {
    const name = nameOf(namespace)
    if (name === SYSTEM_NAMESPACE) clusterUid = clusterUidIn(namespace)
    // A response without a name is not that of a Namespace.
    return name === '' ? undefined : ([name, statusOf(namespace)] as const)
  })
  return { statuses: new Map(namespaces), clusterUid }
}

export async function readNamespaceStatus({ cluster, namespace }: Target): Promise<NamespaceStatus> {
  const response = await cluster.request({
    operation: `read the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}`,
    expectedStatuses: [403, 404],
  })
  if (response.status === 404) return 'missing'
  return response.status === 403 ? 'unknown' : statusOf(response.json())
}

function statusOf({ metadata }: Readonly<Record<string, unknown>>): NamespaceStatus {
  return asObject(metadata).deletionTimestamp === undefined ? 'active' : 'terminating'
}

export function logTerminating(cluster: Cluster, namespace: string): void {
  info(`Skipped namespace ${namespace} of cluster ${cluster.name}: it is terminating.`)
}
