import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { withPullSecret } from '../../../src/workload/pod-spec.ts'

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
type Loose = any
const object = (apiVersion: string, kind: string, spec: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  spec,
})
const pods = { containers: [] }
const template = { template: { spec: pods } }

describe('the pull secret', () => {
  it.each<[string, KubernetesObject, (object: Loose) => unknown]>([
    ['Pod', object('v1', 'Pod', pods), ({ spec }) => spec],
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(
      (kind): [string, KubernetesObject, (object: Loose) => unknown] => [
        kind,
        object('apps/v1', kind, template),
        ({ spec }) => spec.template.spec,
      ],
    ),
    ['Job', object('batch/v1', 'Job', template), ({ spec }) => spec.template.spec],
    [
      'CronJob of an older API version',
      object('batch/v1beta1', 'CronJob', { schedule: '@daily', jobTemplate: { spec: template } }),
      ({ spec }) => spec.jobTemplate.spec.template.spec,
    ],
  ])('is added to a %s, once', (_, object, podSpec) => {
    const before = structuredClone(object)
    const complete = withPullSecret(object, 'pull')
    expect(podSpec(complete)).toEqual({ containers: [], imagePullSecrets: [{ name: 'pull' }] })
    expect(withPullSecret(complete, 'pull')).toEqual(complete)
    expect(podSpec(withPullSecret(complete, 'other'))).toMatchObject({
      imagePullSecrets: [{ name: 'pull' }, { name: 'other' }],
    })
    expect(object).toEqual(before)
  })

  it.each([
    ['a Service', object('v1', 'Service', template)],
    ['a Job of another group', object('flink.example.com/v1', 'Job', template)],
    ['a Pod of another group', object('fleet.example.com/v1', 'Pod', pods)],
    ['a Deployment of the core group', object('v1', 'Deployment', template)],
  ])('is not added to %s', (_, object) => {
    expect(withPullSecret(object, 'pull')).toBe(object)
  })
})
