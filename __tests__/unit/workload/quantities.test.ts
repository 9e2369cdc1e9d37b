import { expect, it } from 'vitest'
import { withTextQuantities } from '../../../src/workload/quantities.ts'

const objectOf = (kind: string, rest: object, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  ...rest,
})

it.each([
  ['Pod', { spec: { containers: [{ resources: { limits: { cpu: 1 }, requests: { cpu: 0.5, memory: '1Gi' } } }] } }],
  ['Pod', { spec: { volumes: [{ emptyDir: { sizeLimit: 1000 } }], overhead: { cpu: 2 } } }],
  ['ResourceQuota', { spec: { hard: { pods: 10 } } }],
  ['LimitRange', { spec: { limits: [{ type: 'Pod', max: { cpu: 2 }, default: { cpu: 1 } }] } }],
  ['PersistentVolume', { spec: { capacity: { storage: 1e9 } } }],
])('quantities become text: %s', (kind, rest) => {
  const expected = JSON.stringify(rest).replace(/:(\d+(\.\d+)?)/g, ':"$1"')
  expect(withTextQuantities(objectOf(kind, rest))).toEqual(objectOf(kind, JSON.parse(expected)))
})

it.each([
  ['a port and a mode', objectOf('Service', { spec: { ports: [{ port: 80 }], defaultMode: 256 } })],
  ['a range of another kind', objectOf('PodSecurityPolicy', { spec: { fsGroup: { ranges: [{ min: 1, max: 2 }] } } })],
  ['a custom resource', objectOf('Plan', { spec: { limits: { seats: 3 } } }, 'example.com/v1')],
  ['a limit that is no object', objectOf('ConfigMap', { limits: 3, data: { hard: 'x' } })],
])('what is not a quantity stays as it is: %s', (_, object) => {
  expect(withTextQuantities(object)).toEqual(object)
})
