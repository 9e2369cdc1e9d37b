// The benchmark of latency, and what the documentation shows of it: npm run bench:latency [-- --rounds 3]
import { parseArgs } from 'node:util'
import requireFreshDist from '../support/fresh-dist.ts'
import { openHarness } from './harness.ts'
import { latencyTable, measureLatency, writePoints } from './latency.ts'
import { updateLatency } from './page.ts'
import { loadPerProcessor, measureSpread, noiseWarning } from './quiet.ts'
import { machine } from './tables.ts'

const ROUNDS = 5

const { values } = parseArgs({ options: { rounds: { type: 'string' }, docs: { type: 'boolean', default: false } } })
const rounds = Number(values.rounds ?? ROUNDS)
const load = loadPerProcessor()
await requireFreshDist()
await using harness = await openHarness()
const spreadBefore = await measureSpread(harness)
const points = await measureLatency(harness, rounds)
const warning = noiseWarning(load, [spreadBefore, await measureSpread(harness)])
const date = new Date().toISOString().slice(0, 10)
const measured = `Measured on ${date}, the fastest of ${rounds} rounds: ${machine(harness.version)}.`
const summary = [latencyTable(points), ...(warning === undefined ? [] : [warning]), measured].join('\n\n')
console.log(summary)
if (values.docs) {
  writePoints(points)
  updateLatency(summary)
}
