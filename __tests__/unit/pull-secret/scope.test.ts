import { expect, it } from 'vitest'
import { clustersOf, scopeOf } from '../../../src/pull-secret/scope.ts'
import { targetsOf } from '../../support/targets-of.ts'

const prod = 'https://prod.example.com:6443'
const test = 'https://test.example.com'
const scope = (servers: Readonly<Record<string, string>>, namespaces: readonly string[], secret = 'pull') =>
  scopeOf(targetsOf(servers, namespaces), secret)

it('names a single target', () => {
  expect(scope({ prod }, ['shop'])).toMatch(/^prod\.example\.com:6443~[0-9a-f]{16} shop\/pull$/)
})

it('is a digest for many targets, short enough for a description', () => {
  const namespaces = Array.from({ length: 500 }, (_, index) => `team-${index}`)
  expect(scope({ prod }, namespaces)).toMatch(/^prod\.example\.com:6443~[0-9a-f]{16} 500 pull sha256:[0-9a-f]{16}$/)
})

it('is equal for equal targets, whatever their order and the names of their contexts', () => {
  const one = scope({ prod, test }, ['a', 'b'])
  expect(scope({ test, prod }, ['b', 'a'])).toBe(one)
  expect(scope({ green: test, blue: prod }, ['a', 'b'])).toBe(one)
})

it.each<[string, string]>([
  ['another namespace', scope({ prod, test }, ['a', 'c'])],
  ['one namespace more', scope({ prod, test }, ['a', 'b', 'c'])],
  ['another server', scope({ prod, test: 'https://test.example.com:6443' }, ['a', 'b'])],
  ['a server less', scope({ prod }, ['a', 'b'])],
  ['another secret', scope({ prod, test }, ['a', 'b'], 'pull-2')],
  [
    'a cluster with the same address and another certificate authority',
    scopeOf(targetsOf({ prod, test }, ['a', 'b'], 'b'), 'pull'),
  ],
])('differs with %s', (_, other) => {
  expect(other).not.toBe(scope({ prod, test }, ['a', 'b']))
})

it('contains the identities of its clusters', () => {
  const clusters = clustersOf(scope({ test, prod }, ['a', 'b']))
  expect(clusters).toEqual([
    expect.stringMatching(/^prod\.example\.com:6443~/),
    expect.stringMatching(/^test\.example\.com~/),
  ])
  expect(clustersOf(scope({ prod }, ['shop']))).toEqual(clusters.slice(0, 1))
})
