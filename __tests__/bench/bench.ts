// The benchmark: a new token for 1, 10, 100 and 1,000 namespaces of a real kube-apiserver, by this action and without it;
// and how fast the action starts. Rounds are interleaved; each figure is the median of its rounds. Prints Markdown.
//
//   npm run bench [-- 1 10] [--rounds 3] [--readme]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { between } from '../../scripts/readme-tables.ts'
import { type Contestant, createContestants, ROTATION } from './contestants.ts'
import { figuresOf, median } from './figures.ts'
import { openStage, type Run, type Stage } from './harness.ts'
import { unmeasured } from './meter.ts'
import { goalTable, machine, type Results, ratioTable, type Start, sizeTable } from './tables.ts'

const SIZES = [1, 10, 100, 1000]
/** So many rounds unless told otherwise: what is short varies more. */
const rounds = (size: number) => (size === 1 ? 9 : size === 10 ? 5 : 3)
const START_ROUNDS = 15
/** Milliseconds: who has run for so long is not asked again. */
const LONG = 60_000

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, readme: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const sizes = positionals.length === 0 ? SIZES : positionals.map(Number)
if (!sizes.every((size) => size > 0)) throw new Error(`These are no numbers of namespaces: ${positionals.join(' ')}`)

await using stage = await openStage()
console.log(`On ${machine(stage.version)}.`)
if (unmeasured !== undefined) console.log(unmeasured)
console.log(`
Wall time is the median (fastest–slowest) of interleaved rounds, each with processes of its own; the ratio is the median of
the ratios within a round. Requests and TLS handshakes are those at the API server. CPU and memory are the client's: the sum
over its processes, and the largest of them. kubectl finds what it caches of the API server, as on a runner of one's own.`)

const start = await raceToStart(stage, Number(values.rounds ?? START_ROUNDS))
const contestants = await createContestants(stage)
const results: Results = new Map()
for (const size of sizes) {
  const figures = await race(stage, contestants, size, Number(values.rounds ?? rounds(size)))
  results.set(size, figures)
  console.log(`\n### ${size.toLocaleString('en')} ${size === 1 ? 'namespace' : 'namespaces'}\n\n${sizeTable(figures)}`)
}
console.log(`\n### What is possible, and what is here\n\n${goalTable(start, results)}`)

const summary = `${ratioTable(results)}\n\nMeasured on ${machine(stage.version)}.`
console.log(`\n### For the README\n\n${summary}`)
if (values.readme) writeFileSync('README.md', between(readFileSync('README.md', 'utf8'), 'bench', summary))

async function race(stage: Stage, contestants: readonly Contestant[], size: number, rounds: number) {
  const namespaces = await stage.namespaces(size)
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

/** A run that ends at the first look at its inputs, against a Node that does nothing. */
async function raceToStart(stage: Stage, rounds: number): Promise<Start> {
  const nothing: number[] = []
  const failure: number[] = []
  for (let round = 1; round <= rounds; round++) {
    nothing.push((await stage.command([process.execPath, '--eval', '0'])).wall)
    const { run, result } = await stage.step({ 'max-age': 'soon' })
    if (result.code !== 1 || result.annotations.length !== 1) throw new Error(result.log)
    failure.push(run.wall)
  }
  return { nothing: median(nothing), failure: median(failure) }
}
