// The tables of the benchmark.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { table } from '../../scripts/markdown.ts'
import { CLIENT, KEPT, LOOP, ROTATION, SERVER_SIDE } from './contestants.ts'
import { type Figures, short, whole } from './figures.ts'

/** By the number of namespaces, then by the name of the contestant. */
export type Results = Map<number, ReadonlyMap<string, Figures>>

/** Milliseconds. */
export interface Start {
  /** Of a Node that does nothing. */
  readonly nothing: number
  /** Of a run with an input error. */
  readonly failure: number
}

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

/**
 * What programs without any overhead have reached, next to what was measured now. They met
 * kubectl 1.33; the one here may be another.
 */
export function goalTable(start: Start, results: Results): string {
  const of = (size: number, name: string) => results.get(size)?.get(name)
  const ours = (size: number) => of(size, ROTATION)
  const goals: readonly (readonly [goal: string, possible: string, here: number | undefined])[] = [
    ['an input error, wall ÷ `node -e 0`', '1.05–1.08', start.failure / start.nothing],
    ['one namespace written, wall ÷ `node -e 0`', '2.3', over(ours(1)?.wall, start.nothing)],
    ['one namespace with nothing to do, wall ÷ `node -e 0`', '–', over(of(1, KEPT)?.wall, start.nothing)],
    ['one namespace written, wall ÷ bare client', '1.32', over(1, of(1, CLIENT)?.ratio)],
    ['1,000 namespaces, wall ÷ bare client', '0.93–1.12', over(1, of(1000, CLIENT)?.ratio)],
    ['1,000 namespaces, TLS handshakes', '1', ours(1000)?.handshakes],
    ['1,000 namespaces, requests ÷ namespace', '1.00', over(ours(1000)?.requests, 1000)],
    ['100 namespaces, loop of `kubectl` ÷ wall', '95', of(100, LOOP)?.ratio],
    ['1,000 namespaces, `kubectl apply --server-side` ÷ wall', '32', of(1000, SERVER_SIDE)?.ratio],
    ['1 namespace, memory MiB', '58', ours(1)?.memory],
    ['1,000 namespaces, memory MiB', '89', ours(1000)?.memory],
    ['KB of JavaScript that a run loads', '77–156', loaded('dist/index.js') / 1000],
  ]
  const rows = goals.flatMap(([goal, possible, here]) => (here === undefined ? [] : [[goal, possible, short(here)]]))
  return table(['', 'Possible', 'Here'], rows)
}

function over(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other
}

/** Bytes of a module and of all that it imports from its folder. */
function loaded(path: string, seen = new Set<string>()): number {
  if (seen.has(path)) return 0
  seen.add(path)
  const text = readFileSync(path, 'utf8')
  const imports = [...text.matchAll(/^import [^'"\n]*["']\.\/([\w-]+\.js)["']/gm)]
  return imports.reduce((sum, [, name]) => sum + loaded(`dist/${name}`, seen), Buffer.byteLength(text))
}
