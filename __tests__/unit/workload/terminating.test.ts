import { expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const HELD = 'is being deleted (finalizers: example.com/hold)'

const configMap: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { a: '1' } }

const job = (image: string): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'web' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
})

describeServers((server) => {
  let namespaces = 0

  /** An object that is being deleted, and stays until it is released. */
  async function setUp(object: KubernetesObject) {
    const namespace = `terminating-${++namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server())
    const { path, uid } = await applyTo(cluster, namespace, object)
    const patch = (change: object) =>
      server().request('PATCH', path, change, { 'content-type': 'application/merge-patch+json' })
    await patch({ metadata: { finalizers: ['example.com/hold'] } })
    // A Job of batch/v1 would be orphaned, with one more finalizer.
    await server().request('DELETE', `${path}?propagationPolicy=Background`)
    return {
      namespace,
      uid,
      apply: (again = object, options = {}) => applyTo(cluster, namespace, again, options),
      release: () => patch({ metadata: { finalizers: null } }),
      read: async () => (await server().request('GET', path)).body,
    }
  }

  it.each([
    ['a ConfigMap', configMap, configMap],
    ['a Job with the same template', job('team/app:1'), job('team/app:1')],
    ['a Job with another template', job('team/app:1'), job('team/app:2')],
  ])('creates an object again when it is gone: %s', async (_, object, again) => {
    const { uid, apply, release, read } = await setUp(object)
    using captured = captureLog()
    const applying = apply(again, { deletionDeadlineMs: Number.POSITIVE_INFINITY })
    await expect.poll(() => captured.log.text, { timeout: 20_000 }).toContain(`${HELD}: waiting until it is gone`)
    await release()
    const applied = await applying
    expect(applied.uid).not.toBe(uid)
    expect((await read()).metadata).toMatchObject({ uid: applied.uid })
  })

  it('is an error that says what holds the object when there is no time', async () => {
    const { namespace, apply } = await setUp(configMap)
    await expect(apply()).rejects.toMatchObject({
      code: 'object-terminating',
      message: `ConfigMap ${namespace}/web in cluster test ${HELD}: what is applied to it is lost`,
      details: { cluster: 'test', namespace, resource: 'configmaps/web' },
    })
  })

  it('is planned in a dry run', async () => {
    const { apply } = await setUp(configMap)
    expect(await apply(configMap, { dryRun: true })).toMatchObject({
      note: `it ${HELD}: it would be created again when it is gone`,
    })
  })

  it('does not wait for a Namespace, which would not have the secret', async () => {
    const namespace = `terminating-${++namespaces}`
    await server().createNamespace(namespace)
    await server().request('DELETE', `/api/v1/namespaces/${namespace}`)
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
    const applying = applyTo(connectTo(server()), namespace, object, { deletionDeadlineMs: Number.POSITIVE_INFINITY })
    await expect(applying).rejects.toMatchObject({ code: 'object-terminating' })
  })
})
