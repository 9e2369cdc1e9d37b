import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { redact } from '../../../src/runner/mask.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'

const SECRET = 'hunter2'

const folder = mkdtempDisposableSync(join(tmpdir(), 'kubeconfig-'))
afterAll(() => folder.remove())

function file(name: string, content: object | string): string {
  const path = join(folder.path, name)
  writeFileSync(path, typeof content === 'string' ? content : dump(content))
  return path
}

const cluster = (name: string, server: string) => ({ name, cluster: { server } })
const user = (name: string, token: string) => ({ name, user: { token } })
const context = (name: string, of = name) => ({ name, context: { cluster: of, user: of } })

describe('several files', () => {
  const first = file('first', {
    clusters: [cluster('a', 'https://a.first')],
    contexts: [context('a')],
    users: [user('a', 'first')],
  })
  const second = file('second', {
    'current-context': 'b',
    clusters: [cluster('a', 'https://a.second'), cluster('b', 'https://b.second')],
    contexts: [context('a', 'b'), context('b')],
    users: [user('b', 'second')],
  })
  const third = file('third', { 'current-context': 'a', contexts: [context('c', 'a')], users: [user('b', 'third')] })
  const paths = [first, join(folder.path, 'missing'), second, third]

  it('are merged: the first file that sets a value wins', () => {
    const config = loadKubeConfig({ kind: 'files', paths })
    expect(config.clusters.map(({ name, server }) => [name, server])).toEqual([
      ['a', 'https://a.first'],
      ['b', 'https://b.second'],
    ])
    expect(config.users.map(({ name, token }) => [name, token])).toEqual([
      ['a', 'first'],
      ['b', 'second'],
    ])
    expect(config.contexts.map(({ name, cluster }) => [name, cluster])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'a'],
    ])
  })

  it('have the current context of the first file that sets one', () => {
    expect(loadKubeConfig({ kind: 'files', paths }).getCurrentContext()).toBe('b')
    expect(loadKubeConfig({ kind: 'files', paths: paths.toReversed() }).getCurrentContext()).toBe('a')
  })

  it('are named in the error when one of them is invalid', () => {
    const broken = file('broken', `users:\n- name: a\n  user: {token: "${SECRET}\n`)
    const loading = () => loadKubeConfig({ kind: 'files', paths: [first, broken] })
    expect(loading).toThrow(/^is not valid YAML at line \d+ in .*\/broken$/)
    expect(loading).not.toThrow(SECRET)
  })
})

it('resolves paths relative to the file that contains them', () => {
  mkdirSync(join(folder.path, 'deep'))
  const path = file('deep/config', {
    clusters: [{ name: 'a', cluster: { server: 'https://a', 'certificate-authority': 'ca.pem' } }],
  })
  const config = loadKubeConfig({ kind: 'files', paths: [path] })
  expect(config.clusters[0]?.caFile).toBe(join(folder.path, 'deep', 'ca.pem'))
})

it.each<[string, object]>([
  ['token', { token: `${SECRET}-token` }],
  ['password', { username: 'jo', password: `${SECRET}-password` }],
  ['client-key-data', { 'client-key-data': Buffer.from(`${SECRET}-key`).toString('base64') }],
])('masks each %s', (field, login) => {
  const name = `user-${field}`
  loadKubeConfig({ kind: 'text', text: dump({ users: [{ name, user: login }] }) })
  const value = String(Object.values(login).at(-1))
  expect(redact(`it is ${value}.`)).toBe('it is ***.')
})

it('creates one for the address of a server', () => {
  const config = loadKubeConfig({
    kind: 'server',
    url: 'https://k:6443',
    certificate: 'PEM',
    user: { token: `${SECRET}-server` },
  })
  expect(config.getCurrentCluster()).toMatchObject({
    server: 'https://k:6443',
    caData: btoa('PEM'),
    skipTLSVerify: false,
  })
  expect(config.getCurrentUser()).toMatchObject({ token: `${SECRET}-server` })
})

it.each([
  ['broken YAML', 'a: [', /^is not valid YAML at line \d$/],
  [
    'a list without names',
    `contexts:\n- context: {cluster: ${SECRET}}\n`,
    /^is not a kubeconfig: contexts\[0\]\.name is missing$/,
  ],
  [
    'a cluster without server',
    `clusters:\n- {name: a, cluster: {}}\n`,
    /^is not a kubeconfig: clusters\[0\]\.cluster\.server is missing$/,
  ],
  ['nothing', '', /^is not a kubeconfig: wrong structure$/],
])('rejects %s without quoting it', (_, text, says) => {
  const loading = () => loadKubeConfig({ kind: 'text', text })
  expect(loading).toThrow(says)
  expect(loading).not.toThrow(SECRET)
})
