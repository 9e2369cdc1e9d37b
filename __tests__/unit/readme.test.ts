import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { withTables } from '../../scripts/readme-tables.ts'

const readme = readFileSync('README.md', 'utf8')
const metadata = readFileSync('action.yml', 'utf8')
const action = load(metadata) as { inputs: Record<string, unknown>; outputs: Record<string, unknown> }

describe('the tables of the README', () => {
  it('are those of action.yml', () => {
    expect(withTables(readme, metadata)).toBe(readme)
  })

  it('name every input and every output once', () => {
    const rows = readme.split('\n').flatMap((line) => /^\| `([\w-]+)` \|/.exec(line)?.[1] ?? [])
    const declared = [...Object.keys(action.inputs), ...Object.keys(action.outputs)]
    expect(declared.filter((name) => !rows.includes(name))).toEqual([])
  })

  it('head each group by its comment, and keep a bar inside its cell', () => {
    const text =
      'inputs:\n  # One\n  a:\n    description: "`b|c`"\n    default: "0"\n\n  # Two\n  d:\n    description: D\n'
    const outputs = 'outputs:\n  e:\n    description: E\n'
    const markers = '<!-- inputs:start -->old<!-- inputs:end -->\nkept\n<!-- outputs:start -->\n<!-- outputs:end -->\n'
    expect(
      withTables(markers, text + outputs)
        .split('\n')
        .filter(Boolean),
    ).toEqual([
      '<!-- inputs:start -->',
      '### One',
      '| Input | Default | Meaning |',
      '| --- | --- | --- |',
      '| `a` | `0` | `b\\|c` |',
      '### Two',
      '| Input | Default | Meaning |',
      '| --- | --- | --- |',
      '| `d` |  | D |',
      '<!-- inputs:end -->',
      'kept',
      '<!-- outputs:start -->',
      '| Output | Meaning |',
      '| --- | --- |',
      '| `e` | E |',
      '<!-- outputs:end -->',
    ])
  })

  it('need their markers', () => {
    expect(() => withTables('no markers', metadata)).toThrow('README.md lacks the markers <!-- inputs:start -->')
  })

  it('are checked and written by the script', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'readme-'))
    const path = join(folder.path, 'README.md')
    copyFileSync('action.yml', join(folder.path, 'action.yml'))
    writeFileSync(path, withTables(readme, metadata).replace('| `secret-name` |', '| `secret` |'))
    const run = (...options: string[]) =>
      spawnSync(process.execPath, [resolve('scripts/update-readme.ts'), ...options], {
        cwd: folder.path,
        encoding: 'utf8',
      })
    expect(run('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('run `npm run docs`') })
    expect(run()).toMatchObject({ status: 0 })
    expect(readFileSync(path, 'utf8')).toBe(withTables(readme, metadata))
    expect(run('--check')).toMatchObject({ status: 0 })
  })
})

interface Workflow {
  readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>
}

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

describe('the workflows of the documentation', () => {
  const pages = ['README.md', ...globSync('docs/**/*.md')]
  const blocks = pages.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(
      ([, indent = '', text = ''], index) =>
        [`${path}, block ${index + 1}`, text.replaceAll(`\n${indent}`, '\n')] as const,
    ),
  )
  const examples = globSync('examples/**/*.{yml,yaml}').map((path) => [path, readFileSync(path, 'utf8')] as const)
  const workflows = [...blocks, ...examples].filter(([, text]) => /uses: .*registry-pull-secret/.test(text))

  it('are there', () => {
    expect(workflows.length).toBeGreaterThan(examples.length)
  })

  it.each(workflows)('give inputs that there are: %s', (_, text) => {
    const steps = stepsOf(load(text)).filter(({ uses = '' }) => uses.includes('registry-pull-secret'))
    expect(steps.length).toBeGreaterThan(0)
    for (const { with: given = {} } of steps) {
      expect(Object.keys(given).filter((name) => !(name in action.inputs))).toEqual([])
    }
  })

  it.each(workflows)('read outputs that there are: %s', (_, text) => {
    const ids = stepsOf(load(text)).flatMap((step) =>
      step.uses?.includes('registry-pull-secret') && step.id !== undefined ? [step.id] : [],
    )
    const outputs = ids.flatMap((id) => [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))])
    expect(outputs.map(([, name = '']) => name).filter((name) => !(name in action.outputs))).toEqual([])
  })
})

/** The steps of a whole workflow, of a list of steps, or the one step that a page shows. */
function stepsOf(value: unknown): readonly Step[] {
  if (Array.isArray(value)) return value as Step[]
  const workflow = value as Workflow & { readonly steps?: readonly Step[] } & Step
  if (workflow.uses !== undefined) return [workflow]
  return workflow.steps ?? Object.values(workflow.jobs ?? {}).flatMap(({ steps = [] }) => steps)
}
