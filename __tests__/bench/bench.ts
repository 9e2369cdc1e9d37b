// The benchmark: a new token for 1, 10, 100 and 1,000 namespaces of a real kube-apiserver, by this action and without it;
// and how fast the action starts. Rounds are interleaved; each figure is the median of its rounds. Prints Markdown.
//
//   npm run bench [-- 1 10] [--rounds 3] [--docs]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { between } from '../../scripts/markdown.ts'
import requireFreshDist from '../support/fresh-dist.ts'
import { type Contestant, createContestants, ROTATION } from './contestants.ts'
import { figuresOf, median } from './figures.ts'
import { type Harness, openHarness, type Run } from './harness.ts'
import { unmeasured } from './meter.ts'
import { goalTable, machine, type Results, ratioTable, type Start, sizeTable } from './tables.ts'

const SIZES = [1, 10, 100, 1000]
/** Its table is updated by `--docs`. */
const PAGE = 'docs/performance.md'
/** Default rounds: short runs vary more. */
const rounds = (size: number) => (size === 1 ? 9 : size === 10 ? 5 : 3)
const START_ROUNDS = 15
/** Milliseconds: who has run for so long is not asked again. */
const LONG = 60_000

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, docs: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const sizes = positionals.length === 0 ? SIZES : positionals.map(Number)
if (!sizes.every((size) => size > 0)) throw new Error(`These are no numbers of namespaces: ${positionals.join(' ')}`)

await requireFreshDist()
await using harness = await openHarness()
console.log(`On ${machine(harness.version)}.`)
if (unmeasured !== undefined) console.log(unmeasured)
console.log(`
Wall time is the median (fastest–slowest) of interleaved rounds, each with processes of its own; the ratio is the median of
the ratios within a round. Requests and TLS handshakes are those at the API server. CPU and memory are the client's: the sum
over its processes, and the largest of them. kubectl finds what it caches of the API server, as on a runner of one's own.`)

const start = await raceToStart(harness, Number(values.rounds ?? START_ROUNDS))
const contestants = await createContestants(harness)
const results: Results = new Map()
for (const size of sizes) {
  const figures = await race(harness, contestants, size, Number(values.rounds ?? rounds(size)))
  results.set(size, figures)
  console.log(`\n### ${size.toLocaleString('en')} ${size === 1 ? 'namespace' : 'namespaces'}\n\n${sizeTable(figures)}`)
}
console.log(`\n### What is possible, and what is here\n\n${goalTable(start, results)}`)

const summary = `${ratioTable(results)}\n\nMeasured on ${machine(harness.version)}.`
console.log(`\n### For docs/performance.md\n\n${summary}`)
if (values.docs) writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), 'bench', summary))

async function race(harness: Harness, contestants: readonly Contestant[], size: number, rounds: number) {
  const namespaces = await harness.namespaces(size)
  for (const { prepare } of contestants) await prepare?.(namespaces)
  const runs = new Map<Contestant, Run[]>(contestants.map((contestant) => [contestant, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const [contestant, done] of runs) {
      if (done.reduce((sum, { wall }) => sum + wall, 0) > LONG) continue
      done.push(await contestant.run(namespaces.slice(0, contestant.most)))
    }
  }
  const baseline = [...runs].find(([{ name }]) => name === ROTATION)?.[1] ?? []
  return new Map(
    [...runs].map(([{ name, most = size }, done]) => [name, figuresOf(done, baseline, Math.max(1, size / most))]),
  )
}

/** A run that fails on its inputs, compared with a Node process that does nothing. */
async function raceToStart(harness: Harness, rounds: number): Promise<Start> {
  const nothing: number[] = []
  const failure: number[] = []
  for (let round = 1; round <= rounds; round++) {
    nothing.push((await harness.command([process.execPath, '--eval', '0'])).wall)
    const { run, result } = await harness.step({ 'max-age': 'soon' })
    if (result.code !== 1 || result.annotations.length !== 1) throw new Error(result.log)
    failure.push(run.wall)
  }
  return { nothing: median(nothing), failure: median(failure) }
}
