// A fuzz test: many hostile cases for one parser, each with the same rules. See "Fuzz tests" in ../README.md.
import fc, { type Arbitrary } from 'fast-check'
import { it } from 'vitest'
import { startCase, stopCases, watch } from './watchdog.ts'

/** Printed with the results, so a failure can be repeated: `FUZZ_SEED=… npm run test:fuzz -- jwt`. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_251_124)
/** A few in `npm test`, 100,000 in `npm run test:fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 100)

const BATCH = 10_000
/** No input of a size that the action reads may take longer. */
const MAX_CASE_MS = 1000

export interface Fuzz<T> {
  readonly cases: Arbitrary<T>
  /** Throws when the result is wrong. Also any error of the parser that it does not expect fails the test. */
  readonly check: (value: T) => unknown
  /** Which part of the cases it runs. Those of one parser add up to 1 or more; default 1. */
  readonly share?: number
  /** Runs before each 10,000 cases. */
  readonly prepare?: () => unknown
}

/** What the reporter prints of a fuzz test. */
export interface FuzzFigures {
  readonly parser: string
  readonly cases: number
  readonly slowestMs: number
}

declare module 'vitest' {
  interface TaskMeta {
    fuzz?: FuzzFigures
  }
}

/** Declares a fuzz test. `title` says what holds for every case. */
export function fuzz<T>(parser: string, title: string, options: Fuzz<T>): void {
  it(`${parser}: ${title}`, { timeout: 600_000 }, async ({ task }) => {
    task.meta.fuzz = { parser, cases: 0, slowestMs: 0 }
    watch(`${parser}: ${title} (FUZZ_SEED=${SEED})`)
    try {
      task.meta.fuzz = { parser, ...(await runCases(options)) }
    } finally {
      stopCases()
    }
  })
}

/** Rejects when a case throws, takes longer than a second, or changes a prototype that all objects share. */
export async function runCases<T>(
  { cases, check, share = 1, prepare }: Fuzz<T>,
  { runs = Math.ceil(RUNS * share), maxCaseMs = MAX_CASE_MS } = {},
): Promise<{ readonly cases: number; readonly slowestMs: number }> {
  const prototypes = prototypesNow()
  let slowestMs = 0
  const runOne = async (value: T) => {
    startCase()
    // A slow case is measured again: it may have been the one that had to collect garbage.
    let durationMs = await measure(check, value)
    if (durationMs > maxCaseMs / 10) durationMs = Math.min(durationMs, await measure(check, value))
    if (durationMs > maxCaseMs) throw new Error(`the case took ${Math.round(durationMs)} ms`)
    if (durationMs > slowestMs) slowestMs = durationMs
    if (prototypesNow() !== prototypes) throw new Error('the case changed a prototype')
  }
  for (let done = 0; done < runs; done += BATCH) {
    await prepare?.()
    await fc.assert(fc.asyncProperty(cases, runOne), { seed: SEED + done, numRuns: Math.min(BATCH, runs - done) })
  }
  return { cases: runs, slowestMs }
}

/** In milliseconds of CPU time: on a busy machine, others take the rest. `watchdog.ts` ends a case that waits for ever. */
async function measure<T>(check: (value: T) => unknown, value: T): Promise<number> {
  const start = process.threadCpuUsage()
  const result = check(value)
  if (result instanceof Promise) await result
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}

/** The number of properties of what all values inherit from. */
function prototypesNow(): number {
  let count = 0
  for (const { prototype } of [Object, Array, String, Function]) count += Reflect.ownKeys(prototype).length
  return count
}

/** The result of a parser, or undefined when it rejects the case in a way that it documents. */
export function unlessRejected<T>(parse: () => T, isExpected: (error: unknown) => boolean): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isExpected(error)) return undefined
    throw error
  }
}
