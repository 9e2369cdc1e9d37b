// The bundle that a workflow runs.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'rolldown/parseAst'
import { expect, it } from 'vitest'
import { filesOf } from '../support/files-of.ts'
import { runStep } from '../support/runner/runner.ts'

const scripts = filesOf('dist/*.js')
const textOf = (path: string) => readFileSync(path, 'utf8')

it('runs on the Node of the runner', () => {
  expect(process.versions.node).toMatch(/^24\./)
})

it('fails without inputs, and says what is missing', async () => {
  const { code, annotations, stderr, summary } = await runStep({ inputs: {} })
  expect(code).toBe(1)
  expect(annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    expect.stringMatching(/^error: Input `api-endpoint` is required when /),
    expect.stringMatching(/^error: Input `registry-endpoint` is required when /),
    expect.stringMatching(/^error: Input `organization` is required when /),
  ])
  expect(stderr).toBe('')
  expect(summary).toContain('## ❌ Stopped before the first request: Invalid input \\(3 errors\\)\n')
})

it('has nothing to clean up after a run that minted nothing', async () => {
  const { code, annotations, log } = await runStep({ inputs: {}, entry: 'post' })
  expect({ code, annotations, log }).toEqual({
    code: 0,
    annotations: [],
    log: 'Nothing to clean up.\n',
  })
})

it('imports nothing outside the bundle', () => {
  const names = scripts.map((path) => path.replace('dist/', './'))
  const imports = scripts.flatMap((path) =>
    parseAst(textOf(path)).body.flatMap((node) => ('source' in node && node.source ? [node.source.value] : [])),
  )
  expect(imports.length).toBeGreaterThan(0)
  expect(imports.filter((name) => !isBuiltin(name) && !names.includes(name))).toEqual([])
})

it('holds no path of the machine that built it', () => {
  const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
  for (const path of filesOf('dist/*')) {
    expect(textOf(path)).not.toContain(repository)
    expect(textOf(path)).not.toMatch(/["'`](\/(home|Users|root|work|tmp)\/|[A-Z]:\\\\)/)
  }
})

it('comes with the license of each package in it', () => {
  const notices = textOf('dist/licenses.txt')
    .split(/^Name: /m)
    .slice(1)
  const licensed = new Set(notices.map((notice) => notice.slice(0, notice.indexOf('\n'))))
  const bundled = scripts.flatMap((path) =>
    // The innermost folder counts, since a package can have others inside.
    [...textOf(path).matchAll(/^\/\/ .*\bnode_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm)].map(([, name = '']) => name),
  )
  expect(bundled).toContain('undici')
  expect([...new Set(bundled)].filter((name) => !licensed.has(name))).toEqual([])
  for (const notice of notices) expect(notice).toMatch(/^License Text:$/m)
})
