import { describe, expect, it } from 'vitest'
import { parseReplacement, replaceImages } from '../../../src/workload/images.ts'

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
  ])('is put into all containers of %s %s', (apiVersion, kind, spec) => {
    const object = { apiVersion, kind, metadata: { name: 'web' }, ...spec }
    const { objects, names } = replaceImages([object], [{ name: 'team/app', image: 'new/app:2' }])
    const expected = JSON.stringify(object).replace(/"team\/app(:[^"]*)?"/g, '"new/app:2"')
    expect(objects).toEqual([JSON.parse(expected)])
    expect([...names]).toEqual(['team/app', 'other/app'])
  })

  it.each([
    ['another kind', { apiVersion: 'example.com/v1', kind: 'Job', metadata: { name: 'web' }, ...template }],
    ['no pod spec', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { image: 'team/app:1' } }],
  ])('changes nothing in %s', (_, object) => {
    const { objects, names } = replaceImages([object], [{ name: 'team/app', image: 'team/app:2' }])
    expect([objects, names.size]).toEqual([[object], 0])
  })
})
