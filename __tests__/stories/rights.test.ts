// A login with few rights: what it may do is done, and what is missing is told as a Role.
import { loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { grant } from '../cluster/grant.ts'
import type { StepResult } from '../servers/runner.ts'
import { expectOneError } from './failed-run.ts'
import { type Scene, tell } from './scene.ts'

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
    const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${third}/roles`
    expect(await scene.kube.request('POST', roles, role)).toMatchObject({ status: 201 })
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

async function bind({ kube }: Scene, namespace: string, name: string): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`
  const { status } = await kube.request('POST', path, {
    metadata: { name: 'bound-by-hand' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'registry-pull-secret' },
  })
  if (status !== 201) throw new Error(`POST ${path}: ${status}`)
}
