import { ActionError } from '../../src/core/errors.ts'

/** The error of a promise that must be rejected. */
export async function errorOf(request: Promise<unknown>): Promise<ActionError> {
  const error = await request.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof ActionError)) throw new Error('Expected an ActionError.', { cause: error })
  return error
}
