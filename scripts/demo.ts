// Runs of the action, as a person sees them on GitHub and in the cluster: npm run demo -- --help
import { applyMasks } from '../__tests__/support/runner/log.ts'
import { type RunningStep, type StepOptions, type StepResult, startStep } from '../__tests__/support/runner/runner.ts'
import { type Arguments, parseArguments } from './demo/arguments.ts'
import { type DemoCluster, startDemoCluster } from './demo/cluster.ts'
import { deploy } from './demo/deploy.ts'
import { foldedLog } from './demo/folded-log.ts'
import type { Fact, Session } from './demo/mode.ts'
import { HELP } from './demo/modes.ts'
import { connectOwnCluster } from './demo/own-cluster.ts'
import { startServers } from './demo/servers.ts'
import { saveSummaries, type TitledSummary } from './demo/summaries.ts'
import { bad, faint, good, print, quote, say, section, strong } from './demo/terminal.ts'

// The first Ctrl-C also reaches the running step, which ends; then the servers are stopped. A second one ends the demo at once.
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

try {
  const chosen = parseArguments(process.argv.slice(2))
  if (chosen === undefined) print(HELP.trimEnd())
  else process.exitCode = (await demo(chosen)) ? 0 : 1
} catch (error) {
  say()
  say(bad(`The demo ended early: ${(error as Error).message}`))
  process.exitCode = 1
}

/** @returns whether all that was shown is true */
async function demo({ name, mode, kubeconfig }: Arguments): Promise<boolean> {
  const start = Date.now()
  say(strong(`Registry Pull Secret, a demo: ${name}`))
  say()
  say(mode.introduction)
  say()
  const summaries: TitledSummary[] = []
  const facts = await (kubeconfig === undefined
    ? showOn(() => startDemoCluster(mode.namespaces), mode, summaries)
    : showOn(() => connectOwnCluster(kubeconfig), deploy, summaries))

  section('What was shown')
  for (const [fact, holds] of facts) say(`${holds ? good('✓') : bad('✗')} ${fact}`)
  say()
  say(`Job summaries: ${saveSummaries(name, summaries)}`)
  say(faint(`${((Date.now() - start) / 1000).toFixed(1)} s, servers included.`))
  return facts.every(([, holds]) => holds)
}

async function showOn<Cluster extends DemoCluster>(
  startCluster: () => Promise<Cluster>,
  { show }: { show(session: Session<Cluster>): Promise<readonly Fact[]> },
  summaries: TitledSummary[],
): Promise<readonly Fact[]> {
  await using servers = await startServers(startCluster)
  const start = (title: string, options: StepOptions): RunningStep => {
    interrupted.signal.throwIfAborted()
    const log = foldedLog(quote)
    const step = startStep({ ...options, onLine: log.add })
    const finish = (result: StepResult) => {
      log.end()
      interrupted.signal.throwIfAborted()
      if (result.signal !== null) say(bad(`The step was ended by ${result.signal}.`))
      else if (result.code !== 0) say(bad(`The step failed with exit code ${result.code}.`))
      if (result.summary !== '') summaries.push({ title, summary: applyMasks(result.summary, result.masks) })
      return result
    }
    return { ...step, result: step.result.then(finish) }
  }
  return await show({ ...servers, start, run: (title, options) => start(title, options).result })
}
