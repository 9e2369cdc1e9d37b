import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { defaultText, descriptionText } from '../../scripts/input-docs.ts'
import { withTables } from '../../scripts/input-tables.ts'
import { table } from '../../scripts/markdown.ts'
import { withOverview } from '../../scripts/readme-tables.ts'
import type { InputRow } from '../../src/inputs/table/row.ts'

const readme = readFileSync('README.md', 'utf8')
const inputsPage = readFileSync('docs/inputs.md', 'utf8')
const action = load(readFileSync('action.yml', 'utf8')) as {
  inputs: Record<string, unknown>
  outputs: Record<string, unknown>
}

/** What `npm run docs` writes. */
const GENERATED = [
  'README.md',
  'docs/inputs.md',
  'docs/workflow-builder.html',
  'action.yml',
  '.github/workflows/rotate-clusters.yml',
]

it('the README is short', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(300)
})

describe('the overview of the README', () => {
  const overview = /<!-- inputs:start -->([\s\S]*)<!-- outputs:end -->/.exec(readme)?.[1] ?? ''
  const cellsOf = (title: string) =>
    overview
      .split('\n')
      .find((line) => line.startsWith(`| [${title}]`))
      ?.split(' | ') ?? []

  it('is what the tables of the code generate', () => {
    expect(withOverview(readme)).toBe(readme)
  })

  it('has each input and each output', () => {
    const declared = [...Object.keys(action.inputs), ...Object.keys(action.outputs)]
    expect(declared.filter((name) => name !== 'provider' && !overview.includes(`\`${name}\``))).toEqual([])
  })

  it.each([
    ['`provider: static`', ['**`docker-server`**', '**`docker-username`**', '**`docker-password`**']],
    ['`provider: dedicated`', ['**`dedicated-domain`** or **`registry-endpoint`**', '**`username`** with `password`']],
    ['`provider: harbor`', ['**`registry-endpoint`**', '**`username`**', '**`password`**', '**`projects`**']],
    ['Deploying', ['**`pod-name`** with `image`']],
  ])('marks what is required: %s', (title, required) => {
    const [, cell = ''] = cellsOf(title)
    expect(required.filter((text) => !cell.split(', ').includes(text))).toEqual([])
  })
})

describe('the tables of docs/inputs.md', () => {
  it('are what the tables of the code generate', () => {
    expect(withTables(inputsPage)).toBe(inputsPage)
  })

  it('have a row for each input and each output', () => {
    const rows = inputsPage.split('\n').flatMap((line) => /^\| `([\w-]+)` \|/.exec(line)?.[1] ?? [])
    const declared = [...Object.keys(action.inputs), ...Object.keys(action.outputs)]
    expect(declared.filter((name) => !rows.includes(name))).toEqual([])
  })

  it('replace what is between their markers, and nothing else', () => {
    const page = 'A\n<!-- inputs:start -->old<!-- inputs:end -->\nB\n<!-- outputs:start --><!-- outputs:end -->\nC\n'
    const parts = withTables(page).split(/<!-- \w+:(?:start|end) -->/)
    expect([parts[0], parts[2], parts[4]]).toEqual(['A\n', '\nB\n', '\nC\n'])
    expect(parts[1]?.split('\n').slice(0, 6)).toEqual([
      '',
      '',
      '## Source of the credential',
      '',
      '| Input | Provider | Default | Description |',
      '| --- | --- | --- | --- |',
    ])
    expect(parts[3]?.split('\n').slice(0, 4)).toEqual(['', '', '| Output | Description |', '| --- | --- |'])
  })

  it('keep a bar inside its cell', () => {
    expect(table(['a', 'b'], [['`c|d`', 'e']])).toBe('| a | b |\n| --- | --- |\n| `c\\|d` | e |')
  })

  it('need their markers', () => {
    expect(() => withTables('no markers')).toThrow('The markers "<!-- inputs:start -->"')
  })

  it.each([
    ['README.md', ' **`secret-name`** ', ' **`secret`** '],
    ['docs/inputs.md', '| `secret-name` |', '| `secret` |'],
    ['action.yml', '  secret-name:', '  secret:'],
    ['docs/workflow-builder.html', 'secret-name', 'secret'],
    ['.github/workflows/rotate-clusters.yml', '      secret-name:', '      secret:'],
  ])('are checked and written by the script, as are action.yml and the README: %s', (page, current, stale) => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'readme-'))
    for (const name of ['docs', '.github/workflows']) mkdirSync(join(folder.path, name), { recursive: true })
    for (const name of GENERATED) copyFileSync(name, join(folder.path, name))
    const path = join(folder.path, page)
    const generated = readFileSync(page, 'utf8')
    writeFileSync(path, generated.replace(current, stale))
    expect(readFileSync(path, 'utf8')).not.toBe(generated)
    const run = (...options: string[]) =>
      spawnSync(process.execPath, [resolve('scripts/update-readme.ts'), ...options], {
        cwd: folder.path,
        encoding: 'utf8',
      })
    const stderr = expect.stringContaining(`${page} is not up to date: run \`npm run docs\``)
    expect(run('--check')).toMatchObject({ status: 1, stderr })
    expect(run()).toMatchObject({ status: 0 })
    expect(readFileSync(path, 'utf8')).toBe(generated)
    expect(run('--check')).toMatchObject({ status: 0 })
  })
})

describe('an input in the documentation', () => {
  const row = { type: 'text', description: 'Text.' } as const

  it.each<[InputRow, string]>([
    [row, 'Text.'],
    [{ ...row, providers: ['static'], required: { for: ['static'] } }, 'Text. Required.'],
    [
      { ...row, providers: ['dedicated', 'ibmcloud'], required: { for: ['ibmcloud'] } },
      'Text. Required for `ibmcloud`.',
    ],
    [{ ...row, required: { for: ['ibmcloud', 'static'] } }, 'Text. Required for `ibmcloud` and `static`.'],
    [{ ...row, required: { with: 'a', unless: 'b' } }, 'Text. Required with `a` unless `b` is set.'],
    [{ ...row, needs: 'a' }, 'Text. Needs `a`.'],
    [{ ...row, needs: 'a', required: { with: 'a' } }, 'Text. Required with `a`.'],
  ])('says when it is required, and what it needs: %j', (input, description) => {
    expect(descriptionText(input)).toBe(description)
  })

  it.each<[InputRow, string]>([
    [row, ''],
    [{ type: 'flag', default: 'true', description: '' }, '`true`'],
    [{ type: 'endpoint', template: 'https://<dedicated-domain>', description: '' }, '`https://<dedicated-domain>`'],
    [{ ...row, providerDefaults: { dedicated: 'a', ibmcloud: 'b' } }, '`a` for `dedicated`, `b` for `ibmcloud`'],
    [{ ...row, derivedDefault: 'the `a`' }, 'the `a`'],
  ])('has the default of its row: %j', (input, text) => {
    expect(defaultText(input)).toBe(text)
  })
})
