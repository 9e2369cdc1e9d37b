import { MANAGER_NAME } from '../core/constants.ts'
import { waitAfterConflict } from '../kubernetes/conflict.ts'
import { describeSecret, LAST_APPLIED, readSecret, type StoredSecret } from './read.ts'
import type { Target } from './target.ts'

export type AnnotatedTarget = Target & { readonly stored: StoredSecret }

interface AnnotationChange {
  readonly name: string
  /** As it reads after "Could not …", before the name of the secret. */
  readonly operation: string
  /** Receives what is stored now; `null` removes an annotation. Returns undefined to leave all. */
  readonly change: (stored: StoredSecret) => Readonly<Record<string, string | null>> | undefined
}

/**
 * Changes annotations of a secret by a merge patch, guarded by the `resourceVersion` that was read.
 * @returns the secret as it is then
 * @throws ActionError
 */
export async function changeAnnotations(
  { cluster, namespace, stored }: AnnotatedTarget,
  { name, operation, change }: AnnotationChange,
): Promise<StoredSecret> {
  let current = stored
  for (let attempt = 1; ; attempt++) {
    const annotations = change(current)
    if (annotations === undefined) return current
    try {
      const { resourceVersion } = current
      const response = await cluster.request({
        operation: `${operation} the secret ${namespace}/${name} in the cluster ${cluster.name}`,
        method: 'PATCH',
        path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
        query: { fieldManager: MANAGER_NAME },
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion, annotations } },
        hints: () => ({
          403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
        }),
      })
      return describeSecret(response.json(), cluster)
    } catch (error) {
      await waitAfterConflict(error, attempt)
      const read = await readSecret(cluster, namespace, name)
      if (read.kind === 'absent') throw error
      current = read
    }
  }
}

/** Whether `kubectl apply` left a copy of what the secret held. It would stay readable through all rotations. */
export function hasLastApplied({ annotations }: Pick<StoredSecret, 'annotations'>): boolean {
  return annotations[LAST_APPLIED] !== undefined
}

/**
 * Removes the copy from a secret of this action. Server-side apply leaves the annotation to its owner, `kubectl`:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export async function removeLastApplied(target: AnnotatedTarget, name: string): Promise<void> {
  await changeAnnotations(target, {
    name,
    operation: 'remove the copy of an earlier credential from',
    change: (stored) => (stored.ours && hasLastApplied(stored) ? { [LAST_APPLIED]: null } : undefined),
  })
}
