// This action as a contestant: a token of Bluemix Dedicated for all namespaces.
import type { Harness, Run } from './harness.ts'

export const FIRST = 'this action, first run'
export const ROTATION = 'this action, rotation'
export const KEPT = 'this action, nothing to do'

export const SECRET = 'action'

/** Requests in flight, for each contestant that sends several at a time. */
export const CONCURRENCY = 16

interface StepInputs {
  readonly maxAge?: string
  /** Whether a token must be minted. */
  readonly isMinting?: boolean
  readonly concurrency?: number
}

/** @throws Error when the step fails, or does not mint as it should */
export async function step(
  harness: Harness,
  namespaces: readonly string[],
  { maxAge = '30d', isMinting = true, concurrency = CONCURRENCY }: StepInputs = {},
): Promise<Run> {
  const { run, result } = await harness.step({
    'secret-name': SECRET,
    namespaces: namespaces.join(),
    concurrency: String(concurrency),
    'max-age': maxAge,
    // A revocation waits for in-flight pulls, which is not work.
    revoke: 'never',
  })
  if (result.code !== 0 || result.outputs.minted !== String(isMinting)) throw new Error(result.log)
  return run
}
