import { expect, it } from 'vitest'
import { errorsOf, file, type Provided, withSecret } from './fixture.ts'

const secret = (fields: string, apiVersion = 'v1') => `apiVersion: ${apiVersion}\nkind: Secret\nmetadata: {${fields}}\n`
const refused = (source: string, name: string) =>
  new RegExp(
    `is not valid: ${source} contains Secret ${name}, which would overwrite the secret that this action writes\\. Remove this Secret from the manifest, or choose another \`secret-name\`\\.$`,
  )
const list = JSON.stringify({ kind: 'SecretList', apiVersion: 'v1', items: [{ metadata: { name: 'pull' } }] })

// The context of `withSecret` has the namespace shop.
it.each<[string, Provided, string]>([
  ['no namespace', { manifest: secret('name: pull') }, 'pull'],
  ['an empty namespace', { manifest: secret('name: pull, namespace: ""') }, 'pull'],
  ['no namespace, in a list', { manifest: list }, 'pull'],
  ['no namespace, when the targets are others', { manifest: secret('name: pull'), namespaces: 'pay' }, 'pull'],
  ['the namespace of the context', { manifest: secret('name: pull, namespace: shop') }, 'shop/pull'],
  [
    'the namespace of another context',
    { manifest: secret('name: pull, namespace: default'), contexts: '*' },
    'default/pull',
  ],
  ['a namespace of the list', { manifest: secret('name: pull, namespace: pay'), namespaces: 'web,pay' }, 'pay/pull'],
  ['a namespace of a glob', { manifest: secret('name: pull, namespace: pay'), namespaces: 'p*' }, 'pay/pull'],
  [
    'a namespace that a selector may include',
    { manifest: secret('name: pull, namespace: pay'), 'namespace-selector': 'a=b' },
    'pay/pull',
  ],
])('refuses a Secret of the name secret-name with %s', async (_, provided, name) => {
  expect(await errorsOf({ ...withSecret, ...provided })).toEqual([expect.stringMatching(refused('the manifest', name))])
})

it('names each file', async () => {
  const paths = ['one.yaml', 'two.yaml'].map((name) => file(name, secret('name: pull')))
  expect(await errorsOf({ ...withSecret, 'manifest-files': paths.join(',') })).toEqual(
    paths.map((path) => expect.stringMatching(refused(path, 'pull'))),
  )
})

it.each<[string, Provided]>([
  ['another name', { manifest: secret('name: other') }],
  ['another kind', { manifest: secret('name: pull', 'example.com/v1') }],
  ['a namespace that is no target', { manifest: secret('name: pull, namespace: pay') }],
  ['an excluded namespace', { manifest: secret('name: pull, namespace: pay'), namespaces: '*,!pay' }],
  [
    'a namespace that the names exclude from the selector',
    { manifest: secret('name: pull, namespace: pay'), namespaces: 'web', 'namespace-selector': 'a=b' },
  ],
])('accepts a Secret with %s', async (_, provided) => {
  expect(await errorsOf({ ...withSecret, ...provided })).toEqual([])
})

it('accepts any Secret when the run writes none', async () => {
  const { 'secret-name': _, ...inputs } = withSecret
  expect(await errorsOf({ ...inputs, manifest: secret('name: pull') })).toEqual([])
})
