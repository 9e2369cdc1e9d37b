import { load, loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { explain, Failure, manifestsOf } from '../../../src/core/errors.ts'
import { requireRights } from '../../../src/permissions/access-review.ts'
import { rightsNeeded } from '../../../src/permissions/required.ts'
import { rolesFor } from '../../../src/permissions/role.ts'
import type { Unusable, Usable } from '../../../src/pull-secret/targets.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const SECRETS = { resources: ['secrets'], verbs: ['get', 'create', 'patch'] }

describeServers((server) => {
  let logins = 0
  /** Targets that hold nothing, seen by a login of their own, which may do this in these of them. */
  async function targetsOf(count: number, granted: readonly number[] = []): Promise<Usable[]> {
    const login = `review-${++logins}`
    const token = await server().createToken(login)
    const cluster = connectTo(server(), { token })
    const namespaces = Array.from({ length: count }, (_, index) => `${login}-${index}`)
    await Promise.all(namespaces.map((name) => server().createNamespace(name)))
    for (const index of granted) await grant(server(), namespaces[index] ?? '', login, SECRETS)
    server().journal.length = 0
    return namespaces.map((namespace) => ({ cluster, namespace, stored: { kind: 'absent' } }))
  }
  const secret = { name: 'pull', labels: {}, annotations: {}, adopt: false, serviceAccounts: [] }
  const review = async (targets: readonly (Usable | Unusable)[]) =>
    requireRights(targets, await rightsNeeded(targets, { secret, deploy: undefined, dryRun: false }, undefined))
  const failuresIn = (targets: readonly (Usable | Unusable)[]) =>
    targets.map((target) => ('failure' in target ? target.failure : undefined))
  const reviews = () => server().journal.filter(({ path }) => path.endsWith('selfsubjectaccessreviews')).length

  it('tells one failure for all that lack the same, and leaves the others as they are', async () => {
    const targets = await targetsOf(4, [1])
    const reviewed = await review(targets)
    const [first, second, ...others] = failuresIn(reviewed)
    expect(reviewed[1]).toBe(targets[1])
    expect(second).toBeUndefined()
    expect(others).toEqual([first, first])
    expect(new Set(others)).toEqual(new Set([first]))
    const [one, , three, four] = targets.map(({ namespace }) => namespace)
    expect(explain(first)).toEqual([
      `The login of the cluster practice may not get, create and patch secrets in the namespaces ${one}, ${three}, ${four}. Check \`namespaces\`, or apply the Role that stands at the end of the log and in the job summary.`,
    ])
    const roles = loadAll(manifestsOf([first]).join('')) as { kind: string; metadata: object; rules: object }[]
    expect(roles).toEqual(
      [one, three, four].map((namespace) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'registry-pull-secret', namespace },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] }],
      })),
    )
  })

  it('names a few of many namespaces', async () => {
    const [failure] = failuresIn(await review(await targetsOf(23)))
    const [sentence] = explain(failure)
    expect(sentence).toMatch(/ in the namespaces (review-\S+, ){4}review-\S+ and 18 more\./)
    const [manifest = ''] = manifestsOf([failure])
    expect(manifest.match(/^kind: Role$/gm)).toHaveLength(20)
    expect(manifest).toMatch(/^# And the same in 3 more namespaces\.$/m)
  })

  it('asks once for many namespaces where the login may do it everywhere', async () => {
    const cluster = connectTo(server())
    const targets = (await targetsOf(9)).map((target) => ({ ...target, cluster }))
    expect(await review(targets)).toEqual(targets)
    expect(reviews()).toBe(3)
  })

  it('asks for what is missing only where the API server refused to read', async () => {
    const [denied, down] = await targetsOf(2)
    const lost = (target: Usable | undefined, failure: unknown) => ({ ...target, failure }) as unknown as Unusable
    const silent = lost(down, new Failure('silent'))
    expect(await review([silent])).toEqual([silent])
    expect(reviews()).toBe(0)
    const [, failure] = failuresIn(
      await review([silent, lost(denied, await denied?.cluster.request(refused(denied)).catch((error) => error))]),
    )
    expect(explain(failure)[0]).toContain('may not get, create and patch secrets')
  })

  it('binds the Role to the login where the API server tells who that is', async () => {
    const [target] = (await targetsOf(1)) as [Usable]
    const username = 'system:serviceaccount:ci:deployer'
    const body = JSON.stringify({ status: { userInfo: { username } } })
    const when = { path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' }
    server().faults.add({ when, times: 1, fault: { kind: 'status', status: 201, body } })
    const [manifest = ''] = manifestsOf(failuresIn(await review([target])))
    const [, binding] = loadAll(manifest)
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      metadata: { namespace: target.namespace },
      subjects: [{ kind: 'ServiceAccount', namespace: 'ci', name: 'deployer' }],
      roleRef: { kind: 'Role', name: 'registry-pull-secret' },
    })
  })

  it.each([{ kind: 'status', status: 403 } as const, { kind: 'reset-after' } as const, { kind: 'truncate' } as const])(
    'lets a login write that gets no answer: $kind',
    async (fault) => {
      const targets = await targetsOf(2)
      const when = { path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' }
      const planned = server().faults.add({ when, times: 99, fault })
      expect(await review(targets)).toEqual(targets)
      expect(planned.met).toBeGreaterThan(5)
      server().faults.clear()
    },
  )
})

function refused({ namespace }: Usable) {
  return { doing: 'read', path: `/api/v1/namespaces/${namespace}/secrets/pull` }
}

it('quotes what a server calls a user', () => {
  const manifest = rolesFor([], ['shop'], 'eve\n---\nkind: "x"')
  const [, binding] = loadAll(manifest) as { subjects: object[] }[]
  expect(binding?.subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve\n---\nkind: "x"' },
  ])
  expect(load(manifest.split('\n---\n')[0] ?? '')).toMatchObject({ kind: 'Role' })
})
