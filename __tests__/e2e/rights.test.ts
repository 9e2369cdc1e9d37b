// A user with few permissions: the run does what is allowed, and prints a Role for the rest.
import { loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { nameOf } from '../../src/kubernetes/object.ts'
import { loginFor } from '../support/docker-config.ts'
import { grant } from '../support/grant.ts'
import { noDedicatedInputs } from '../support/ibm/inputs.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios, type Scenario } from './harness.ts'

const SECRETS = { resources: ['secrets'], verbs: ['get', 'create', 'patch'] }

/** A new user who is allowed to write secrets in the namespace of the scenario. */
async function createUser({ kube, namespace }: Scenario) {
  const account = `user-${namespace}`
  const token = await kube.createToken(account)
  await grant(kube, namespace, account, SECRETS)
  return { account, kubeconfig: kube.kubeconfig({ token }) }
}

/** The objects of the manifest in the log. */
function manifestIn({ stdout }: StepResult): readonly Record<string, unknown>[] {
  const [, text = ''] = /^::group::Missing in the cluster, to be applied\n(.*?)^::endgroup::/ms.exec(stdout) ?? []
  return loadAll(text) as Record<string, unknown>[]
}

describeScenarios(
  'a user with few permissions',
  (openScenario) => {
    it('writes two of three namespaces, gets the missing rule of the third, and revokes nothing', async () => {
      await using scenario = await openScenario()
      const [second, third] = [await scenario.createNamespace(), await scenario.createNamespace()]
      const { account, kubeconfig } = await createUser(scenario)
      await grant(scenario.kube, second, account, SECRETS)
      const namespaces = [scenario.namespace, second, third].join()
      const { outputs } = await scenario.run({ namespaces })

      const rotate = { namespaces, kubeconfig, 'max-age': '0' }
      const partial = await scenario.run(rotate)

      expectOneError(partial, [
        'is not allowed to get, create and patch secrets',
        `in namespace ${third}`,
        'apply the Role',
      ])
      expect(JSON.parse(partial.outputs.targets ?? '')).toMatchObject([
        { namespace: scenario.namespace, result: 'updated' },
        { namespace: second, result: 'updated' },
        {
          namespace: third,
          result: 'failed',
          error: expect.stringContaining('is not allowed to get, create and patch secrets'),
        },
      ])
      expect(partial.outputs.revoked).toBe('[]')
      expect(await scenario.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
      expect(partial.summary).toContain(`namespace: ${third}`)

      // The printed Role can be applied, and is sufficient.
      const [role, ...more] = manifestIn(partial)
      expect(more).toEqual([])
      await create(scenario, `namespaces/${third}/roles`, role ?? {})
      await bind(scenario, third, { account, role: nameOf(role ?? {}) })
      const whole = await scenario.run(rotate)
      expect(whole.code).toBe(0)
      expect(JSON.parse(whole.outputs.revoked ?? '')).toContain(partial.outputs['token-id'])
    })

    it('without any permission mints nothing', async () => {
      await using scenario = await openScenario()
      const kubeconfig = scenario.kube.kubeconfig({
        token: await scenario.kube.createToken(`none-${scenario.namespace}`),
      })
      const result = await scenario.run({ kubeconfig })
      expectOneError(result, [`is not allowed to get, create and patch secrets in namespace ${scenario.namespace}`])
      expect(scenario.requests(/^(?!kubernetes)/)).toEqual([])
    })

    it('who is not allowed to patch service accounts fails before anything is written', async () => {
      await using scenario = await openScenario()
      const { kubeconfig } = await createUser(scenario)
      const result = await scenario.run({ kubeconfig, 'service-accounts': 'default' })
      expectOneError(result, ['is not allowed to get and patch serviceaccounts'])
      expect(manifestIn(result)).toMatchObject([
        {
          kind: 'Role',
          rules: [
            { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
            { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'patch'] },
          ],
        },
      ])
      expect(await scenario.secret()).toBeUndefined()
      expect(scenario.requests(/^(?!kubernetes)/)).toEqual([])
    })

    it('who is not allowed to deploy fails before anything is minted', async () => {
      await using scenario = await openScenario()
      const { account, kubeconfig } = await createUser(scenario)
      const inputs = { kubeconfig, image: 'team/app:1', 'pod-name': 'web', 'wait-timeout': '0' }
      const result = await scenario.run(inputs)
      expectOneError(result, [`is not allowed to create and patch pods in namespace ${scenario.namespace}`])
      expect(scenario.requests(/^(?!kubernetes)/)).toEqual([])
      const user = { kind: 'ServiceAccount', namespace: 'default', name: account }
      await grant(scenario.kube, scenario.namespace, 'pods', { resources: ['pods'], verbs: ['create', 'patch'] }, user)
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    })

    it('fails before anything is written when service accounts are added in a run that reuses the token', async () => {
      await using scenario = await openScenario()
      const { kubeconfig } = await createUser(scenario)
      await scenario.run({ kubeconfig })
      for (const accounts of ['default', '*']) {
        scenario.forget()
        const result = await scenario.run({ kubeconfig, 'service-accounts': accounts })
        expectOneError(result, ['is not allowed to get', 'patch serviceaccounts'])
        expect(manifestIn(result)).toMatchObject([
          {
            rules: [{ resources: ['secrets'], verbs: ['get', 'create', 'patch'] }, { resources: ['serviceaccounts'] }],
          },
        ])
        expect(scenario.requests(/^(tokens|kubernetes) (POST|PATCH|PUT|DELETE) (?!\S+reviews$)/)).toEqual([])
      }
    })

    it('reads service accounts that have the secret once, and needs no access review', async () => {
      await using scenario = await openScenario()
      const { account, kubeconfig } = await createUser(scenario)
      const rule = { resources: ['serviceaccounts'], verbs: ['get', 'patch'] }
      const subject = { kind: 'ServiceAccount', namespace: 'default', name: account }
      await grant(scenario.kube, scenario.namespace, 'accounts', rule, subject)
      const inputs = { kubeconfig, 'service-accounts': 'default' }
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'true' } })
      scenario.forget()
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, outputs: { changed: 'false' } })
      expect(scenario.requests(/^kubernetes .*serviceaccounts/)).toHaveLength(1)
      expect(scenario.requests(/^kubernetes (?!GET)/)).toEqual([])
    })

    it('needs no access review when there is nothing to write', async () => {
      await using scenario = await openScenario()
      const { kubeconfig } = await createUser(scenario)
      await scenario.run({ kubeconfig })
      expect(scenario.requests(/accessreviews/)).toHaveLength(3)
      scenario.forget()
      expect((await scenario.run({ kubeconfig })).outputs.changed).toBe('false')
      expect(scenario.requests(/^kubernetes (?!GET)/)).toEqual([])
    })

    it('can have a Role for this one secret only', async () => {
      await using scenario = await openScenario()
      const account = `named-${scenario.namespace}`
      const kubeconfig = scenario.kube.kubeconfig({ token: await scenario.kube.createToken(account) })
      await grant(scenario.kube, scenario.namespace, account, { ...SECRETS, resourceNames: ['regcred'] })
      expect(await scenario.run({ kubeconfig })).toMatchObject({ code: 0, outputs: { changed: 'true' } })
    })

    it('can copy another pull secret when a Role allows to get that one, as the hint of the error says', async () => {
      await using scenario = await openScenario()
      const { account, kubeconfig } = await createUser(scenario)
      const source = await scenario.createNamespace()
      const auths = { [scenario.ibm.registryHost]: { username: 'token', password: scenario.ibm.mintToken().value } }
      for (const name of ['all-icr-io', 'another']) {
        const { status } = await scenario.kube.request('POST', `/api/v1/namespaces/${source}/secrets`, {
          metadata: { name },
          type: 'kubernetes.io/dockerconfigjson',
          data: { '.dockerconfigjson': btoa(JSON.stringify({ auths })) },
        })
        expect(status).toBe(201)
      }
      const inputs = {
        ...noDedicatedInputs(scenario.ibm),
        provider: 'docker-config',
        'docker-config-secret': `${source}/all-icr-io`,
        kubeconfig,
      }

      const refused = await scenario.run(inputs)
      expectOneError(refused, [`Could not read the secret ${source}/all-icr-io`, `a Role in namespace ${source}`])
      expect(scenario.requests(/^(?!kubernetes GET)/)).toEqual([])

      const [, resources = '', resourceNames = '', verbs = ''] =
        /`resources: \[(.+?)\]`, `resourceNames: \[(.+?)\]`, `verbs: \[(.+?)\]`/.exec(
          refused.annotations[0]?.message ?? '',
        ) ?? []
      const rule = { resources: [resources], resourceNames: [resourceNames], verbs: [verbs] }
      await grant(scenario.kube, source, account, rule)
      expect(await scenario.run(inputs)).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'true' } })
      expect(loginFor(await scenario.secret(), scenario.ibm.registryHost)).toMatchObject({ username: 'token' })

      const another = await scenario.run({ ...inputs, 'docker-config-secret': `${source}/another` })
      expectOneError(another, [`Could not read the secret ${source}/another`])
    })
  },
  { onlyOnReal: true },
)

async function create({ kube }: Scenario, path: string, object: object): Promise<void> {
  const { status } = await kube.request('POST', `/apis/rbac.authorization.k8s.io/v1/${path}`, object)
  if (status !== 201) throw new Error(`POST ${path}: ${status}`)
}

async function bind(
  scenario: Scenario,
  namespace: string,
  { account, role }: { readonly account: string; readonly role: string },
): Promise<void> {
  await create(scenario, `namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'bound-by-hand' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: account }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
  })
}
