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
      'a list in a list',
      JSON.stringify({ kind: 'List', items: [{ kind: 'PodList', items: parseManifest(object('Pod'), '') }] }),
      ['Pod web'],
    ],
    ['a kind that only sounds like a list', `${object('AllowList')}items: [a, b]\n`, ['AllowList web']],
  ])('may be %s', (_, text, names) => {
    expect(namesOf(text)).toEqual(names)
  })

  it('is read as Kubernetes reads it', () => {
    const text = `${object('ConfigMap')}base: &base {a: 1}\ndata: {<<: *base, on: yes, octal: 010, day: 2026-11-23}\n`
    expect(parseManifest(text, 'web.yaml')[0]?.data).toEqual({ a: 1, on: 'yes', octal: 10, day: '2026-11-23' })
  })

  it.each([
    ['broken YAML', `${object('Pod')}---\n: [\n`, /^web\.yaml is not valid YAML, line \d+: /],
    ['a tab', `${object('Pod')}spec:\n\tcontainers: []\n`, /^web\.yaml is not valid YAML, line 6: /],
    [
      'no kind',
      `${object('Pod')}---\napiVersion: v1\nmetadata: {name: a}\n`,
      /^web\.yaml, document 2 \(line 6\) .* lacks kind$/,
    ],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\n',
      /^web\.yaml, document 1 \(line 1\) is no Kubernetes object: it lacks metadata\.name$/,
    ],
    ['a name that is a number', object('Pod', '5'), /document 1 .* lacks metadata\.name$/],
    ['no object', 'only text', /document 1 .* lacks apiVersion and kind and metadata\.name$/],
    [
      'no name in a list',
      '{kind: List, items: [{kind: Pod, apiVersion: v1}]}',
      /^web\.yaml, document 1 \(line 1\), item 1 /,
    ],
    [
      'no kind, after comments and empty documents',
      `# first\n---\n---\n# third\n\n${object('Pod')}---\n# fourth\nkind: Pod\n`,
      /^web\.yaml, document 3 \(line 12\) is no Kubernetes object/,
    ],
    ['nothing', '---\n# nothing\n', /^web\.yaml holds no object$/],
    ['an unknown tag', `${object('Pod')}data: !secret x\n`, /^web\.yaml is not valid YAML, line 5: /],
    ['too much', `${object('ConfigMap')}#${'x'.repeat(10 * 1024 * 1024)}`, /^web\.yaml is larger than 10 MiB$/],
  ])('with %s is refused', (_, text, says) => {
    expect(() => parseManifest(text, 'web.yaml')).toThrow(says)
  })

  it.each([
    [
      'multiply',
      [...'bcdefgh'].reduce(
        (text, name, index) => `${text}${name}: &${name} [${`*${'abcdefg'[index]}, `.repeat(10)}]\n`,
        'a: &a [1]\n',
      ),
    ],
    ['never end', 'a: &a {b: *a}\n'],
  ])('whose aliases %s is refused', (_, aliases) => {
    expect(() => parseManifest(object('ConfigMap') + aliases, 'web.yaml')).toThrow(/^web\.yaml.*alias/)
  })
})
