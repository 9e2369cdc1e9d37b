import { MANAGER_NAME } from '../core/constants.ts'
import { backoff, isConflict } from '../kubernetes/conflict.ts'
import { formatPending, PENDING, type PendingRotation } from './pending.ts'
import { describeSecret, readSecret, type StoredSecret } from './read.ts'
import type { Target } from './target.ts'

const MAX_ATTEMPTS = 10

/**
 * Changes the pending rotations of a target, guarded by the `resourceVersion` that was read.
 * @param change receives what is recorded now; returns undefined to leave it
 * @returns the secret as it is then
 * @throws ActionError
 */
export async function changePending(
  target: Target & { readonly stored: StoredSecret },
  name: string,
  change: (stored: StoredSecret) => readonly PendingRotation[] | undefined,
): Promise<StoredSecret> {
  const { cluster, namespace } = target
  let { stored } = target
  for (let attempt = 1; ; attempt++) {
    const pending = change(stored)
    if (pending === undefined) return stored
    try {
      return await patch({ cluster, namespace }, name, { pending, resourceVersion: stored.resourceVersion })
    } catch (error) {
      if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error
      await backoff(attempt)
      const current = await readSecret(cluster, namespace, name)
      if (current.kind === 'absent') throw error
      stored = current
    }
  }
}

async function patch(
  { cluster, namespace }: Target,
  name: string,
  { pending, resourceVersion }: { readonly pending: readonly PendingRotation[]; readonly resourceVersion: string },
): Promise<StoredSecret> {
  const annotations = { [PENDING]: formatPending(pending) }
  const response = await cluster.request({
    operation: `record the pending rotation in the secret ${namespace}/${name} in the cluster ${cluster.name}`,
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
    query: { fieldManager: MANAGER_NAME },
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion, annotations } },
    hints: {
      403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
    },
  })
  return describeSecret(response.json(), cluster)
}
