import { describe, expect, it } from 'vitest'
import { type KubernetesObject, parseManifest, podManifest, withPullSecret } from '../../src/workload/manifest.ts'

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
    ['a kind that only sounds like a list', object('AllowList'), ['AllowList web']],
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
    ['no kind', `${object('Pod')}---\napiVersion: v1\nmetadata: {name: a}\n`, /^web\.yaml, document 2 .* lacks kind$/],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\n',
      /^web\.yaml, document 1 is no Kubernetes object: it lacks metadata\.name$/,
    ],
    ['a name that is a number', object('Pod', '5'), /document 1 .* lacks metadata\.name$/],
    ['no object', 'only text', /document 1 .* lacks apiVersion and kind and metadata\.name$/],
    ['no name in a list', '{kind: List, items: [{kind: Pod, apiVersion: v1}]}', /^web\.yaml, document 1, item 1 /],
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

describe('the pull secret', () => {
  const pods = { spec: { containers: [] as unknown[] } }
  const template = { spec: { template: pods } }

  it.each<[string, object, (object: KubernetesObject) => unknown]>([
    ['Pod', pods, ({ spec }) => spec],
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].map(
      (kind): [string, object, (object: KubernetesObject) => unknown] => [
        kind,
        template,
        // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
        ({ spec }) => (spec as any).template.spec,
      ],
    ),
    [
      'CronJob',
      { spec: { schedule: '@daily', jobTemplate: template } },
      // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
      ({ spec }) => (spec as any).jobTemplate.spec.template.spec,
    ],
  ])('is added to a %s, once', (kind, body, podSpec) => {
    const [object] = parseManifest(JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'web' }, ...body }), '')
    if (object === undefined) return expect.fail('no object')
    const before = structuredClone(object)
    const complete = withPullSecret(object, 'pull')
    expect(podSpec(complete)).toEqual({ containers: [], imagePullSecrets: [{ name: 'pull' }] })
    expect(withPullSecret(complete, 'pull')).toEqual(complete)
    expect(podSpec(withPullSecret(complete, 'other'))).toMatchObject({
      imagePullSecrets: [{ name: 'pull' }, { name: 'other' }],
    })
    expect(object).toEqual(before)
  })

  it('is not added where no Pods are made', () => {
    const [service] = parseManifest(`${object('Service')}spec: {template: {spec: {}}}\n`, '')
    if (service === undefined) return expect.fail('no object')
    expect(withPullSecret(service, 'pull')).toEqual(service)
  })
})
