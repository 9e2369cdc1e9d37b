// What the project wants to reach, from the figures of the distribution.
import { readFileSync } from 'node:fs'
import { KEPT, ROTATION } from './action.ts'
import { CLIENT, LOOP, SERVER_SIDE } from './contestants.ts'
import { type Figures, over, whole } from './figures.ts'
import { memoryRatio } from './memory.ts'
import type { Ratio } from './ratio.ts'
import type { Results } from './tables.ts'

/** Of the largest size that was measured with the others. */
export function distributionRatios(results: Results): readonly Ratio[] {
  const size = Math.max(...results.keys())
  const figures = results.get(size)
  const ours = figures?.get(ROTATION)
  const of = (name: string) => figures?.get(name)
  const [client, loop, applied] = [of(CLIENT), of(LOOP), of(SERVER_SIDE)]
  if (ours === undefined || client === undefined || loop === undefined || applied === undefined) return []
  const { rounds } = ours
  const namespaces = `${whole(size)} ${size === 1 ? 'namespace' : 'namespaces'}`
  const what = `A rotation in ${namespaces}`
  const ratio = (text: string, value: number | undefined, goal?: string, isCount = false): Ratio[] =>
    value === undefined ? [] : [{ what: text, value, goal, rounds: isCount ? undefined : rounds }]
  const slower = (name: string, { ratio, rounds }: Figures, goal?: string): Ratio => {
    return { what: `${name}, for ${namespaces} ÷ a rotation`, value: ratio, goal, rounds }
  }
  const isLarge = size >= 1000
  return [
    ...ratio(`${what} ÷ bare client: wall`, 1 / client.ratio, isLarge ? '≤ 1.2' : undefined),
    ...ratio(`${what} ÷ bare client: CPU`, over(ours.cpu, client.cpu), isLarge ? '≤ 1.6' : undefined),
    slower(`A ${LOOP}`, loop, isLarge ? '≥ 50' : undefined),
    slower(`O${SERVER_SIDE.slice(1)}`, applied),
    ...ratio(`${what}: requests ÷ secret`, over(ours.requests, size), isLarge ? '1.0' : undefined, true),
    ...ratio(`${what}: TLS handshakes`, ours.handshakes, '1', true),
    ...ratio('KB of JavaScript that every run loads', loadedBytes('dist/index.js') / 1000, '≤ 200', true),
  ]
}

/** Of each size. */
export function memoryRatios(results: Results): readonly Ratio[] {
  return [...results].flatMap(([size, figures]) => {
    const { memory, rounds = 0 } = figures.get(ROTATION) ?? {}
    return memory === undefined ? [] : [memoryRatio(size, memory, rounds)]
  })
}

/** For the README; undefined when a part of it was not measured. */
export function headline(ratios: readonly Ratio[], results: Results): string | undefined {
  const whole = ratios.find(({ what }) => what.startsWith('`provider: dedicated`'))
  const loop = results.get(1000)?.get(LOOP)
  if (whole === undefined || loop === undefined || results.get(1000)?.get(KEPT) === undefined) return undefined
  const path = `IBM's seven steps take ${whole.value.toFixed(2)} of the time of the same steps in a shell`
  return `Measured: ${path}, and a rotation in 1,000 namespaces 1/${Math.round(loop.ratio)} of the time of a loop of \`kubectl\`.`
}

/** Of a module and of all that it imports from its folder. */
function loadedBytes(path: string, seen = new Set<string>()): number {
  if (seen.has(path)) return 0
  seen.add(path)
  const text = readFileSync(path, 'utf8')
  const imports = [...text.matchAll(/^import [^'"\n]*["']\.\/([\w-]+\.js)["']/gm)]
  return imports.reduce((sum, [, name]) => sum + loadedBytes(`dist/${name}`, seen), Buffer.byteLength(text))
}
