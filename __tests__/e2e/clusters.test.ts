// Two clusters in one run, and one that is dropped or down.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios, type Scenario, SECRET } from './harness.ts'

/** A second cluster with a namespace of the same name. */
async function openSecond({ kube, namespace }: Scenario) {
  const second = await startFakeApiServer()
  await second.createNamespace(namespace)
  const entry = (context: string, { url, certificateAuthority, adminToken }: typeof second) => ({
    context,
    server: url,
    certificateAuthority,
    user: { token: adminToken },
  })
  return {
    kubeconfig: kubeconfig([entry('one', kube), entry('two', second)]),
    async held() {
      const { body } = await second.request('GET', `/api/v1/namespaces/${namespace}/secrets/${SECRET}`)
      return body.metadata.annotations['registry-pull-secret/token-id']
    },
    faults: second.faults,
    [Symbol.asyncDispose]: () => second[Symbol.asyncDispose](),
  }
}

describeScenarios('two clusters', (openScenario) => {
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
    expect(after.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('cluster two') }])
    const results = JSON.parse(after.outputs.targets ?? '')
    expect(results).toMatchObject([
      { cluster: 'one', result: 'updated' },
      { cluster: 'two', result: 'failed' },
    ])
    expect(await scenario.ibm.pullsWith('token', before.outputs.token ?? '')).toBe(200)
  })

  it('whose login command hangs end with the `timeout` of the run', async () => {
    await using scenario = await openScenario()
    using folder = mkdtempDisposableSync(join(tmpdir(), 'plugin-'))
    const command = join(folder.path, 'login')
    writeFileSync(command, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const config = load(scenario.kube.kubeconfig()) as { users: [{ user: object }] }
    config.users[0].user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } }

    const result = await scenario.run({ kubeconfig: dump(config), timeout: '10s' })

    expectOneError(scenario, result, [`with \`${command}\`: the run took longer than its \`timeout\` of 10 s`])
    expect(await scenario.post(result)).toMatchObject({ code: 0 })
  })
})
