// A login with few rights: what it may do is done, and what is missing is told as a Role.
import { readFileSync } from 'node:fs'
import { load, loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { grant } from '../support/grant.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { expectOneError } from './failed-run.ts'
import { type Scene, tell } from './harness.ts'

const SECRETS = { resources: ['secrets'], verbs: ['get', 'create', 'patch'] }

/** A login of its own, which may write the secrets of the namespace of the scene. */
async function openLogin({ kube, namespace }: Scene) {
  const account = `login-${namespace}`
  const token = await kube.createToken(account)
  await grant(kube, namespace, account, SECRETS)
  return { account, kubeconfig: kube.kubeconfig({ token }) }
}

/** What the log says is missing, as objects. */
function manifestIn({ stdout }: StepResult): readonly Record<string, unknown>[] {
  const [, text = ''] = /^::group::Missing in the cluster, to be applied\n(.*?)^::endgroup::/ms.exec(stdout) ?? []
  return loadAll(text) as Record<string, unknown>[]
}

tell('a login with few rights', (openScene) => {
  it('writes two of three namespaces, names the missing rule of the third, and revokes nothing', async () => {
    await using scene = await openScene()
    const [second, third] = [await scene.createNamespace(), await scene.createNamespace()]
    const { account, kubeconfig } = await openLogin(scene)
    await grant(scene.kube, second, account, SECRETS)
    const namespaces = [scene.namespace, second, third].join()
    const { outputs } = await scene.run({ namespaces })

    const rotate = { namespaces, kubeconfig, 'max-age': '0' }
    const partial = await scene.run(rotate)

    expectOneError(scene, partial, [
      `may not get, create and patch secrets`,
      `in the namespace ${third}`,
      'apply the Role',
    ])
    expect(JSON.parse(partial.outputs.targets ?? '')).toMatchObject([
      { namespace: scene.namespace, result: 'updated' },
      { namespace: second, result: 'updated' },
      { namespace: third, result: 'failed', error: expect.stringContaining('may not get, create and patch secrets') },
    ])
    expect(partial.outputs.revoked).toBe('[]')
    expect(await scene.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
    expect(partial.summary).toContain(`namespace: ${third}`)

    // What is printed can be applied, and is enough.
    const [role, ...more] = manifestIn(partial)
    expect(more).toEqual([])
    await create(scene, `namespaces/${third}/roles`, role ?? {})
    await bind(scene, third, account)
    const whole = await scene.run(rotate)
    expect(whole.code).toBe(0)
    expect(JSON.parse(whole.outputs.revoked ?? '')).toContain(partial.outputs['token-id'])
  })

  it('of none at all mints nothing', async () => {
    await using scene = await openScene()
    const kubeconfig = scene.kube.kubeconfig({ token: await scene.kube.createToken(`none-${scene.namespace}`) })
    const result = await scene.run({ kubeconfig })
    expectOneError(scene, result, [`may not get, create and patch secrets in the namespace ${scene.namespace}`])
    expect(scene.requests(/^(?!kubernetes)/)).toEqual([])
  })

  it('that may not touch service accounts fails before it writes half of what was asked', async () => {
    await using scene = await openScene()
    const { kubeconfig } = await openLogin(scene)
    const result = await scene.run({ kubeconfig, 'service-accounts': 'default' })
    expectOneError(scene, result, ['may not get and patch serviceaccounts'])
    expect(manifestIn(result)).toMatchObject([
      {
        kind: 'Role',
        rules: [
          { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
          { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'patch'] },
        ],
      },
    ])
    expect(await scene.secret()).toBeUndefined()
    expect(scene.requests(/^(?!kubernetes)/)).toEqual([])
  })

  it('that may not deploy is told so before anything is minted', async () => {
    await using scene = await openScene()
    const { account, kubeconfig } = await openLogin(scene)
    const inputs = { kubeconfig, image: 'team/app:1', 'pod-name': 'web', 'wait-timeout': '0' }
    const result = await scene.run(inputs)
    expectOneError(scene, result, [`may not create and patch pods in the namespace ${scene.namespace}`])
    expect(scene.requests(/^(?!kubernetes)/)).toEqual([])
    const login = { kind: 'ServiceAccount', namespace: 'default', name: account }
    await grant(scene.kube, scene.namespace, 'pods', { resources: ['pods'], verbs: ['create', 'patch'] }, login)
    expect(await scene.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
  })

  it('is not asked what it may do when there is nothing to write', async () => {
    await using scene = await openScene()
    const { kubeconfig } = await openLogin(scene)
    await scene.run({ kubeconfig })
    expect(scene.requests(/accessreviews/)).toHaveLength(3)
    scene.forget()
    expect((await scene.run({ kubeconfig })).outputs.changed).toBe('false')
    expect(scene.requests(/^kubernetes (?!GET)/)).toEqual([])
  })

  it('may have Roles for this one secret alone', async () => {
    await using scene = await openScene()
    const account = `named-${scene.namespace}`
    const kubeconfig = scene.kube.kubeconfig({ token: await scene.kube.createToken(account) })
    await grant(scene.kube, scene.namespace, account, { ...SECRETS, resourceNames: ['regcred'] })
    expect(await scene.run({ kubeconfig })).toMatchObject({ code: 0, outputs: { changed: 'true' } })
  })
})

tell('the rights of the README', (openScene) => {
  const [role, clusterRole] = roles()

  it('are enough for one namespace and a Pod', async () => {
    await using scene = await openScene()
    const { namespace } = scene
    const account = `role-${namespace}`
    const kubeconfig = scene.kube.kubeconfig({ token: await scene.kube.createToken(account) })
    await create(scene, `namespaces/${namespace}/roles`, { ...role, metadata: { name: 'registry-pull-secret' } })
    await bind(scene, namespace, account)
    const result = await scene.run({ kubeconfig, image: 'team/app:1', 'pod-name': 'web' })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ result: 'ready' }])
  })

  it('are enough for globs and service accounts', async () => {
    await using scene = await openScene()
    const name = `cluster-${scene.namespace}`
    const kubeconfig = scene.kube.kubeconfig({ token: await scene.kube.createToken(name) })
    await create(scene, 'clusterroles', { ...clusterRole, metadata: { name } })
    await create(scene, 'clusterrolebindings', {
      metadata: { name },
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    })
    const result = await scene.run({ kubeconfig, namespaces: `${scene.namespace}*`, 'service-accounts': '*' })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
      { result: 'created', serviceAccounts: [{ name: 'default', result: 'updated' }] },
    ])
  })
})

/** The Role and the ClusterRole, as a reader copies them. */
function roles(): [object, object] {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n(apiVersion: rbac.*?)^```/gms)]
  return blocks.map(([, yaml]) => load(yaml ?? '')) as [object, object]
}

async function create({ kube }: Scene, path: string, object: object): Promise<void> {
  const { status } = await kube.request('POST', `/apis/rbac.authorization.k8s.io/v1/${path}`, object)
  if (status !== 201) throw new Error(`POST ${path}: ${status}`)
}

async function bind(scene: Scene, namespace: string, name: string): Promise<void> {
  await create(scene, `namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'bound-by-hand' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'registry-pull-secret' },
  })
}
