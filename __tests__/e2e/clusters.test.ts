// Two clusters in one run, and one that is dropped or down.
import { describe, expect, it } from 'vitest'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { type KubeconfigEntry, kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import { startPathProxy, startTunnel } from '../support/kubernetes/proxy.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { tokenIdOf } from '../support/records.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

/** A context of the administrator. */
function entry(context: string, { url, certificateAuthority, adminToken }: KubernetesServer): KubeconfigEntry {
  return { context, server: url, certificateAuthority, user: { token: adminToken } }
}

/** A second cluster with a namespace of the same name. */
async function openSecond({ kube, namespace }: Scenario) {
  const second = await startFakeApiServer()
  await second.createNamespace(namespace)
  return {
    server: second,
    kubeconfig: kubeconfig([entry('one', kube), entry('two', second)]),
    async held() {
      const { body } = await second.request('GET', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`)
      return tokenIdOf(body)
    },
    faults: second.faults,
    [Symbol.asyncDispose]: () => second[Symbol.asyncDispose](),
  }
}

describeScenarios(
  'several clusters',
  (openScenario) => {
    describe('two clusters', () => {
      it('get the same token, and it stays valid in a cluster that is no longer listed', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const inputs = { kubeconfig: second.kubeconfig }

        const both = await scenario.run({ ...inputs, contexts: 'one,two' })
        expect(both.outputs).toMatchObject({ minted: 'true', changed: 'true' })
        expect(await second.held()).toBe(both.outputs['token-id'])

        const dropped = await scenario.run({ ...inputs, contexts: 'one', 'max-age': '0' })
        expect(dropped.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${both.outputs['token-id']}"]` })
        expect(await scenario.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)

        // Later rotations do not treat it as a leftover.
        await scenario.run({ ...inputs, contexts: 'one', 'max-age': '0' })
        expect(await scenario.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)
        expect(scenario.ibm.liveTokens()).toHaveLength(2)
      })

      it('have a token each when a job each rotates them, and the common one stays until it is revoked by hand', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const rotate = (contexts: string) => scenario.run({ kubeconfig: second.kubeconfig, contexts, 'max-age': '0' })
        const { outputs: common } = await rotate('one,two')
        const id = common['token-id']

        const [one, two] = [await rotate('one'), await rotate('two')]

        for (const { code, outputs } of [one, two])
          expect({ code, unrevoked: JSON.parse(outputs.unrevoked ?? '') }).toEqual({ code: 0, unrevoked: [id] })
        // At the same time, each replaces its own token.
        const [again, alsoAgain] = await Promise.all([rotate('one'), rotate('two')])
        expect(JSON.parse(again.outputs.revoked ?? '')).toEqual([one.outputs['token-id']])
        expect(JSON.parse(alsoAgain.outputs.revoked ?? '')).toEqual([two.outputs['token-id']])
        expect(tokenIdOf(await scenario.secret())).toBe(again.outputs['token-id'])
        expect(await second.held()).toBe(alsoAgain.outputs['token-id'])
        expect(scenario.ibm.liveTokens()).toHaveLength(3)
      })

      it('get a new token when one is added, because rotations of the first one could revoke the old one', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const inputs = { kubeconfig: second.kubeconfig }
        const alone = await scenario.run({ ...inputs, contexts: 'one' })

        const both = await scenario.run({ ...inputs, contexts: 'one,two' })
        expect(both.outputs).toMatchObject({ minted: 'true', revoked: `["${alone.outputs['token-id']}"]` })

        // Nothing in the first cluster records the second one any more.
        const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
        await scenario.kube.request('DELETE', path)
        await scenario.run({ ...inputs, contexts: 'one' })
        expect(await second.held()).toBe(both.outputs['token-id'])
        expect(await scenario.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)
      })

      it('do not stop each other: the reachable one is written, the error names the other, and nothing is revoked', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const inputs = { kubeconfig: second.kubeconfig, contexts: '*', 'max-age': '0' }
        const before = await scenario.run(inputs)
        second.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault: { kind: 'status', status: 503 } })

        const after = await scenario.run(inputs)

        expect(after.code).toBe(1)
        expect(after.annotations).toMatchObject([
          {
            level: 'warning',
            message: expect.stringMatching(
              `${before.outputs['token-id']} .Namespace .* in cluster two .* may still use it`,
            ),
          },
          { level: 'error', message: expect.stringContaining('cluster two') },
        ])
        const results = JSON.parse(after.outputs.targets ?? '')
        expect(results).toMatchObject([
          { cluster: 'one', result: 'updated' },
          { cluster: 'two', result: 'failed' },
        ])
        expect(await scenario.ibm.pullsWith('token', before.outputs.token ?? '')).toBe(200)
      })

      it('keep their token while one of them is down, and both get the next one', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const inputs = { kubeconfig: second.kubeconfig, contexts: '*' }
        const before = await scenario.run(inputs)
        second.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault: { kind: 'status', status: 503 } })

        const down = await scenario.run(inputs)
        expect(down).toMatchObject({ code: 1, outputs: { minted: 'false', 'token-id': before.outputs['token-id'] } })
        const rotatedAlone = await scenario.run({ ...inputs, 'max-age': '0' })
        expect(rotatedAlone).toMatchObject({ code: 1, outputs: { minted: 'true' } })

        second.faults.clear()
        const after = await scenario.run(inputs)
        expect(after).toMatchObject({ code: 0, outputs: { minted: 'false', unrevoked: '[]' } })
        expect(await second.held()).toBe(rotatedAlone.outputs['token-id'])
      })
    })

    describe('clusters behind one address', () => {
      it('are two targets when only the path distinguishes them', async () => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        await using proxy = await startPathProxy({ one: scenario.kube, two: second.server })
        const at = (name: string) => ({
          server: `${proxy.url}/${name}`,
          certificateAuthority: proxy.certificateAuthority,
        })
        const one = { ...entry('one', scenario.kube), ...at('one') }
        const two = { ...entry('two', second.server), ...at('two') }

        const result = await scenario.run({ kubeconfig: kubeconfig([one, two]), contexts: 'one,two' })

        expect(result).toMatchObject({ code: 0, annotations: [] })
        expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
          { cluster: 'one', result: 'created' },
          { cluster: 'two', result: 'created' },
        ])
        expect(await second.held()).toBe(result.outputs['token-id'])
      })

      it.each([
        ['to an administrator, who may read the uids', false],
        ['to a user who may not read them', true],
      ])('of a tunnel do not revoke the tokens of each other: known %s', async (_, isRestricted) => {
        await using scenario = await openScenario()
        await using second = await openSecond(scenario)
        const { kube } = scenario
        await using tunnel = await startTunnel(kube, second.server)
        const tokenOf = async (server: typeof kube) =>
          isRestricted ? await createSecretUser(server, scenario.namespace) : server.adminToken
        const through = async (server: typeof kube) => {
          tunnel.leadTo(server)
          const { url, certificateAuthority } = tunnel
          const user = { token: await tokenOf(server) }
          return { kubeconfig: kubeconfig([{ context: 'tunnel', server: url, certificateAuthority, user }]) }
        }
        const first = await scenario.run(await through(kube))

        const other = await scenario.run(await through(second.server))

        expect(other).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]' } })
        expect(await scenario.ibm.pullsWith('token', first.outputs.token ?? '')).toBe(200)
      })
    })

    describe('one cluster', () => {
      it('at two addresses is one set of targets', async () => {
        await using scenario = await openScenario()
        const { kube, namespace } = scenario
        const userName = 'deployer'
        const one = { ...entry('one', kube), userName }
        const two = { ...entry('two', kube), userName, server: kube.url.replace('127.0.0.1', 'localhost') }
        const inputs = { kubeconfig: kubeconfig([one, two]), contexts: 'one,two' }

        const result = await scenario.run(inputs)

        expect(result).toMatchObject({ code: 0, annotations: [] })
        expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([
          { cluster: 'one', namespace, result: 'created' },
        ])
        expect(scenario.requests(/^kubernetes PATCH/)).toHaveLength(1)
        // A run for one of the addresses has the same scope: it rotates and revokes the token.
        const alone = await scenario.run({ ...inputs, contexts: 'two', 'max-age': '0' })
        expect(alone.outputs).toMatchObject({ revoked: `["${result.outputs['token-id']}"]`, unrevoked: '[]' })
      })

      it('with two users is an error that names both contexts, before anything is minted', async () => {
        await using scenario = await openScenario()
        const { kube } = scenario
        const inputs = { kubeconfig: kubeconfig([entry('one', kube), entry('two', kube)]), contexts: 'one,two' }

        const result = await scenario.run(inputs)

        expectOneError(result, ['Contexts one and two are the same cluster with different users', 'List one of them'])
        expect(scenario.requests(/^(?!kubernetes GET)/)).toEqual([])
        expect(await scenario.post(result)).toMatchObject({ code: 0 })
      })

      it('is rotated by a user who may not read its uid; at an address of this machine no leftovers are revoked', async () => {
        await using scenario = await openScenario()
        const token = await createSecretUser(scenario.kube, scenario.namespace)
        const inputs = { kubeconfig: scenario.kube.kubeconfig({ token }) }
        const first = await scenario.run(inputs)
        expect(first).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
        const [minted] = scenario.ibm.tokens()
        const leftover = scenario.ibm.mintToken({ description: minted?.description ?? '' })
        expect((await scenario.run(inputs)).outputs).toMatchObject({ minted: 'false', changed: 'false' })

        const rotated = await scenario.run({ ...inputs, 'max-age': '0' })

        expect(rotated).toMatchObject({ code: 0, outputs: { revoked: `["${first.outputs['token-id']}"]` } })
        expect(scenario.ibm.liveTokens().map(({ id }) => id)).toContain(leftover.id)

        // The same leftover of an administrator, who can read the uid, is revoked.
        const known = await scenario.run({ 'max-age': '0' })
        expect(known).toMatchObject({ code: 0 })
        const own = scenario.ibm.tokens().find(({ id }) => id === known.outputs['token-id'])
        const second = scenario.ibm.mintToken({ description: own?.description ?? '' })
        const last = await scenario.run({ 'max-age': '0' })
        expect(JSON.parse(last.outputs.revoked ?? '')).toContain(second.id)
      })
    })
  },
  { isLong: true },
)

/** A user who may read and write all secrets, and read no namespace. */
async function createSecretUser(server: Scenario['kube'], name: string): Promise<string> {
  const token = await server.createToken(name)
  const path = '/apis/rbac.authorization.k8s.io/v1'
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'patch'] }]
  const subjects = [{ kind: 'ServiceAccount', namespace: 'default', name }]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }
  await server.request('POST', `${path}/clusterroles`, { metadata: { name }, rules })
  await server.request('POST', `${path}/clusterrolebindings`, { metadata: { name }, subjects, roleRef })
  return token
}
