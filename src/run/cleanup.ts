import { reason } from '../core/errors.ts'
import { flushAndExit, unlessStalled } from '../runner/exit.ts'
import * as log from '../runner/log.ts'
import { loadRecord } from '../runner/state.ts'

/** A runner that cancels a job does not wait much longer. */
const CLEANUP_TIMEOUT_MS = 60_000

/** The post step. It never fails a job. Most runs leave nothing to do, so what sends requests is loaded only when it is needed. */
export async function cleanupStep(): Promise<void> {
  const record = loadRecord()
  if (record.phase === 'settled') log.info('Nothing to clean up.')
  else {
    const { finishInterruptedRun } = await import('./interrupted-run.ts')
    const signal = AbortSignal.timeout(CLEANUP_TIMEOUT_MS)
    await unlessStalled(finishInterruptedRun(record, signal)).catch((error: unknown) => {
      log.warning('cleanup-incomplete', `The next run has to finish what this one left: ${reason(error)}.`)
    })
  }
  await flushAndExit()
}
