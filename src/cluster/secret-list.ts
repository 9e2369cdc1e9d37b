import { HttpError } from '../http-error.ts'
import { asObject, asText } from '../json.ts'
import { MANAGER } from '../manager.ts'
import type { Cluster } from './connection.ts'
import { listAll, METADATA_ONLY } from './paging.ts'
import { describeSecret, MANAGED_BY, type StoredSecret } from './stored-secret.ts'

/**
 * The secrets of one name in all namespaces of a cluster, by namespace.
 * @returns undefined when the login may not list secrets of the whole cluster
 */
export async function listSecrets(
  cluster: Cluster,
  name: string,
): Promise<ReadonlyMap<string, StoredSecret> | undefined> {
  const secrets = new Map<string, StoredSecret>()
  const request = {
    doing: `list the secrets ${name} of the cluster ${cluster.name}`,
    path: '/api/v1/secrets',
    query: { fieldSelector: `metadata.name=${name}` },
  }
  return await unlessForbidden(async () => {
    for await (const secret of listAll(cluster, request)) {
      secrets.set(asText(asObject(secret.metadata).namespace) ?? '', describeSecret(secret, cluster))
    }
    return secrets
  })
}

/** The names of all namespaces; undefined when the login may not list them. */
export async function listNamespaces(cluster: Cluster): Promise<ReadonlySet<string> | undefined> {
  const request = {
    doing: `list the namespaces of the cluster ${cluster.name}`,
    path: '/api/v1/namespaces',
    accept: METADATA_ONLY,
  }
  return await unlessForbidden(async () => {
    const names = new Set<string>()
    for await (const namespace of listAll(cluster, request)) names.add(asText(asObject(namespace.metadata).name) ?? '')
    return names
  })
}

/**
 * Who holds which token: the secrets of this action in the whole cluster, whatever their names, by the id of the token
 * that they record. Only their metadata is read.
 * @returns undefined when the login may not list secrets of the whole cluster
 */
export async function listHolders(cluster: Cluster): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const request = {
    doing: `list the secrets of ${MANAGER} in the cluster ${cluster.name}`,
    path: '/api/v1/secrets',
    query: { labelSelector: `${MANAGED_BY}=${MANAGER}` },
    accept: METADATA_ONLY,
  }
  return await unlessForbidden(async () => {
    const holders = new Map<string, string[]>()
    for await (const secret of listAll(cluster, request)) {
      const { provenance, where } = describeSecret(secret, cluster)
      if (provenance !== undefined) holders.set(provenance.tokenId, [...(holders.get(provenance.tokenId) ?? []), where])
    }
    return holders
  })
}

async function unlessForbidden<T>(list: () => Promise<T>): Promise<T | undefined> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof HttpError && error.status === 403) return undefined
    throw error
  }
}
