// The benchmark: how fast the action starts; the whole path of each provider against the shell that a user would write; a new
// token for 1, 10, 100 and 1,000 namespaces of a real kube-apiserver, by this action and without it; a kept run; memory. Rounds
// are interleaved; each figure is the median of its rounds. Prints Markdown.
//
//   npm run bench [-- 1 10] [--rounds 3] [--docs]
import { parseArgs } from 'node:util'
import requireFreshDist from '../support/fresh-dist.ts'
import { createContestants } from './contestants.ts'
import { measureDistribution } from './distribution.ts'
import { distributionRatios, headline, memoryRatios } from './goals.ts'
import { openHarness } from './harness.ts'
import { measureKeptRun } from './kept-run.ts'
import { measureMemory } from './memory.ts'
import { unmeasured } from './meter.ts'
import { updateDocs } from './page.ts'
import { loadPerProcessor, measureSpread, noiseWarning } from './quiet.ts'
import type { Ratio } from './ratio.ts'
import { measureStartUp } from './start-up.ts'
import { goalTable, machine, type Results, ratioTable, sizeTable } from './tables.ts'
import { measureWholePaths } from './whole-path.ts'

const SIZES = [1, 10, 100, 1000]
/** Only of this action, and only when no sizes are named: to create the namespaces takes a minute. */
const MEMORY_SIZES = [5000, 10_000]
const SHORT_ROUNDS = 15

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, docs: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const isComplete = positionals.length === 0
const sizes = isComplete ? SIZES : positionals.map(Number)
if (!sizes.every((size) => size > 0)) throw new Error(`These are no numbers of namespaces: ${positionals.join(' ')}`)
const rounds = (usual: number) => Number(values.rounds ?? usual)
const print = (title: string, text: string) => console.log(`\n### ${title}\n\n${text}`)

const load = loadPerProcessor()
await requireFreshDist()
await using harness = await openHarness()
console.log(`On ${machine(harness.version)}.`)
if (unmeasured !== undefined) console.log(unmeasured)
console.log(`
Wall time is the median (fastest–slowest) of interleaved rounds, each with processes of its own; the ratio is the median of
the ratios within a round. Requests and TLS handshakes are those at the API server. CPU and memory are the client's: the sum
over its processes, and the largest of them. kubectl finds what it caches of the API server, as on a runner of one's own.`)
const spreadBefore = await measureSpread(harness)

const ratios: Ratio[] = []
const add = (title: string, more: readonly Ratio[]) => {
  ratios.push(...more)
  print(title, goalTable(more, undefined))
}
add('Start', await measureStartUp(harness, rounds(SHORT_ROUNDS)))
// Before there are many namespaces: the first run of a step looks for its tokens in all of them.
add('From the credential to the Pod', await measureWholePaths(harness, rounds(SHORT_ROUNDS)))

const contestants = await createContestants(harness)
const results: Results = new Map()
for (const size of sizes) {
  const figures = await measureDistribution(harness, contestants, {
    size,
    rounds: rounds(size > 100 ? 5 : SHORT_ROUNDS),
  })
  results.set(size, figures)
  print(`${size.toLocaleString('en')} ${size === 1 ? 'namespace' : 'namespaces'}`, sizeTable(figures))
}
add('Distribution', distributionRatios(results))
add('Kept run', await measureKeptRun(harness, Math.max(...sizes), rounds(SHORT_ROUNDS)))
const large: Ratio[] = []
for (const size of isComplete ? MEMORY_SIZES : []) large.push(...(await measureMemory(harness, size, rounds(3))))
add('Memory', [...memoryRatios(results), ...large])

const warning = noiseWarning(load, [spreadBefore, await measureSpread(harness)])
const summary = [
  goalTable(ratios, warning),
  'The distribution, as multiples of a rotation by this action:',
  ratioTable(results),
  `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine(harness.version)}.`,
].join('\n\n')
print('For docs/performance.md', summary)
if (values.docs) updateDocs(summary, headline(ratios, results))
