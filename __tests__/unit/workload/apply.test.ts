import { describe, expect, it } from 'vitest'
import { createDiscovery } from '../../../src/kubernetes/discovery.ts'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import { explain } from '../../../src/report/error-text.ts'
import { type ApplyOptions, applyObject } from '../../../src/workload/apply.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { placeObject } from '../../../src/workload/placement.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { podsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const options: ApplyOptions = { dryRun: false, recreate: [], signal: new AbortController().signal }

const pod = (image: string, container = 'web'): KubernetesObject => podManifest({ name: 'web', container, image })

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: team/web:1}]}
`

function one(text: string): KubernetesObject {
  const [object] = parseManifest(text, 'the manifest')
  return object ?? expect.fail('no object')
}

describeServers((server) => {
  let namespaces = 0
  async function setUp() {
    const namespace = `apply-${++namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server())
    server().journal.length = 0
    return {
      namespace,
      apply: (object: KubernetesObject, change: Partial<ApplyOptions> = {}, by = cluster) =>
        applyTo(by, namespace, object, { ...options, ...change }),
      get: async (path: string) => (await server().request('GET', path)).body,
    }
  }

  async function errorTextOf(work: Promise<unknown>): Promise<string> {
    const thrown = await work.then(
      () => expect.fail('no error'),
      (error: unknown) => error,
    )
    return explain(thrown).join('\n')
  }

  it('applies a Pod to the namespace', async () => {
    const { namespace, apply, get } = await setUp()
    const path = `${podsOf(namespace)}/web`
    expect(await apply(pod('team/web:1'))).toMatchObject({
      kind: 'Pod',
      name: 'web',
      namespace,
      resource: 'pods/web',
      path,
    })
    const { spec, metadata } = await get(path)
    expect(spec.containers).toMatchObject([{ name: 'web', image: 'team/web:1' }])
    expect(metadata.managedFields).toMatchObject([{ manager: 'registry-pull-secret', operation: 'Apply' }])
  })

  it.each([
    [
      'a ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: "1"}\n',
      '/api/v1',
      'configmaps',
    ],
    ['a Deployment', deployment, '/apis/apps/v1', 'deployments'],
  ])('applies %s, and changes nothing when it is applied again', async (_, text, root, plural) => {
    const { namespace, apply, get } = await setUp()
    const { path } = await apply(one(text))
    expect(path).toBe(`${root}/namespaces/${namespace}/${plural}/web`)
    const { resourceVersion, generation } = (await get(path)).metadata
    await apply(one(text))
    expect((await get(path)).metadata).toMatchObject({ resourceVersion, ...(generation && { generation }) })
  })

  it('applies an object to the namespace that it names, and a cluster-scoped object without one', async () => {
    const { apply, get } = await setUp()
    const { namespace } = await setUp()
    const configMap = one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: ${namespace}}\n`)
    expect(await apply(configMap)).toMatchObject({ namespace })
    const name = `${namespace}-made`
    const made = await apply(one(`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`))
    expect(made).toMatchObject({ kind: 'Namespace', name, namespace: '', path: `/api/v1/namespaces/${name}` })
    expect((await get(made.path)).status.phase).toBe('Active')
  })

  it('takes over a field of another manager, and leaves its other fields alone', async () => {
    const { apply, get } = await setUp()
    const configMap = (a: string) => one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: "${a}"}\n`)
    const { path } = await apply(configMap('1'))
    const type = { 'content-type': 'application/merge-patch+json' }
    await server().request('PATCH', `${path}?fieldManager=someone`, { data: { a: '2', b: '2' } }, type)
    await apply(configMap('3'))
    expect((await get(path)).data).toEqual({ a: '3', b: '2' })
  })

  it('updates the image of a Pod in place', async () => {
    const { apply, get } = await setUp()
    const { path } = await apply(pod('team/web:1'))
    const { uid } = (await get(path)).metadata
    await apply(pod('team/web:2'))
    expect(await get(path)).toMatchObject({ metadata: { uid }, spec: { containers: [{ image: 'team/web:2' }] } })
  })

  describe('a change of a Pod that the API server refuses', () => {
    it('is an error with a hint', async () => {
      const { namespace, apply } = await setUp()
      await apply(pod('team/web:1'))
      expect(await errorTextOf(apply(pod('team/web:1', 'other')))).toMatch(
        new RegExp(
          `^Could not apply Pod ${namespace}/web in cluster test: PATCH .* returned 422 Invalid: .*pod updates may not.*Set \`recreate-pods: true\`, or use a Deployment`,
        ),
      )
    })

    it('is made by a new Pod with `recreate-pods`', async () => {
      const { apply, get } = await setUp()
      const { path } = await apply(pod('team/web:1'))
      // No kubelet stops its containers here, so a deletion with a grace period would never finish.
      const { uid } = (await get(path)).metadata
      const deleting = apply({ ...pod('team/web:1', 'other') }, { recreate: ['v1 Pod'] })
      const kubelet = server().request('DELETE', `${path}?gracePeriodSeconds=0`, { preconditions: { uid } })
      await Promise.all([deleting, kubelet])
      const made = await get(path)
      expect(made.metadata.uid).not.toBe(uid)
      expect(made.spec.containers).toMatchObject([{ name: 'other' }])
    })

    it('is only planned in a dry run', async () => {
      const { apply, get } = await setUp()
      const { path } = await apply(pod('team/web:1'))
      const before = await get(path)
      const dry = apply(pod('team/web:1', 'other'), { recreate: ['v1 Pod'], dryRun: true })
      expect((await dry).note).toContain('would be deleted and created again')
      expect(await get(path)).toEqual(before)
    })
  })

  it.each([
    ['kind', 'apiVersion: v1\nkind: Pot\nmetadata: {name: web}\n', 'Pot of v1'],
    ['group', 'apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: web}\n', 'Shop of example.com/v1'],
    ['kind that is a subresource', 'apiVersion: v1\nkind: Eviction\nmetadata: {name: web}\n', 'Eviction of v1'],
  ])('reports a %s that the cluster does not serve', async (_, text, what) => {
    const { apply } = await setUp()
    const error = await apply(one(text)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'kind-not-found' })
    expect(explain(error)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Could not find the kind ${what} in .*cluster test: it has no such kind\\. Check \`apiVersion\` and \`kind\` in the manifest`,
        ),
      ),
    ])
  })

  it('reports why the object is invalid', async () => {
    const { apply } = await setUp()
    const configMap = one('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, labels: {team: a b}}\n')
    expect(await errorTextOf(apply(configMap))).toMatch(
      /^Could not apply ConfigMap apply-\d+\/web .* returned 422 Invalid: .*metadata\.labels.*Fix what the API server/,
    )
  })

  it.each([
    ['a misspelt field', { imagePullPolcy: 'Always' }, /its kind has no field \.spec\..*\.imagePullPolcy\./],
    [
      'a duplicate variable',
      { env: [{ name: 'A' }, { name: 'A' }] },
      /more than one entry with name="A"\..*the last one takes effect/,
    ],
    ['a value of another type', { tty: 'yes' }, /\.tty must be of the type boolean\./],
  ])('reports %s after one request', async (_, fields, text) => {
    const { apply } = await setUp()
    const web = pod('team/web:1')
    const mistaken = { ...web, spec: { containers: [{ name: 'web', image: 'team/web:1', ...fields }] } }
    expect(await errorTextOf(apply(mistaken))).toMatch(text)
    expect(server().journal.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  })

  it('names the verbs to grant', async () => {
    const { namespace, apply } = await setUp()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get'] })
    const work = apply(pod('team/web:1'), {}, connectTo(server(), { token }))
    expect(await errorTextOf(work)).toMatch(
      / 403 Forbidden: .*Grant the verbs get, create and patch on pods to the kubeconfig user/,
    )
  })

  it('reports a namespace that does not exist', async () => {
    const { apply } = await setUp()
    const misplaced = { ...pod('team/web:1'), metadata: { name: 'web', namespace: 'nowhere' } }
    expect(await errorTextOf(apply(misplaced))).toMatch(/ 404 NotFound: .*Create namespace nowhere first\.$/)
  })

  it('offers the namespaces that are near one that does not exist', async () => {
    const { apply, namespace } = await setUp()
    const misspelt = `${namespace}x`
    const misplaced = { ...pod('team/web:1'), metadata: { name: 'web', namespace: misspelt } }
    expect(await errorTextOf(apply(misplaced))).toMatch(
      new RegExp(`Create namespace ${misspelt} first\\. Namespaces of the cluster near "${misspelt}": "${namespace}"`),
    )
  })

  describe('an object that the API server does not find', () => {
    async function applyWithFault(needsManifest: boolean) {
      const { namespace } = await setUp()
      const cluster = connectTo(server())
      const placement = { objects: [], namespaces: [namespace], discover: createDiscovery(cluster, []) }
      const [placed] = await placeObject(pod('team/web:1'), placement)
      if (placed === undefined) return expect.fail('not placed')
      const when = { path: `${podsOf(namespace)}/web` }
      server().faults.add({ when, fault: { kind: 'status', status: 404 }, times: 1 })
      return await applyObject(cluster, { ...placed, needsManifest }, options)
    }

    it('is retried when it needs another object of the manifest', async () => {
      expect(await applyWithFault(true)).toMatchObject({ kind: 'Pod', name: 'web' })
    })

    it('is an error otherwise', async () => {
      await expect(applyWithFault(false)).rejects.toMatchObject({ code: 'cluster-not-found' })
    })
  })

  it.each([
    ['Namespace', { apiVersion: 'v1', kind: 'Namespace' }],
    [
      'ClusterRole',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      },
    ],
  ])('applies a cluster-scoped object that names a namespace: a %s', async (_, object) => {
    const { namespace, apply, get } = await setUp()
    const { path } = await apply({ ...object, metadata: { name: `${namespace}-own`, namespace } })
    expect((await get(path)).metadata).not.toHaveProperty('namespace')
    expect((await get(path)).kind).toBe(object.kind)
  })

  it('stores nothing in a dry run', async () => {
    const { apply, get } = await setUp()
    const { path } = await apply(pod('team/web:1'), { dryRun: true })
    expect((await get(path)).code).toBe(404)
  })
})
