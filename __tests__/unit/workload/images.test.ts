import { describe, expect, it } from 'vitest'
import { parseReplacement, replaceImages } from '../../../src/workload/images.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { withTextQuantities } from '../../../src/workload/quantities.ts'

const DIGEST = `sha256:${'0a'.repeat(32)}`

it.each([
  ['app:1', { name: 'app', image: 'app:1' }],
  ['team/app:v1.2-x_y', { name: 'team/app', image: 'team/app:v1.2-x_y' }],
  ['127.0.0.1:5000/team/app:1', { name: '127.0.0.1:5000/team/app', image: '127.0.0.1:5000/team/app:1' }],
  [`app@${DIGEST}`, { name: 'app', image: `app@${DIGEST}` }],
  [`app:1@${DIGEST}`, { name: 'app', image: `app:1@${DIGEST}` }],
  ['app=registry.example.com/team/app:1', { name: 'app', image: 'registry.example.com/team/app:1' }],
  [`h:5000/app=app@${DIGEST}`, { name: 'h:5000/app', image: `app@${DIGEST}` }],
  ['app', undefined],
  ['h:5000/app', undefined],
  ['app=app', undefined],
  ['app=', undefined],
  ['=app:1', undefined],
  ['app:', undefined],
  ['app:a b', undefined],
  ['app@1', undefined],
  ['app=a=b:1', undefined],
  ['app=APP:1', undefined],
  ['Team/app:1', undefined],
])('%s is read as %j', (text, replacement) => {
  expect(parseReplacement(text)).toEqual(replacement)
})

const containers = {
  containers: [
    { name: 'a', image: 'team/app:old', args: ['x'] },
    { name: 'b', image: 'other/app:old' },
    { name: 'c', image: 'team/app' },
    { name: 'd' },
  ],
  initContainers: [{ name: 'e', image: `team/app:1@${DIGEST}` }],
  ephemeralContainers: [{ name: 'f', image: 'team/app:old' }],
}
const template = { spec: { template: { spec: containers } } }

describe('a replacement', () => {
  it.each([
    ['v1', 'Pod', { spec: containers }],
    ['apps/v1', 'Deployment', template],
    ['apps/v1', 'StatefulSet', template],
    ['apps/v1', 'DaemonSet', template],
    ['apps/v1', 'ReplicaSet', template],
    ['batch/v1', 'Job', template],
    ['batch/v1', 'CronJob', { spec: { jobTemplate: template } }],
    ['v1', 'ReplicationController', template],
    ['argoproj.io/v1alpha1', 'Rollout', template],
  ])('is put into all containers of %s %s', (apiVersion, kind, spec) => {
    const object = { apiVersion, kind, metadata: { name: 'web' }, ...spec }
    const { objects, names } = replaceImages([object], [{ name: 'team/app', image: 'new/app:2' }])
    const expected = JSON.stringify(object).replace(/"team\/app(:[^"]*)?"/g, '"new/app:2"')
    expect(objects).toEqual([JSON.parse(expected)])
    expect([...names]).toEqual(['team/app', 'other/app'])
  })

  it('keeps numbers with more digits than JavaScript keeps', () => {
    const [object] = parseManifest('apiVersion: a.b/v1\nkind: A\nmetadata: {name: a}\nx: [9007199254740993]\n', 'a')
    if (object === undefined) return expect.fail()
    const { objects } = replaceImages([object], [])
    expect(JSON.stringify(objects[0])).toContain('[9007199254740993]')
    expect(JSON.stringify(withTextQuantities({ ...object, apiVersion: 'v1' }))).toContain('[9007199254740993]')
  })

  it.each([
    [
      'the definition of a kind',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'web' },
        ...template,
      },
    ],
    [
      'an image of something else',
      { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'web' }, image: 'team/app:1' },
    ],
    ['no pod spec', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { image: 'team/app:1' } }],
  ])('changes nothing in %s', (_, object) => {
    const { objects, names } = replaceImages([object], [{ name: 'team/app', image: 'team/app:2' }])
    expect([objects, names.size]).toEqual([[object], 0])
  })
})
