// The layers of `src`, lowest first: a file imports its own folder and lower layers, and only these folders use these packages.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { expect, it } from 'vitest'

const LAYERS = [
  ['core'],
  ['runner'],
  ['http'],
  ['kubernetes', 'registry', 'issuer'],
  ['pull-secret'],
  ['workload', 'policy'],
  ['inputs'],
  ['report', 'permissions'],
  ['run'],
]

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['runner', 'report', 'run'],
  '@actions/exec': ['runner'],
  '@kubernetes/client-node': ['kubernetes', 'pull-secret', 'inputs'],
  'js-yaml': ['kubernetes', 'workload', 'permissions'],
  'fastest-levenshtein': ['core'],
  'p-queue': ['kubernetes'],
  socks: ['http'],
  undici: ['http', 'kubernetes'],
}

const layerOf = new Map(LAYERS.flatMap((folders, layer) => folders.map((folder) => [folder, layer])))
const imports = globSync('src/**/*.ts').flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, name = '']) => ({ path, name })),
)
/** Of an import of one of its files as well. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')
const folderOf = (path: string) => path.split(sep)[1] ?? ''

it('has only the two entry points outside the layers', () => {
  const outside = globSync('src/**/*.ts').filter((path) => !layerOf.has(folderOf(path)))
  expect(outside.sort()).toEqual([join('src', 'index.ts'), join('src', 'post.ts')])
})

it('imports only lower layers', () => {
  const upwards = imports
    .filter(({ path, name }) => name.startsWith('.') && name.endsWith('.ts') && layerOf.has(folderOf(path)))
    .map(({ path, name }) => ({ path, target: join(dirname(path), name) }))
    .filter(({ path, target }) => {
      const [from, to] = [layerOf.get(folderOf(path)) ?? 0, layerOf.get(folderOf(target)) ?? Number.POSITIVE_INFINITY]
      return folderOf(path) !== folderOf(target) && to >= from
    })
  expect(imports.length).toBeGreaterThan(100)
  expect(upwards.map(({ path, target }) => `${path} imports ${target}`)).toEqual([])
})

it('uses each package only where it belongs', () => {
  const strays = imports.filter(
    ({ path, name }) => !/^(\.|node:)/.test(name) && !PACKAGES[packageOf(name)]?.includes(folderOf(path)),
  )
  expect(strays).toEqual([])
})
