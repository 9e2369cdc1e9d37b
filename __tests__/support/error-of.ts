import { Failure } from '../../src/core/errors.ts'

/** What a person is told of a promise that fails. */
export async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const error = await request.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof Failure)) throw new Error('This was to fail, in words for a person.', { cause: error })
  return error
}
