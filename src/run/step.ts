import { setImmediate } from 'node:timers/promises'
import { summary } from '@actions/core'
import { startTimeout } from '../core/abort.ts'
import { type ActionError, actionErrorsOf } from '../core/errors.ts'
import { type Inputs, loadInputs, loadTimeoutMs } from '../inputs/inputs.ts'
import { connectEarly } from '../kubernetes/connect-early.ts'
import { annotateErrors, causesOf } from '../report/annotations.ts'
import { manifestsOf } from '../report/error-text.ts'
import { Report } from '../report/report.ts'
import { flushAndExit, unlessStalled } from '../runner/exit.ts'
import * as log from '../runner/log.ts'
import type { OwnContext } from './context.ts'

/** The main step: inputs, the run, the job summary; and the one catch that fails it. */
export async function mainStep(): Promise<void> {
  const report = new Report()
  const errors = causesOf(await errorsOf(report))
  annotateErrors(errors)
  for (const manifest of manifestsOf(errors)) {
    log.group('Missing in the cluster, to be applied', () => log.lines(manifest))
  }
  if (errors.length > 0) process.exitCode = 1
  else report.notice()
  const written = summary.addRaw(report.summary(errors)).write()
  await written.catch(() => log.debug('This runner does not support job summaries.'))
  await flushAndExit()
}

async function errorsOf(report: Report): Promise<readonly ActionError[]> {
  try {
    const timeoutMs = loadTimeoutMs()
    const signal = startTimeout(timeoutMs)
    const inputs = await unlessStalled(loadInputs(undefined, signal))
    for (const warning of inputs.warnings) log.warning('questionable-input', warning)
    report.started(inputs)
    return await unlessStalled(runWith(inputs, report, { signal, timeoutMs })).finally(() => report.finish())
  } catch (error) {
    return actionErrorsOf(error)
  }
}

/**
 * What sends requests is loaded only after the inputs were found to be right: that takes longer than to check them. A connection gets on
 * when the event loop turns, so it turns between the parts.
 */
async function runWith(
  inputs: Inputs,
  report: Report,
  limits: Required<Pick<OwnContext, 'signal' | 'timeoutMs'>>,
): Promise<readonly ActionError[]> {
  const early = inputs.targets && connectEarly(inputs.targets)
  await setImmediate()
  await import('../http/dispatcher.ts')
  await setImmediate()
  const { startRun } = await import('./main.ts')
  return await startRun(inputs, report, { ...limits, early })
}
