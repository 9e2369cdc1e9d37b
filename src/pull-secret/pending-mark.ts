import { type AnnotatedTarget, changeAnnotations } from './annotations.ts'
import { formatPending, PENDING, type PendingRotation } from './pending.ts'
import type { StoredSecret } from './read.ts'

/**
 * Changes the pending rotations of a target.
 * @param change receives what is recorded now; returns undefined to leave it
 * @returns the secret as it is then
 * @throws ActionError
 */
export async function changePending(
  target: AnnotatedTarget,
  name: string,
  change: (stored: StoredSecret) => readonly PendingRotation[] | undefined,
): Promise<StoredSecret> {
  return await changeAnnotations(target, {
    name,
    operation: 'record the pending rotation in',
    change(stored) {
      const pending = change(stored)
      return pending && { [PENDING]: formatPending(pending) }
    },
  })
}
