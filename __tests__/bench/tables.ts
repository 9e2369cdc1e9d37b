// The tables of the benchmark.
import { cpus } from 'node:os'
import { table } from '../../scripts/markdown.ts'
import { ROTATION } from './action.ts'
import { type Figures, over, short, whole } from './figures.ts'
import type { Ratio } from './ratio.ts'

/** By the number of namespaces, then by the name of the contestant. */
export type Results = Map<number, ReadonlyMap<string, Figures>>

export function machine(kubernetes: string): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}, kube-apiserver and kubectl ${kubernetes}, all on loopback`
}

/** All that was measured with one number of namespaces. */
export function sizeTable(figures: ReadonlyMap<string, Figures>): string {
  const rows = [...figures].map(([name, one]) => [
    one.factor === 1 ? name : `${name} (a part measured, times ${whole(one.factor)})`,
    `${whole(one.wall)} (${whole(one.fastest)}–${whole(one.slowest)})`,
    short(one.ratio),
    whole(one.requests),
    whole(one.handshakes),
    short(one.cpu / 1000),
    whole(one.memory),
    String(one.rounds),
  ])
  const head = ['', 'Wall ms', '÷ rotation', 'Requests', 'Handshakes', 'CPU s', 'Memory MiB', 'Rounds']
  return table(head, rows)
}

/** All in relation to our rotation: wall time for each number of namespaces, and the rest for the largest. */
export function ratioTable(results: Results): string {
  const sizes = [...results.keys()]
  const last = results.get(Math.max(...sizes)) ?? new Map<string, Figures>()
  const ours = last.get(ROTATION)
  const rows = [...last].map(([name, one]) => [
    name,
    ...sizes.map((size) => times(results.get(size)?.get(name)?.ratio)),
    times(over(one.cpu, ours?.cpu)),
    times(over(one.memory, ours?.memory)),
    whole(one.requests),
    whole(one.handshakes),
  ])
  return table(['', ...sizes.map((size) => whole(size)), 'CPU', 'Memory', 'Requests', 'TLS handshakes'], rows)
}

function times(value: number | undefined): string {
  return value === undefined ? '–' : `${short(value)} ×`
}

/** @param warning why the figures may not be trusted */
export function goalTable(ratios: readonly Ratio[], warning: string | undefined): string {
  const rows = ratios.map(({ what, value, goal, rounds }) => [
    what,
    // What was counted in one run does not vary.
    rounds === undefined && Number.isInteger(value) ? whole(value) : short(value),
    goal ?? '–',
    rounds === undefined ? '–' : String(rounds),
  ])
  const noise = warning === undefined ? [] : [[warning, '–', '–', '–']]
  return table(['', 'Measured', 'Goal', 'Rounds'], [...noise, ...rows])
}
