// The wall time of a rotation with latency before the API server: the points that check the simulation of scripts/rotation-time.
import { writeFileSync } from 'node:fs'
import { table } from '../../scripts/markdown.ts'
import { CALIBRATION, calibrate, isSame, type Load, type Point, simulate } from '../../scripts/rotation-time/model.ts'
import { step } from './action.ts'
import { short, whole } from './figures.ts'
import type { Harness } from './harness.ts'
import { inRounds } from './rounds.ts'

const MEASURED = 'scripts/rotation-time/measured.json'

const LOADS: readonly Load[] = [
  ...[1, 100, 1000].flatMap((namespaces) =>
    [0, 20, 100].map((roundTripMs) => ({ namespaces, roundTripMs, concurrency: 16 })),
  ),
  { namespaces: 1000, roundTripMs: 20, concurrency: 4 },
  { namespaces: 1000, roundTripMs: 20, concurrency: 64 },
  { namespaces: 1000, roundTripMs: 100, concurrency: 64 },
]

/** The fastest of the rounds: the model knows nothing of what else the machine does. */
export async function measureLatency(harness: Harness, rounds: number): Promise<readonly Point[]> {
  const namespaces = await harness.namespaces(Math.max(...LOADS.map((load) => load.namespaces)))
  // Not the first run, which has no secrets to read.
  await step(harness, namespaces, { maxAge: '0' })
  const runs = await inRounds(
    LOADS.map((load) => ({ name: JSON.stringify(load), run: () => rotate(harness, namespaces, load) })),
    rounds,
  )
  return LOADS.map((load) => {
    const walls = (runs.get(JSON.stringify(load)) ?? []).map(({ wall }) => wall)
    return { ...load, wallMs: Math.round(Math.min(...walls)) }
  })
}

async function rotate(harness: Harness, namespaces: readonly string[], load: Load) {
  harness.setRoundTrip(load.roundTripMs)
  try {
    return await step(harness, namespaces.slice(0, load.namespaces), { maxAge: '0', concurrency: load.concurrency })
  } finally {
    harness.setRoundTrip(0)
  }
}

/** One line for each, as the formatter wants it. */
export function writePoints(points: readonly Point[]): void {
  const lines = points.map((point) => {
    const fields = Object.entries(point).map(([name, value]) => `"${name}": ${value}`)
    return `  { ${fields.join(', ')} }`
  })
  writeFileSync(MEASURED, `[\n${lines.join(',\n')}\n]\n`)
}

export function latencyTable(points: readonly Point[]): string {
  const constants = calibrate(points)
  const rows = points.map((point) => {
    const isCalibration = CALIBRATION.some((load) => isSame(load, point))
    const simulated = simulate(point, constants)
    return [
      whole(point.namespaces),
      whole(point.roundTripMs),
      whole(point.concurrency),
      short(point.wallMs / 1000),
      short(simulated / 1000),
      isCalibration ? 'sets a constant' : short(point.wallMs / simulated),
    ]
  })
  const head = ['Namespaces', 'Round trip ms', '`concurrency`', 'Measured s', 'Simulated s', 'Measured ÷ simulated']
  const { startMs, sequentialRoundTrips, writeMs } = constants
  return `${table(head, rows)}\n\nConstants: start ${whole(startMs)} ms, ${short(sequentialRoundTrips)} sequential round trips, ${short(writeMs)} ms for each write.`
}
