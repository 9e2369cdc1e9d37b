// action.yml is what GitHub believes; the code is what happens.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { loadInputs } from '../../src/inputs/inputs.ts'

interface Action {
  readonly name: string
  readonly description: string
  readonly branding: { readonly icon: string; readonly color: string }
  readonly inputs: Readonly<Record<string, { readonly description?: string; readonly default?: unknown }>>
  readonly outputs: Readonly<Record<string, { readonly description?: string }>>
  readonly runs: Readonly<Record<string, string>>
}

const action = load(readFileSync('action.yml', 'utf8')) as Action

const required = { 'dedicated-domain': 'd1.example.net', organization: 'acme' }

function environment(inputs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

describe('the inputs', () => {
  /** The names that the code asks the environment for. */
  async function namesRead(): Promise<string[]> {
    const names = new Set<string>()
    const watched = new Proxy(environment(required), {
      get(target, name) {
        const [, input] = /^INPUT_(.+)$/.exec(String(name)) ?? []
        if (input !== undefined) names.add(input.toLowerCase())
        return Reflect.get(target, name)
      },
    })
    await loadInputs(watched)
    return [...names]
  }

  it('are those that the code reads', async () => {
    expect(Object.keys(action.inputs).sort()).toEqual((await namesRead()).sort())
  })

  it('have the defaults of the code', async () => {
    const defaults = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    expect(defaults.length).toBeGreaterThan(0)
    expect(await loadInputs(environment({ ...Object.fromEntries(defaults), ...required }))).toEqual(
      await loadInputs(environment(required)),
    )
  })
})

it('has the outputs that the code sets', () => {
  const source = globSync('src/**/*.ts').map((path) => readFileSync(path, 'utf8'))
  const set = source.flatMap((text) => [...text.matchAll(/\.#set\(\s*'([^']+)'/g)].map(([, name]) => name))
  expect(Object.keys(action.outputs).sort()).toEqual([...new Set(set)].sort())
})

it('says what everything is', () => {
  const described = [action, ...Object.values(action.inputs), ...Object.values(action.outputs)]
  for (const { description } of described) expect(description).toMatch(/\S/)
})

it('runs on Node 24, from files that are there', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/index.js',
    post: 'dist/post.js',
    'post-if': 'always()',
  })
  expect([action.runs.main, action.runs.post].filter((path) => path && existsSync(path))).toHaveLength(2)
})

it('wears what the marketplace allows', () => {
  const colors = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']
  expect(colors).toContain(action.branding.color)
  // Feather icons, but for those that GitHub leaves out.
  const leftOut = /^(coffee|columns|divide.*|frown|hexagon|key|meh|mouse-pointer|smile|tool|x-octagon)$/
  expect(action.branding.icon).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(action.branding.icon).not.toMatch(leftOut)
})
