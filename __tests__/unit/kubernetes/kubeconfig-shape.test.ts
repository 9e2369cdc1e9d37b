import { describe, expect, it } from 'vitest'
import { checkKubeconfigShape } from '../../../src/kubernetes/kubeconfig-shape.ts'
import { loadKubeConfig } from '../../support/load-kubeconfig.ts'

const config = {
  'current-context': 'a',
  clusters: [
    { name: 'a', cluster: { server: 'https://a', 'proxy-url': 'http://p:1', 'insecure-skip-tls-verify': false } },
  ],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a', namespace: 'b' } }],
  users: [
    { name: 'a', user: { exec: { command: 'c', args: ['d'], env: [{ name: 'e', value: 'f' }] }, token: 'g' } },
    { name: 'b', user: { 'auth-provider': { name: 'oidc', config: { 'id-token': 'h' } }, password: 'i' } },
  ],
}
const HOSTILE: readonly unknown[] = [null, 0, 7, '', 'x', true, [], [null], [7], {}, { toString: 1 }, { a: { b: 1 } }]

/** Each of the configs in which one value is another. */
function mutantsOf(value: unknown, replace: (other: unknown) => unknown = (other) => other): unknown[] {
  const own = HOSTILE.map(replace)
  if (typeof value !== 'object' || value === null) return own
  const inner = Object.entries(value).flatMap(([key, child]) =>
    mutantsOf(child, (other) =>
      replace(Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other }),
    ),
  )
  return [...own, ...inner]
}

describe('a kubeconfig', () => {
  it('with the types of its fields is accepted', () => {
    expect(() => checkKubeconfigShape(config)).not.toThrow()
  })

  it.each<[unknown, string]>([
    [{ users: [{ name: 'a', user: { token: 123 } }] }, 'users[0].user.token must be a string'],
    [{ users: [{ name: {}, user: {} }] }, 'users[0].name must be a string'],
    [{ users: [null] }, 'users[0] must not be empty'],
    [{ users: [7] }, 'users[0] must be an object'],
    [{ users: 'a' }, 'users must be a list'],
    [{ clusters: [{ name: 'a', cluster: 'https://a' }] }, 'clusters[0].cluster must be an object'],
    [{ clusters: [{ name: 'a', cluster: { server: '1.2.3.4:6443' } }] }, 'clusters[0].cluster.server must be a URL'],
    [
      { clusters: [{ cluster: { 'insecure-skip-tls-verify': 'no' } }] },
      'clusters[0].cluster.insecure-skip-tls-verify must be true or false',
    ],
    [{ users: [{ user: { exec: { args: ['a', 5] } } }] }, 'users[0].user.exec.args[1] must be a string'],
    [
      { users: [{ user: { 'auth-provider': { config: { 'id-token': 5 } } } }] },
      'each users[0].user.auth-provider.config must be a string',
    ],
  ])('%j is rejected: %s', (kubeconfig, message) => {
    expect(() => checkKubeconfigShape(kubeconfig)).toThrow(message)
  })

  it('with any value in any place is read, or rejected with a sentence', () => {
    const mutants = mutantsOf(config)
    expect(mutants.length).toBeGreaterThan(300)
    for (const mutant of mutants) {
      try {
        loadKubeConfig({ kind: 'text', text: JSON.stringify(mutant) })
      } catch (error) {
        expect((error as Error).message).toMatch(/^is not a kubeconfig: (?:.* (?:is missing|must .*)|wrong structure)$/)
      }
    }
  })
})
