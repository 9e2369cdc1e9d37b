import { HttpError } from '../http/errors.ts'

/** How many conflicts one write may meet when others edit the object at the same time. */
export const MAX_CONFLICTS = 50

const BACKOFF_STEP_MS = 10
const MAX_BACKOFF_MS = 200

/**
 * 409: the object has changed since it was read, or another manager owns a field:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
 */
export function isConflict(error: unknown): boolean {
  return error instanceof HttpError && error.status === 409
}

/**
 * Waits after a conflict, before the object is read and written again.
 * @throws the error itself when it is not a conflict, or is the last of MAX_CONFLICTS
 */
export async function waitAfterConflict(error: unknown, attempt: number): Promise<void> {
  if (!isConflict(error) || attempt === MAX_CONFLICTS) throw error
  await backoff(attempt)
}

/** Waits for a random time, which separates writers that met in a conflict. The maximum grows with the attempts. */
export async function backoff(attempt: number): Promise<void> {
  const delayMs = Math.random() * Math.min(attempt * BACKOFF_STEP_MS, MAX_BACKOFF_MS)
  await new Promise((resolve) => setTimeout(resolve, delayMs))
}
