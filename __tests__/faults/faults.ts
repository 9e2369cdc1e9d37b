// The fault-injection matrix: a rotation is killed at every request it sends, and every request meets every fault. A target must
// never hold a credential that does not work, and one clean run must finish the rotation. Prints points and violations.
//
//   npm run test:faults [-- kill|fault] [dedicated|ibmcloud|harbor] [--short]
//
// With --short, the requests of `ibmcloud` and `harbor` to the cluster meet no faults: those of `dedicated` are the same.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import requireFreshDist from '../support/fresh-dist.ts'
import type { Fault } from '../support/http/faults.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { type Harness, type Inputs, openHarness, type Scope, startServer } from './harness.ts'
import { type IssuerName, issuers } from './issuers.ts'

/** How a run fails at one of its requests, and how the work is finished after it. */
interface Trial {
  readonly name: string
  readonly fault: Fault
  /** Whether the step is killed when its request meets the fault. */
  readonly kill: boolean
  /** Whether the post step runs, as it does unless the whole machine is lost. */
  readonly post: boolean
  /** Of the run that fails. */
  readonly inputs: Inputs
  /** Of the run that finishes the work. */
  readonly next: Inputs
}

const reuse: Inputs = { 'max-age': '30d' }
const rotate: Inputs = {}

const kills: readonly Trial[] = (['hang', 'hang-after'] as const).flatMap((kind) => {
  const when = kind === 'hang' ? 'before the server acts' : 'after the server has acted'
  const trial = { fault: { kind }, kill: true, inputs: {} }
  return [
    { ...trial, name: `killed ${when}, post step, next run reuses`, post: true, next: reuse },
    { ...trial, name: `killed ${when}, machine lost, next run reuses`, post: false, next: reuse },
    { ...trial, name: `killed ${when}, machine lost, next run rotates`, post: false, next: rotate },
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
  name: 'status' in fault ? `returned ${fault.status}` : fault.kind,
  fault,
  kill: false,
  post: true,
  // A request that hangs ends with the `timeout` of the run.
  inputs: fault.kind.startsWith('hang') ? { timeout: '16s' } : {},
  next: reuse,
}))

async function attempt(harness: Harness, { trial, scope }: Task, n: number): Promise<string[]> {
  const violations: string[] = []
  {
    await using observer = harness.observe()
    const isMet = harness.faultAt(n, trial.fault, scope)
    const step = harness.start(trial.inputs)
    if (trial.kill) {
      const over = step.result.then(() => true)
      while (!isMet() && !(await Promise.race([over, sleep(5, false)])));
      step.kill('SIGKILL')
    }
    const result = await step.result
    if (!isMet()) violations.push('the fault was never met')
    harness.clearFaults()
    if (trial.post) await harness.post(result, trial.inputs)
    const clean = await harness.run(trial.next)
    if (clean.code !== 0)
      violations.push(`the clean run failed: ${clean.annotations.map(({ message }) => message).join(' ')}`)
    violations.push(...observer.violations)
  }
  return [...new Set([...violations, ...(await harness.violations())])]
}

/** One trial at every request of a rotation, in its own harness. */
async function runTrial(task: Task, server: KubernetesServer): Promise<void> {
  const { issuer, trial, scope, score } = task
  await using harness = await openHarness(issuer, server)
  const requests = await harness.countRequests(scope)
  for (let n = 1; n <= requests; n++) {
    const found = await attempt(harness, task, n)
    score.points++
    if (++tried % 100 === 0) console.log(`${tried} points tried`)
    score.violations += found.length
    for (const violation of found) console.log(`  ${issuer}, request ${n}, ${trial.name}: ${violation}`)
    // The next point starts with one live token in all targets, even after a violation.
    if (found.length > 0) await harness.run()
  }
  console.log(`${issuer}, ${trial.name}: ${requests} requests`)
}

const matrices = { kill: kills, fault: faults }

/** The entries that the command line names, by default all. */
function selected<T extends object>(all: T): [keyof T, T[keyof T]][] {
  const entries = Object.entries(all) as [keyof T, T[keyof T]][]
  const named = entries.filter(([name]) => process.argv.includes(String(name)))
  return named.length > 0 ? named : entries
}

interface Task {
  readonly issuer: IssuerName
  readonly trial: Trial
  readonly scope: Scope
  /** Of its matrix. */
  readonly score: { readonly name: string; points: number; violations: number }
}

const isShort = process.argv.includes('--short')

const tasks = selected(issuers).flatMap(([issuer]) =>
  selected(matrices).flatMap(([name, trials]): Task[] => {
    const score = { name: `${name} matrix, ${issuer}`, points: 0, violations: 0 }
    const scope = isShort && name === 'fault' && issuer !== 'dedicated' ? 'services' : 'all'
    return trials.map((trial) => ({ issuer, trial, scope, score }))
  }),
)

let tried = 0

/** Trials at a time: they wait more than they work. */
const MAX_CONCURRENT_TRIALS = 8

process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'registry-pull-secret-compile-cache')
await requireFreshDist()
await using server = await startServer()
console.log(`Rotations over three namespaces, on ${server.name}`)
// Trials that wait for a timeout take longest, so they start first.
const queue = tasks.toSorted(
  (one, other) => Number('timeout' in other.trial.inputs) - Number('timeout' in one.trial.inputs),
)
const worker = async () => {
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) await runTrial(task, server)
}
await Promise.all(Array.from({ length: MAX_CONCURRENT_TRIALS }, worker))
for (const { name, points, violations } of new Set(tasks.map(({ score }) => score))) {
  console.log(`${name}: ${points} points tried, ${violations} violations`)
  if (violations > 0) process.exitCode = 1
}
