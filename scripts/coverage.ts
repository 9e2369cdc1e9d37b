// Which lines and branches of src the e2e tests run: npm run coverage [-- NAMES OF TEST FILES]
//
// The tests run a build of `dist/` with source maps, and V8 counts in each process of a step. A step that a test kills
// counts nothing. The servers are fakes, unless REAL_SERVERS says otherwise.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempDisposableSync, readdirSync, readFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { convert } from 'ast-v8-to-istanbul'
import { build } from 'rolldown'
import { parseAstAsync } from 'rolldown/parseAst'
import config from '../rolldown.config.ts'
import { leanPackages } from './lean-packages.ts'
import { table } from './markdown.ts'

interface ProcessCov {
  readonly result: Profiler.ScriptCoverage[]
}

// It comes without types.
const { mergeProcessCovs } = createRequire(import.meta.url)('@bcoe/v8-coverage') as {
  readonly mergeProcessCovs: (processes: readonly ProcessCov[]) => ProcessCov
}

using folder = mkdtempDisposableSync(join(tmpdir(), 'coverage-'))
const [dist, counts] = [join(folder.path, 'dist'), join(folder.path, 'counts')]

await build({
  ...config,
  plugins: [leanPackages()],
  logLevel: 'warn',
  output: { ...config.output, dir: dist, sourcemap: true },
})
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, vitest, {
  stdio: 'inherit',
  env: { REAL_SERVERS: 'none', ...process.env, TEST_DIST: dist, TEST_COVERAGE: counts },
})

const files = await countsBySource()
console.log(summary(files))
process.exitCode = status ?? 1

interface Count {
  total: number
  covered: number
}

/** How often each line, and each way of each branch, of a source was run; by its path, as `src/core/json.ts`. */
type Counts = Map<string, { readonly lines: Map<number, number>; readonly branches: readonly number[] }>

async function countsBySource(): Promise<Counts> {
  const merged = mergeProcessCovs(readdirSync(counts).map(readScripts))
  const found: Counts = new Map()
  for (const { url, functions } of merged.result) {
    const code = readFileSync(fileURLToPath(url), 'utf8')
    const sourceMap = JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))
    const coverage = await convert({ code, sourceMap, coverage: { url, functions }, ast: parseAstAsync(code) })
    for (const [path, { s, statementMap, b }] of Object.entries(coverage)) {
      const [, name] = /\b(src\/.*)$/.exec(path) ?? []
      if (name === undefined) continue
      const lines = new Map<number, number>()
      for (const [id, { start }] of Object.entries(statementMap)) {
        lines.set(start.line, Math.max(lines.get(start.line) ?? 0, s[id] ?? 0))
      }
      found.set(name, { lines, branches: Object.values(b).flat() })
    }
  }
  return found
}

/** What one process has run of `dist/`. A file that only names others has no source map. */
function readScripts(file: string): ProcessCov {
  const { result }: ProcessCov = JSON.parse(readFileSync(join(counts, file), 'utf8'))
  const hasSources = ({ url }: { url: string }) =>
    url.startsWith(pathToFileURL(dist).href) && existsSync(`${fileURLToPath(url)}.map`)
  return { result: result.filter(hasSources) }
}

/** Per folder of src, then the lines that no test runs. */
function summary(counts: Counts): string {
  const folders = new Map<string, { lines: Count; branches: Count }>()
  const uncovered: string[] = []
  for (const [path, { lines, branches }] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    for (const name of [dirname(path), 'all of src']) {
      const sum = folders.get(name) ?? { lines: { total: 0, covered: 0 }, branches: { total: 0, covered: 0 } }
      add(sum.lines, [...lines.values()])
      add(sum.branches, branches)
      folders.set(name, sum)
    }
    const missed = [...lines].flatMap(([line, count]) => (count === 0 ? [line] : []))
    if (missed.length > 0) uncovered.push(`${path}: ${ranges(missed)}`)
  }
  const isAll = ([name]: readonly [string, unknown]) => name === 'all of src'
  const rows = [...folders].toSorted((one, other) => Number(isAll(one)) - Number(isAll(other)))
  const cells = rows.map(([name, { lines, branches }]) => [name, percent(lines), percent(branches)])
  return `\n${table(['Folder', 'Lines', 'Branches'], cells)}\n\nLines that no e2e test runs:\n${uncovered.join('\n')}`
}

function add(sum: Count, counts: readonly number[]): void {
  sum.total += counts.length
  sum.covered += counts.filter((count) => count > 0).length
}

function percent({ total, covered }: Count): string {
  return total === 0 ? '' : `${((100 * covered) / total).toFixed(1)} % (${covered} of ${total})`
}

/** `3-5, 9` for 3, 4, 5 and 9. */
function ranges(lines: readonly number[]): string {
  const found: [first: number, last: number][] = []
  for (const line of lines.toSorted((a, b) => a - b)) {
    const last = found.at(-1)
    if (last !== undefined && line === last[1] + 1) last[1] = line
    else found.push([line, line])
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ')
}
