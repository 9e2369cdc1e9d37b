// The proof bench: a rotation is killed at every request it makes, and every request meets every fault. At no moment may
// a target hold a credential that does not work, and one clean run must end what was begun. Prints points and violations.
//
//   npm run proof [-- kill|fault] [dedicated|ibmcloud]
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/http/faults.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { type Inputs, openStage, type Stage, startServer } from './harness.ts'
import { type BenchName, benches } from './issuers.ts'

/** A way in which a run goes wrong at one of its requests, and how the work is ended after it. */
interface Trial {
  readonly name: string
  readonly fault: Fault
  /** Whether the step is killed when the request has met the fault. */
  readonly kill: boolean
  /** Whether the post step runs, as it does unless the whole machine is lost. */
  readonly post: boolean
  /** Of the run that goes wrong. */
  readonly inputs: Inputs
  /** Of the run that ends the work. */
  readonly next: Inputs
}

const kept: Inputs = { 'max-age': '30d' }
const rotated: Inputs = {}

const kills: readonly Trial[] = (['hang', 'hang-after'] as const).flatMap((kind) => {
  const when = kind === 'hang' ? 'before the server acts' : 'after the server has acted'
  const trial = { fault: { kind }, kill: true, inputs: {} }
  return [
    { ...trial, name: `killed ${when}, post step, next run keeps`, post: true, next: kept },
    { ...trial, name: `killed ${when}, machine lost, next run rotates`, post: false, next: rotated },
  ]
})

const faults: readonly Trial[] = [
  { kind: 'reset-before' as const },
  { kind: 'reset-after' as const },
  { kind: 'status' as const, status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status' as const, status: 503 },
  { kind: 'truncate' as const },
  { kind: 'truncated-json' as const },
  { kind: 'hang' as const },
  { kind: 'hang-after' as const },
].map((fault) => ({
  name: 'status' in fault ? `answered ${fault.status}` : fault.kind,
  fault,
  kill: false,
  post: true,
  // What hangs is ended by the deadline of the run.
  inputs: fault.kind.startsWith('hang') ? { timeout: '12s' } : {},
  next: kept,
}))

async function attempt(stage: Stage, trial: Trial, n: number): Promise<string[]> {
  const shown: StepResult[] = []
  const seen: string[] = []
  {
    await using observer = stage.observe()
    const isMet = stage.faultAt(n, trial.fault)
    const step = stage.start(trial.inputs)
    if (trial.kill) {
      const over = step.result.then(() => true)
      while (!isMet() && !(await Promise.race([over, sleep(5, false)])));
      step.kill('SIGKILL')
    }
    shown.push(await step.result)
    if (!isMet()) seen.push('the fault was never met')
    stage.clearFaults()
    if (trial.post) shown.push(await stage.post(shown[0] as StepResult, trial.inputs))
    const clean = await stage.run(trial.next)
    shown.push(clean)
    if (clean.code !== 0)
      seen.push(`the clean run failed: ${clean.annotations.map(({ message }) => message).join(' ')}`)
    seen.push(...observer.violations)
  }
  return [...new Set([...seen, ...(await stage.violations(...shown))])]
}

/** One trial at every request of a rotation, on a stage of its own. */
async function prove({ issuer, trial, score }: Task, server: KubernetesServer): Promise<void> {
  await using stage = await openStage(issuer, server)
  const requests = await stage.countRequests()
  for (let n = 1; n <= requests; n++) {
    const found = await attempt(stage, trial, n)
    score.points++
    score.violations += found.length
    for (const violation of found) console.log(`  ${issuer}, request ${n}, ${trial.name}: ${violation}`)
    // The next point starts from one live token in all targets, whatever came of this one.
    if (found.length > 0) await stage.run()
  }
  console.log(`${issuer}, ${trial.name}: ${requests} requests`)
}

const matrices = { kill: kills, fault: faults }

/** What the command names of them, else all. */
function chosen<T extends object>(all: T): [keyof T, T[keyof T]][] {
  const entries = Object.entries(all) as [keyof T, T[keyof T]][]
  const named = entries.filter(([name]) => process.argv.includes(String(name)))
  return named.length > 0 ? named : entries
}

interface Task {
  readonly issuer: BenchName
  readonly trial: Trial
  /** Of its matrix. */
  readonly score: { readonly name: string; points: number; violations: number }
}

const tasks = chosen(benches).flatMap(([issuer]) =>
  chosen(matrices).flatMap(([name, trials]): Task[] => {
    const score = { name: `${name} matrix, ${issuer}`, points: 0, violations: 0 }
    return trials.map((trial) => ({ issuer, trial, score }))
  }),
)

/** Stages wait more than they work. */
const AT_ONCE = 6

await using server = await startServer()
console.log(`Rotations over three namespaces, on ${server.name}`)
// What waits for a deadline takes longest, and so begins.
const queue = tasks.toSorted(
  (one, other) => Number('timeout' in other.trial.inputs) - Number('timeout' in one.trial.inputs),
)
const worker = async () => {
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) await prove(task, server)
}
await Promise.all(Array.from({ length: AT_ONCE }, worker))
for (const { name, points, violations } of new Set(tasks.map(({ score }) => score))) {
  console.log(`${name}: ${points} points tried, ${violations} violations`)
  if (violations > 0) process.exitCode = 1
}
