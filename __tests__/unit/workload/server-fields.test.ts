// What `kubectl get -o yaml` prints, applied again: to the same object, and to another namespace.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { withoutServerState } from '../../../src/workload/server-fields.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeReal } from '../../support/describe-real.ts'
import { serverAt } from '../../support/kubernetes/administrator.ts'
import type { KubernetesServer } from '../../support/kubernetes/server.ts'
import { sharedServer } from '../../support/shared-servers/shared.ts'

const PRINTED = { uid: 'aaaaaaaa-0000-4000-8000-000000000000', resourceVersion: '7' }
const printed = (kind: string, metadata: object, more: object = {}, apiVersion = 'v1'): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', ...PRINTED, ...metadata },
  ...more,
})
const clean = (object: KubernetesObject) => withoutServerState([object]).objects[0]
const owner = (uid: string, controller: boolean) => ({ apiVersion: 'v1', kind: 'A', name: 'a', uid, controller })
const TOKEN = { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }

describe('an object that was printed', () => {
  it('loses what its kind gets from a server', () => {
    const container = { name: 'main', image: 'team/app:1' }
    const data = { name: 'data', mountPath: '/data' }
    const pod = printed(
      'Pod',
      { annotations: { a: 'b' }, ownerReferences: [owner('1', true), owner('2', false)] },
      {
        spec: {
          nodeName: 'worker-3',
          priority: 0,
          containers: [
            { ...container, volumeMounts: [{ ...TOKEN, name: 'kube-api-access-x7k2p' }, data] },
            { ...container, name: 'b', volumeMounts: [{ ...TOKEN, name: 'kube-api-access-x7k2p' }] },
          ],
          volumes: [
            { name: 'kube-api-access-x7k2p', projected: {} },
            { name: 'data', emptyDir: {} },
          ],
        },
      },
    )
    expect(clean(pod)).toEqual({
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', annotations: { a: 'b' }, ownerReferences: [owner('2', false)] },
        spec: {
          containers: [
            { ...container, volumeMounts: [data] },
            { ...container, name: 'b' },
          ],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
      dropped: [
        ...['metadata.uid', 'metadata.resourceVersion', 'metadata.ownerReferences', 'spec.nodeName', 'spec.priority'],
        ...['spec.volumes', 'spec.containers'],
      ],
    })
  })

  it.each<[string, KubernetesObject, object]>([
    [
      'the addresses of a Service',
      printed('Service', {}, { spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'] } }),
      {},
    ],
    [
      'the volume that a controller bound',
      printed(
        'PersistentVolumeClaim',
        { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' } },
        { spec: { volumeName: 'pv-1' } },
      ),
      {},
    ],
    [
      'the claim of a volume',
      printed(
        'PersistentVolume',
        {},
        { spec: { claimRef: { name: 'a', namespace: 'b', uid: '1', resourceVersion: '2' } } },
      ),
      { claimRef: { name: 'a', namespace: 'b' } },
    ],
  ])('loses %s', (_, object, spec) => {
    expect(clean(object)?.object.spec).toEqual(spec)
  })

  it.each<[string, KubernetesObject]>([
    ['a headless Service', printed('Service', {}, { spec: { clusterIP: 'None', clusterIPs: ['None'] } })],
    ['the volume that its author chose', printed('PersistentVolumeClaim', {}, { spec: { volumeName: 'pv-1' } })],
    [
      'the selector that its author chose',
      printed(
        'Job',
        {},
        {
          spec: {
            manualSelector: true,
            selector: { matchLabels: { 'controller-uid': 'a' } },
            template: { metadata: { labels: { 'controller-uid': 'a' } } },
          },
        },
        'batch/v1',
      ),
    ],
    [
      'a token volume of its author',
      printed(
        'Pod',
        {},
        { spec: { containers: [{ volumeMounts: [{ ...TOKEN, name: 'mine' }] }], volumes: [{ name: 'mine' }] } },
      ),
    ],
  ])('keeps %s', (_, object) => {
    expect(clean(object)?.object.spec).toEqual(object.spec)
  })

  it('that was written by hand keeps what its author wrote', () => {
    const spec = { clusterIP: '10.0.0.1' }
    const object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', ownerReferences: [owner('1', true)] },
      spec,
    }
    expect(clean(object)).toEqual({ object, dropped: [] })
  })

  it('is left out when a controller made it for another one', () => {
    const replicaSet = printed('ReplicaSet', { uid: '2', ownerReferences: [owner('1', true)] }, {}, 'apps/v1')
    const pod = printed('Pod', { uid: '3', ownerReferences: [owner('2', true)] })
    const deployment = printed('Deployment', { uid: '1' }, {}, 'apps/v1')
    const { objects, leftOut } = withoutServerState([pod, deployment, replicaSet])
    expect(objects.map(({ object }) => object.kind)).toEqual(['Deployment'])
    expect(leftOut).toEqual([pod, replicaSet])
  })
})

describeReal(['etcd', 'kube-apiserver'], 'what an API server printed', () => {
  let server: KubernetesServer
  beforeAll(async () => {
    server = serverAt(await sharedServer('apiserver'))
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'team/app:1' }] },
  }
  it.each<KubernetesObject>([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'web', labels: { team: 'a' } }, spec: { template } },
  ])('$kind: can be applied to it, and elsewhere', async (object) => {
    const suffix = object.kind.toLowerCase()
    const [here, elsewhere] = [`printed-${suffix}`, `printed-${suffix}-copy`] as const
    await server.createNamespace(here)
    await server.createNamespace(elsewhere)
    const { path } = await applyTo(connectTo(server), here, object)
    const { namespace: _, ...metadata } = (await server.request('GET', path)).body.metadata
    const stored = { ...(await server.request('GET', path)).body, metadata } as KubernetesObject

    const again = clean(stored)?.object ?? expect.fail()
    const { uid } = await applyTo(connectTo(server), here, again)
    const copy = await applyTo(connectTo(server), elsewhere, again)

    expect(uid).toBe(metadata.uid)
    // As one that `kubectl apply` owns because it was printed before.
    await applyTo(connectTo(server), here, { ...stored, metadata: object.metadata })
    expect((await applyTo(connectTo(server), here, again)).uid).toBe(uid)
    expect((await server.request('GET', copy.path)).body.metadata).toMatchObject(object.metadata)
  })
})
