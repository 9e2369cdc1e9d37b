import { ActionError } from '../core/errors.ts'

/**
 * The result of `work`. When nothing is left that could end it, Node would end the process without a word:
 * https://nodejs.org/api/process.html#exit-codes (13), https://nodejs.org/api/process.html#event-beforeexit
 * @throws the rejection of `work`, or ActionError `internal-error`
 */
export async function unlessStalled<T>(work: Promise<T>): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>()
  const onBeforeExit = () =>
    reject(
      new ActionError(
        'internal-error',
        'This is a bug in registry-pull-secret: it waits for what can no longer happen',
        {
          hint: 'The log above shows what it was doing. Please report it with the log of this step.',
        },
      ),
    )
  process.once('beforeExit', onBeforeExit)
  try {
    return await Promise.race([work, stalled])
  } finally {
    process.off('beforeExit', onBeforeExit)
  }
}

/**
 * Ends the process after stdout is written. Node would otherwise wait for connections that hang, and
 * for what an exec plugin has left running.
 */
export async function flushAndExit(): Promise<never> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit()
}
