import { loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import type { Inputs } from '../../../src/inputs/inputs.ts'
import { checkPermissions } from '../../../src/permissions/access-review.ts'
import { type HeldCredential, permissionsNeeded } from '../../../src/permissions/required.ts'
import { type KnownAccounts, keyOfTarget, NO_ACCOUNTS } from '../../../src/pull-secret/known-accounts.ts'
import type { StoredSecret } from '../../../src/pull-secret/read.ts'
import { failedTarget, type ReadyTarget, type TargetState } from '../../../src/pull-secret/target.ts'
import { errorText, manifestsOf } from '../../../src/report/error-text.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { recordOf } from '../pull-secret/stored-record.ts'

const HELD = { tokenId: 'id-1' }
const SECRETS = { resources: ['secrets'], verbs: ['get', 'create', 'patch'] }

describeServers((server) => {
  let users = 0
  /** Targets that hold nothing, with a user of their own, who is granted SECRETS in some of them. */
  async function targetsOf(count: number, granted: readonly number[] = []): Promise<ReadyTarget[]> {
    const user = `review-${++users}`
    const token = await server().createToken(user)
    const cluster = connectTo(server(), { token })
    const namespaces = Array.from({ length: count }, (_, index) => `${user}-${index}`)
    await Promise.all(namespaces.map((name) => server().createNamespace(name)))
    for (const index of granted) await grant(server(), namespaces[index] ?? '', user, SECRETS)
    server().journal.length = 0
    return namespaces.map((namespace) => ({ cluster, namespace, status: 'ready', stored: { kind: 'absent' } }))
  }
  const owner = { repository: 'acme/shop', provider: 'dedicated', hosts: ['registry.example.com'] }
  interface Run extends Partial<HeldCredential>, Partial<Pick<Inputs, 'deploy'>> {
    readonly serviceAccounts?: readonly string[]
  }
  const review = async (targets: readonly TargetState[], run: Run = {}) => {
    const { tokenId, accounts = NO_ACCOUNTS, deploy, serviceAccounts = [] } = run
    const secret = { name: 'pull', labels: {}, annotations: {}, adopt: false, owner, serviceAccounts }
    const inputs = { secret, deploy, dryRun: false }
    return checkPermissions(targets, await permissionsNeeded(targets, inputs, { tokenId, accounts }))
  }
  const errorsOf = (targets: readonly TargetState[]) =>
    targets.map((target) => (target.status === 'failed' ? target.error : undefined))
  const present = (errors: readonly (ActionError | undefined)[]) => errors.filter((error) => error !== undefined)
  const reviews = () => server().journal.filter(({ path }) => path.endsWith('selfsubjectaccessreviews')).length

  it('reports one error for all targets that lack the same, and leaves the others as they are', async () => {
    const targets = await targetsOf(4, [1])
    const reviewed = await review(targets)
    const [first, second, ...others] = errorsOf(reviewed)
    expect(reviewed[1]).toBe(targets[1])
    expect(second).toBeUndefined()
    expect(others).toEqual([first, first])
    expect(new Set(others)).toEqual(new Set([first]))
    const [one, , three, four] = targets.map(({ namespace }) => namespace)
    expect(present([first]).map(errorText)).toEqual([
      `The kubeconfig user for cluster test is not allowed to get, create and patch secrets in namespaces ${one}, ${three}, ${four}. Check \`namespaces\`, or apply the Role at the end of the log and in the job summary.`,
    ])
    const roles = loadAll(manifestsOf(present([first])).join('')) as { kind: string; metadata: object; rules: object }[]
    expect(roles).toEqual(
      [one, three, four].map((namespace) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: expect.stringMatching(/^registry-pull-secret-[0-9a-f]{8}$/), namespace },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] }],
      })),
    )
  })

  it.each([
    ['input', 'create namespaces, and get, create and patch secrets'],
    ['manifest', 'create and patch namespaces, and get, create and patch secrets'],
  ] as const)('includes to create a namespace that is named by the %s', async (namespaceToCreate, verbs) => {
    const [target] = (await targetsOf(1)) as [ReadyTarget]
    const [error] = errorsOf(await review([{ ...target, namespaceToCreate }]))
    expect(error?.message).toContain(`is not allowed to ${verbs} in namespace ${target.namespace}`)
    // A Role cannot be applied in a namespace that does not exist, and cannot grant to create one.
    const manifest = loadAll(manifestsOf(present([error])).join('')) as { kind: string; rules?: object }[]
    expect(manifest).toMatchObject([
      { kind: 'Namespace', metadata: { name: target.namespace } },
      { kind: 'Role', rules: [{ resources: ['secrets'] }] },
    ])
  })

  it('says which namespaces may have to be created first', async () => {
    const [one, other] = (await targetsOf(2)) as [ReadyTarget, ReadyTarget]
    const [error] = errorsOf(await review([{ ...one, isNamespaceUnknown: true }, other]))
    expect(present([error]).map(errorText).join()).toContain(
      `The user is not allowed to read whether namespace ${one.namespace} exists: create what is missing first.`,
    )
    const [manifest = ''] = manifestsOf(present([error]))
    expect(manifest).toContain(`kubectl create namespace ${one.namespace}\n`)
    expect(manifest).not.toContain(`create namespace ${other.namespace}`)
  })

  /** A target that holds the credential, with a user who may do nothing. */
  async function holder(): Promise<ReadyTarget> {
    const [target] = (await targetsOf(1)) as [ReadyTarget]
    return { ...target, stored: { kind: 'present', records: [recordOf(HELD)] } as unknown as StoredSecret }
  }
  const deploy = {
    objects: parseManifest('{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}', 'the manifest'),
    waitTimeoutMs: 0,
    recreate: [],
  }
  const known = (target: TargetState, secrets: Readonly<Record<string, string>>): KnownAccounts => {
    const accounts = Object.entries(secrets).map(([name, secret]) => {
      return [name, { resourceVersion: '1', imagePullSecrets: [{ name: secret }] }] as const
    })
    return new Map([[keyOfTarget(target), new Map(accounts)]])
  }

  it('prints a Role with all that runs with these inputs need, also what this run has done already', async () => {
    const target = await holder()
    const attached = { ...HELD, serviceAccounts: ['default'], accounts: known(target, { default: 'pull' }) }
    const [error] = errorsOf(await review([target], { ...attached, deploy }))
    expect(error?.message).toContain('is not allowed to create and patch configmaps in')
    expect(loadAll(manifestsOf(present([error])).join(''))).toMatchObject([
      {
        kind: 'Role',
        rules: [
          { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
          { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'patch'] },
          { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch', 'get'] },
        ],
      },
    ])
  })

  it.each<[string, readonly string[], Readonly<Record<string, string>> | undefined, string | undefined]>([
    ['nothing when they have the secret', ['default'], { default: 'pull' }, undefined],
    ['nothing when all have the secret', ['*'], { default: 'pull', builder: 'pull' }, undefined],
    ['patch when one lacks the secret', ['default', 'builder'], { default: 'pull', builder: 'theirs' }, 'patch'],
    ['patch when one of all lacks the secret', ['*'], { default: 'pull', builder: 'theirs' }, 'patch'],
    ['patch when one does not exist', ['builder'], {}, 'patch'],
    ['all when they could not be read', ['default'], undefined, 'get and patch'],
    ['all when they could not be listed', ['*'], undefined, 'get, list and patch'],
  ])('of a target that holds the credential checks for the service accounts %s', async (_, names, secrets, verbs) => {
    const target = await holder()
    const accounts = secrets === undefined ? NO_ACCOUNTS : known(target, secrets)
    const [error] = errorsOf(await review([target], { ...HELD, serviceAccounts: names, accounts }))
    if (verbs === undefined) {
      expect(error).toBeUndefined()
      expect(reviews()).toBe(0)
    } else expect(error?.message).toContain(`is not allowed to ${verbs} serviceaccounts in`)
  })

  it('names a few of many namespaces', async () => {
    const errors = present(errorsOf(await review(await targetsOf(23))))
    expect(errors.map(({ message }) => message)[0]).toMatch(/ in namespaces (review-\S+, ){4}review-\S+ and 18 more$/)
    const [manifest = '', ...more] = manifestsOf(errors)
    expect(more).toEqual([])
    expect(manifest.match(/^kind: Role$/gm)).toHaveLength(20)
    expect(manifest).toMatch(/^# The same in 3 more namespaces\.$/m)
  })

  it('asks once for many namespaces when the user is allowed everywhere', async () => {
    const cluster = connectTo(server())
    const targets = (await targetsOf(9)).map((target) => ({ ...target, cluster }))
    expect(await review(targets)).toEqual(targets)
    expect(reviews()).toBe(3)
  })

  it('checks a failed target only when the API server refused the read', async () => {
    const [denied, down] = await targetsOf(2)
    if (denied === undefined || down === undefined) return expect.fail('two targets are needed')
    const silent = failedTarget(down, new ActionError('cluster-unreachable', 'silent'))
    expect(await review([silent])).toEqual([silent])
    expect(reviews()).toBe(0)
    const forbidden = await denied.cluster.request(readOf(denied)).catch((error: unknown) => error)
    const [, error] = errorsOf(await review([silent, failedTarget(denied, forbidden)]))
    expect(error?.message).toContain('is not allowed to get, create and patch secrets')
  })

  it('binds the Role to the user when the API server returns their name', async () => {
    const [target] = (await targetsOf(1)) as [ReadyTarget]
    const username = 'system:serviceaccount:ci:deployer'
    const body = JSON.stringify({ status: { userInfo: { username } } })
    const when = { path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' }
    server().faults.add({ when, times: 1, fault: { kind: 'status', status: 201, body } })
    const [manifest = ''] = manifestsOf(present(errorsOf(await review([target]))))
    const name = expect.stringMatching(/^registry-pull-secret-ci-deployer-[0-9a-f]{8}$/)
    expect(loadAll(manifest)).toMatchObject([
      { kind: 'Role', metadata: { name, namespace: target.namespace } },
      {
        kind: 'RoleBinding',
        metadata: { name, namespace: target.namespace },
        subjects: [{ kind: 'ServiceAccount', namespace: 'ci', name: 'deployer' }],
        roleRef: { kind: 'Role', name },
      },
    ])
  })

  it.each([{ kind: 'status', status: 403 } as const, { kind: 'reset-after' } as const, { kind: 'truncate' } as const])(
    'leaves the decision to the write when the review gets no conclusive response: $kind',
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

function readOf({ namespace }: ReadyTarget) {
  return { operation: 'read', path: `/api/v1/namespaces/${namespace}/secrets/pull` }
}
