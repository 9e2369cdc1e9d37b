import { asObject, asObjects, asText } from '../core/json.ts'
import { lookUpBriefly } from '../http/brief-lookup.ts'
import type { Cluster, ClusterRequest } from '../kubernetes/client.ts'
import { listAll, METADATA_ONLY, pagesOf, unlessFailed } from '../kubernetes/list.ts'
import { SUBDOMAIN } from '../kubernetes/names.ts'
import { nameOf } from '../kubernetes/object.ts'
import { suggestionOf } from '../runner/suggestion.ts'
import type { Target } from './target.ts'

/** What is needed of a service account to add a pull secret to it. */
export interface ServiceAccount {
  readonly resourceVersion: string | undefined
  readonly imagePullSecrets: readonly Readonly<Record<string, unknown>>[]
}

/** By name. */
export type ServiceAccounts = ReadonlyMap<string, ServiceAccount>

/**
 * The service accounts of many namespaces, by namespace.
 * @param names `*` is all of a namespace
 * @returns undefined when the user may not list service accounts of the whole cluster, or the list fails
 */
export async function listInCluster(
  cluster: Cluster,
  namespaces: ReadonlySet<string>,
  names: readonly string[],
): Promise<ReadonlyMap<string, ServiceAccounts> | undefined> {
  const [name, ...more] = names
  const request = {
    operation: `list the service accounts of the cluster ${cluster.name}`,
    path: '/api/v1/serviceaccounts',
    ...(name !== '*' && more.length === 0 && { query: { fieldSelector: `metadata.name=${name}` } }),
  }
  const isIncluded = (account: Named) =>
    namespaces.has(account.namespace) && (names.includes('*') || names.includes(account.name))
  const accounts = await unlessFailed(list(cluster, request, isIncluded))
  if (accounts === undefined) return undefined
  const byNamespace = Map.groupBy(accounts, ({ namespace }) => namespace)
  return new Map([...byNamespace].map(([namespace, group]) => [namespace, byName(group)]))
}

export async function listInNamespace({ cluster, namespace }: Target): Promise<ServiceAccounts> {
  const request = {
    operation: `list the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`,
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    hints: () => ({
      403: `Grant the user of this kubeconfig the verb list on serviceaccounts in namespace ${namespace}, or list their names in \`service-accounts\`.`,
    }),
  }
  return byName(await list(cluster, request, () => true))
}

/** One sentence about the service accounts of a namespace that may be meant by one that does not exist. It does not fail. */
export async function suggestAccount({ cluster, namespace }: Target, name: string): Promise<string | undefined> {
  const what = `the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`
  const names = await lookUpBriefly(what, async ({ signal, maxAttempts }) => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
    const request = { operation: `list ${what}`, path, accept: METADATA_ONLY, signal, maxAttempts }
    for await (const { items } of pagesOf(cluster, request)) return items.map(nameOf)
    return []
  })
  const valid = (names ?? []).filter((one) => SUBDOMAIN.test(one))
  return suggestionOf({ kind: `service accounts of ${namespace}`, wanted: name, names: valid, otherwise: 'first' })
}

interface Named extends ServiceAccount {
  readonly namespace: string
  readonly name: string
}

async function list(
  cluster: Cluster,
  request: Pick<ClusterRequest, 'operation' | 'path' | 'query' | 'hints'>,
  isIncluded: (account: Named) => boolean,
): Promise<Named[]> {
  return await listAll(cluster, request, (object) => {
    const { namespace, name } = asObject(object.metadata)
    const account = { namespace: asText(namespace) ?? '', name: asText(name) ?? '', ...describeAccount(object) }
    return isIncluded(account) ? account : undefined
  })
}

function byName(accounts: readonly Named[]): ServiceAccounts {
  return new Map(accounts.map((account) => [account.name, account]))
}

/** A ServiceAccount of the API server, as far as this action needs it. */
export function describeAccount(object: Readonly<Record<string, unknown>>): ServiceAccount {
  return {
    resourceVersion: asText(asObject(object.metadata).resourceVersion),
    imagePullSecrets: asObjects(object.imagePullSecrets),
  }
}
