import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'

const object = (kind: string, name = 'web') => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`
const namesOf = (text: string) =>
  parseManifest(text, 'web.yaml').map(({ kind, metadata }) => `${kind} ${metadata.name}`)

describe('a manifest', () => {
  it.each<[string, string, string[]]>([
    ['one document', object('Pod'), ['Pod web']],
    ['many documents', `${object('Pod')}---\n${object('Secret', 's')}`, ['Pod web', 'Secret s']],
    ['empty documents', `---\n# nothing\n---\n${object('Pod')}---\n`, ['Pod web']],
    ['Windows lines', object('Pod').replaceAll('\n', '\r\n'), ['Pod web']],
    ['JSON', JSON.stringify(podManifest({ name: 'web', container: 'c', image: 'i' })), ['Pod web']],
    [
      'a list',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: parseManifest(object('Pod'), '') }),
      ['Pod web'],
    ],
    [
      'a list within a list',
      JSON.stringify({ kind: 'List', items: [{ kind: 'PodList', items: parseManifest(object('Pod'), '') }] }),
      ['Pod web'],
    ],
    [
      'a typed list whose items have no type',
      JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'web' } }] }),
      ['Pod web'],
    ],
    ['a kind whose name only ends like a list', `${object('AllowList')}items: [a, b]\n`, ['AllowList web']],
    ['nothing', '---\n# nothing\n', []],
    ['an empty list', 'apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n', []],
  ])('can be %s', (_, text, names) => {
    expect(namesOf(text)).toEqual(names)
  })

  it('warns about duplicate keys', () => {
    const warnings: string[] = []
    const text = `${object('ConfigMap')}---\n${object('ConfigMap')}data:\n  a: 1\n  b: 2\n  a: 3\n`
    const objects = parseManifest(text, 'web.yaml', (sentence) => warnings.push(sentence))
    expect(objects[1]?.data).toEqual({ a: 3, b: 2 })
    expect(warnings).toEqual([
      'web.yaml, document 2 (line 13) repeats the key "a". As with kubectl, its last value counts.',
    ])
  })

  it.each([
    ['broken YAML', `${object('Pod')}---\n: [\n`, /^web\.yaml is not valid YAML, line \d+: /],
    ['a tab', `${object('Pod')}spec:\n\tcontainers: []\n`, /^web\.yaml is not valid YAML, line 6: /],
    [
      'no kind',
      `${object('Pod')}---\napiVersion: v1\nmetadata: {name: a}\n`,
      /^web\.yaml, document 2 \(line 6\) .* has no kind$/,
    ],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\n',
      /^web\.yaml, document 1 \(line 1\) is not a Kubernetes object: it has no metadata\.name$/,
    ],
    ['a name that is a number', object('Pod', '5'), /document 1 .* metadata\.name must be a string, in quotes$/],
    ['a name that YAML 1.1 reads as a boolean', object('Pod', 'y'), /metadata\.name must be a string, in quotes$/],
    ['no object', 'only text', /document 1 .* has no apiVersion and no kind and no metadata\.name$/],
    [
      'no name in a list',
      '{kind: List, items: [{kind: Pod, apiVersion: v1}]}',
      /^web\.yaml, document 1 \(line 1\), item 1 /,
    ],
    [
      'no kind, after comments and empty documents',
      `# first\n---\n---\n# third\n\n${object('Pod')}---\n# fourth\nkind: Pod\n`,
      /^web\.yaml, document 3 \(line 12\) is not a Kubernetes object/,
    ],
    [
      'only a generated name',
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: a-\n',
      /^web\.yaml, document 1 .* has only metadata\.generateName, /,
    ],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
      /^web\.yaml, document 1 .*`kubectl kustomize`$/,
    ],
    ['an unknown tag', `${object('Pod')}data: !secret x\n`, /^web\.yaml is not valid YAML, line 5: /],
    ['more than 10 MiB', `${object('ConfigMap')}#${'x'.repeat(10 * 1024 * 1024)}`, /^web\.yaml is larger than 10 MiB$/],
  ])('with %s is an error', (_, text, message) => {
    expect(() => parseManifest(text, 'web.yaml')).toThrow(message)
  })

  it.each([
    [
      'multiply its size',
      [...'bcdefgh'].reduce(
        (text, name, index) => `${text}${name}: &${name} [${`*${'abcdefg'[index]}, `.repeat(10)}]\n`,
        'a: &a [1]\n',
      ),
    ],
    ['form a cycle', 'a: &a {b: *a}\n'],
  ])('whose aliases %s is an error', (_, aliases) => {
    expect(() => parseManifest(object('ConfigMap') + aliases, 'web.yaml')).toThrow(/^web\.yaml.*alias/)
  })

  it.each<[string, object]>([
    ['apiVersion', { apiVersion: '../../x' }],
    ['apiVersion', { apiVersion: 'v1/../../version' }],
    ['apiVersion', { apiVersion: 'apps/..' }],
    ['apiVersion', { apiVersion: 'a/b/c' }],
    ['apiVersion', { apiVersion: 'v1?x=' }],
    ['apiVersion', { apiVersion: 'V1' }],
    ['apiVersion', { apiVersion: '/v1' }],
    ['metadata.name', { metadata: { name: '..' } }],
    ['metadata.name', { metadata: { name: '.' } }],
    ['metadata.name', { metadata: { name: 'a/b' } }],
    ['metadata.name', { metadata: { name: '%2e%2e' } }],
    ['metadata.namespace', { metadata: { name: 'a', namespace: '..' } }],
    ['metadata.namespace', { metadata: { name: 'a', namespace: 'a/pods' } }],
    ['spec.names.plural', definition({ names: { kind: 'A', plural: '..' } })],
    ['spec.names.plural', definition({ names: { kind: 'A', plural: 'a/../../b' } })],
    ['spec.names.plural', definition({ names: { kind: 'A' } })],
    ['spec.group', definition({ group: '../x' })],
    ['spec.versions[].name', definition({ versions: [{ name: 'v1' }, { name: '..' }] })],
  ])('with an invalid %s is an error: %j', (field, change) => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...change })
    expect(() => parseManifest(text, 'web.yaml')).toThrow(`web.yaml, document 1 (line 1) has an invalid ${field}`)
  })

  it.each([
    { metadata: { name: 'system:node.x' } },
    { apiVersion: 'a.example.com/v1beta1' },
    { metadata: { name: 'a', namespace: '' } },
    definition({}),
  ])('may have names that Kubernetes allows: %j', (change) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...change }
    expect(parseManifest(JSON.stringify(object), 'web.yaml')).toEqual([object])
  })
})

function definition(spec: object): object {
  const names = { kind: 'A', plural: 'as' }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: { group: 'example.com', names, versions: [{ name: 'v1' }], ...spec },
  }
}
