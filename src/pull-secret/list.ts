import { MANAGER_NAME } from '../core/constants.ts'
import { asObject, asText } from '../core/json.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { listAll, METADATA_ONLY, unlessFailed, unlessForbidden } from '../kubernetes/list.ts'
import { describeSecret, MANAGED_BY, type StoredSecret } from './read.ts'

/**
 * The secrets of one name in these namespaces of a cluster, by namespace. Those of other namespaces are not kept.
 * @returns undefined when the user may not list secrets of the whole cluster
 */
export async function listSecrets(
  cluster: Cluster,
  name: string,
  namespaces: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StoredSecret> | undefined> {
  const request = {
    operation: `list the secrets ${name} of the cluster ${cluster.name}`,
    path: '/api/v1/secrets',
    query: { fieldSelector: `metadata.name=${name}` },
  }
  const secrets = await unlessForbidden(
    listAll(cluster, request, (secret) => {
      const namespace = asText(asObject(secret.metadata).namespace) ?? ''
      return namespaces.has(namespace) ? ([namespace, describeSecret(secret, cluster)] as const) : undefined
    }),
  )
  return secrets && new Map(secrets)
}

/**
 * Which secrets hold which token: those of this action in the whole cluster, whatever their names, by the id of the token
 * that they record. Only their metadata is read.
 * @returns undefined when they cannot be seen: the user may not list secrets of the whole cluster, or the list fails
 */
export async function listHolders(cluster: Cluster): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const request = {
    operation: `list the secrets of ${MANAGER_NAME} in the cluster ${cluster.name}`,
    path: '/api/v1/secrets',
    query: { labelSelector: `${MANAGED_BY}=${MANAGER_NAME}` },
    accept: METADATA_ONLY,
  }
  const holders = await unlessFailed(
    listAll(cluster, request, (secret) => {
      const { records, where } = describeSecret(secret, cluster)
      return records.map(({ tokenId }) => ({ tokenId, where }))
    }),
  )
  const byToken = holders && Map.groupBy(holders.flat(), ({ tokenId }) => tokenId)
  return byToken && new Map([...byToken].map(([tokenId, held]) => [tokenId, held.map(({ where }) => where)]))
}
