import { asText } from '../core/json.ts'
import { HttpError } from '../http/errors.ts'
import type { Cluster } from './client.ts'
import { type ApiObject, metadataOf } from './object.ts'

/**
 * The namespace whose uid stands for the cluster: it is created with the cluster and cannot be deleted.
 * https://opentelemetry.io/docs/specs/semconv/resource/k8s/#cluster
 */
export const SYSTEM_NAMESPACE = 'kube-system'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The uid of the cluster, of its namespace kube-system; undefined when it is not a UUID. */
export function clusterUidIn(systemNamespace: ApiObject): string | undefined {
  const uid = asText(metadataOf(systemNamespace).uid)
  return uid !== undefined && UUID.test(uid) ? uid : undefined
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'

/** With these, a later attempt may succeed, or every other request fails as well. */
const INCONCLUSIVE_STATUSES = [401, 408, 425, 429]

/**
 * Asks the API server for the uid of its cluster.
 * @returns undefined when this user cannot have it: usually for lack of `get` on namespaces
 * @throws HttpError | NetworkError | UnexpectedResponse | ActionError when the cluster does not respond as it should
 */
export async function readClusterUid(cluster: Cluster): Promise<string | undefined> {
  try {
    const response = await cluster.request({
      operation: `read the uid of the cluster ${cluster.name}`,
      path: `/api/v1/namespaces/${SYSTEM_NAMESPACE}`,
      accept: METADATA_ONLY,
    })
    return clusterUidIn(response.json())
  } catch (error) {
    const isConclusive =
      error instanceof HttpError && error.status < 500 && !INCONCLUSIVE_STATUSES.includes(error.status)
    if (isConclusive) return undefined
    throw error
  }
}
