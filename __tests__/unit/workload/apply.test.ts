import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import type { KubernetesObject } from '../../../src/kubernetes/object.ts'
import type { ApplyOptions } from '../../../src/workload/apply.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { podManifest } from '../../../src/workload/pod-spec.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { podsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const options: ApplyOptions = { dryRun: false, recreatePods: false, signal: new AbortController().signal }

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
  async function scene() {
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

  async function complaint(work: Promise<unknown>): Promise<string> {
    const failure = await work.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    )
    return explain(failure).join('\n')
  }

  it('applies a Pod where it belongs', async () => {
    const { namespace, apply, get } = await scene()
    const path = `${podsOf(namespace)}/web`
    expect(await apply(pod('team/web:1'))).toMatchObject({ kind: 'Pod', name: 'web', namespace, path })
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
  ])('applies %s, twice alike', async (_, text, root, plural) => {
    const { namespace, apply, get } = await scene()
    const { path } = await apply(one(text))
    expect(path).toBe(`${root}/namespaces/${namespace}/${plural}/web`)
    const { resourceVersion, generation } = (await get(path)).metadata
    await apply(one(text))
    expect((await get(path)).metadata).toMatchObject({ resourceVersion, ...(generation && { generation }) })
  })

  it('applies to the namespace that the manifest names, and to none what has none', async () => {
    const { apply, get } = await scene()
    const { namespace } = await scene()
    const configMap = one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: ${namespace}}\n`)
    expect(await apply(configMap)).toMatchObject({ namespace })
    const name = `${namespace}-made`
    const made = await apply(one(`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`))
    expect(made).toMatchObject({ kind: 'Namespace', name, namespace: '', path: `/api/v1/namespaces/${name}` })
    expect((await get(made.path)).status.phase).toBe('Active')
  })

  it('wins over who had the field before, and leaves the fields of others', async () => {
    const { apply, get } = await scene()
    const configMap = (a: string) => one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: "${a}"}\n`)
    const { path } = await apply(configMap('1'))
    const type = { 'content-type': 'application/merge-patch+json' }
    await server().request('PATCH', `${path}?fieldManager=someone`, { data: { a: '2', b: '2' } }, type)
    await apply(configMap('3'))
    expect((await get(path)).data).toEqual({ a: '3', b: '2' })
  })

  it('changes the image of a Pod in place', async () => {
    const { apply, get } = await scene()
    const { path } = await apply(pod('team/web:1'))
    const { uid } = (await get(path)).metadata
    await apply(pod('team/web:2'))
    expect(await get(path)).toMatchObject({ metadata: { uid }, spec: { containers: [{ image: 'team/web:2' }] } })
  })

  describe('a change of a Pod that the server refuses', () => {
    it('is told with its cure', async () => {
      const { namespace, apply } = await scene()
      await apply(pod('team/web:1'))
      expect(await complaint(apply(pod('team/web:1', 'other')))).toMatch(
        new RegExp(
          `^Could not apply Pod ${namespace}/web in the cluster practice: PATCH .* answered 422 Invalid: .*pod updates may not.*set \`recreate-pods: true\`, or use a Deployment`,
        ),
      )
    })

    it('makes a new Pod on request', async () => {
      const { apply, get } = await scene()
      const { path } = await apply(pod('team/web:1'))
      // Nobody here ends its containers, so that a deletion with a time of grace would never end.
      const { uid } = (await get(path)).metadata
      const deleting = apply({ ...pod('team/web:1', 'other') }, { recreatePods: true })
      const kubelet = server().request('DELETE', `${path}?gracePeriodSeconds=0`, { preconditions: { uid } })
      await Promise.all([deleting, kubelet])
      const made = await get(path)
      expect(made.metadata.uid).not.toBe(uid)
      expect(made.spec.containers).toMatchObject([{ name: 'other' }])
    })

    it('is only told in a dry run', async () => {
      const { apply, get } = await scene()
      const { path } = await apply(pod('team/web:1'))
      const before = await get(path)
      const dry = apply(pod('team/web:1', 'other'), { recreatePods: true, dryRun: true })
      expect(await complaint(dry)).toMatch(/answered 422 Invalid/)
      expect(await get(path)).toEqual(before)
    })
  })

  it.each([
    ['kind', 'apiVersion: v1\nkind: Pot\nmetadata: {name: web}\n', 'Pot of v1'],
    ['group', 'apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: web}\n', 'Shop of example.com/v1'],
    ['kind, which is a part of another', 'apiVersion: v1\nkind: Eviction\nmetadata: {name: web}\n', 'Eviction of v1'],
  ])('says that the cluster has no such %s', async (_, text, what) => {
    const { apply } = await scene()
    expect(await complaint(apply(one(text)))).toBe(
      `Could not find the kind ${what} in the cluster practice: it has no such kind. Check \`apiVersion\` and \`kind\` in the manifest; for a custom resource its definition must be there first.`,
    )
  })

  it('says what the server does not like', async () => {
    const { apply } = await scene()
    const configMap = one('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, labels: {team: a b}}\n')
    expect(await complaint(apply(configMap))).toMatch(
      /^Could not apply ConfigMap apply-\d+\/web .* answered 422 Invalid: .*metadata\.labels.*Mend what the API server/,
    )
  })

  it('says which verbs to grant', async () => {
    const { namespace, apply } = await scene()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get'] })
    const work = apply(pod('team/web:1'), {}, connectTo(server(), { token }))
    expect(await complaint(work)).toMatch(
      / 403 Forbidden: .*Grant the verbs get, create and patch on pods to the login/,
    )
  })

  it('says that the namespace is missing', async () => {
    const { apply } = await scene()
    const homeless = { ...pod('team/web:1'), metadata: { name: 'web', namespace: 'nowhere' } }
    expect(await complaint(apply(homeless))).toMatch(/ 404 NotFound: .*Create the namespace nowhere first\.$/)
  })

  it('stores nothing in a dry run', async () => {
    const { apply, get } = await scene()
    const { path } = await apply(pod('team/web:1'), { dryRun: true })
    expect((await get(path)).code).toBe(404)
  })
})
