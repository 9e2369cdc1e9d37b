import { summary } from '@actions/core'
import { explain, manifestsOf } from '../core/errors.ts'
import { loadInputs } from '../inputs/inputs.ts'
import { tellErrors } from '../report/annotations.ts'
import { Report } from '../report/report.ts'
import { leave } from '../runner/exit.ts'
import * as log from '../runner/log.ts'

/** The main step: inputs, the run, the job summary; and the one catch that fails it. */
export async function run(): Promise<void> {
  const report = new Report()
  const failures: unknown[] = []
  try {
    const inputs = await loadInputs()
    for (const warning of inputs.warnings) log.warning(warning)
    // What sends requests takes longer to load than a mistake in the inputs to be told.
    const { work } = await import('./main.ts')
    await work(inputs, report, failures).finally(() => report.finish())
  } catch (error) {
    failures.push(error)
  }
  const sentences = [...new Set(failures.flatMap(explain))]
  tellErrors(sentences)
  const manifests = manifestsOf(failures)
  for (const manifest of manifests) log.group('Missing in the cluster, to be applied', () => log.lines(manifest))
  if (sentences.length > 0) process.exitCode = 1
  const written = summary.addRaw(report.summary(sentences, manifests)).write()
  await written.catch(() => log.debug('This runner takes no job summary.'))
  await leave()
}
