// Two clusters in one run, and what becomes of one that is dropped or down.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { startStandIn } from '../support/kubernetes/fake-api-server.ts'
import { kubeconfig } from '../support/kubernetes/kubeconfig.ts'
import { expectOneError } from './failed-run.ts'
import { type Scene, SECRET, tell } from './harness.ts'

/** A second cluster beside the scene's, with a namespace of the same name. */
async function openSecond({ kube, namespace }: Scene) {
  const second = await startStandIn()
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

tell('two clusters', (openScene) => {
  it('get the same token, and a dropped one keeps it', async () => {
    await using scene = await openScene()
    await using second = await openSecond(scene)
    const inputs = { kubeconfig: second.kubeconfig }

    const both = await scene.run({ ...inputs, contexts: 'one,two' })
    expect(both.outputs).toMatchObject({ minted: 'true', changed: 'true' })
    expect(await second.held()).toBe(both.outputs['token-id'])

    const dropped = await scene.run({ ...inputs, contexts: 'one', 'max-age': '0' })
    expect(dropped.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${both.outputs['token-id']}"]` })
    expect(await scene.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)

    // Nor do later rotations take it for a leftover.
    await scene.run({ ...inputs, contexts: 'one', 'max-age': '0' })
    expect(await scene.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)
    expect(scene.ibm.liveTokens()).toHaveLength(2)
  })

  it('that come later get a new token, so that no rotation of the first ones alone can take it from them', async () => {
    await using scene = await openScene()
    await using second = await openSecond(scene)
    const inputs = { kubeconfig: second.kubeconfig }
    const alone = await scene.run({ ...inputs, contexts: 'one' })

    const both = await scene.run({ ...inputs, contexts: 'one,two' })
    expect(both.outputs).toMatchObject({ minted: 'true', revoked: `["${alone.outputs['token-id']}"]` })

    // Nobody in the first cluster knows of the second one any more.
    const path = `/api/v1/namespaces/${scene.namespace}/secrets/${SECRET}`
    await scene.kube.request('DELETE', path)
    await scene.run({ ...inputs, contexts: 'one' })
    expect(await second.held()).toBe(both.outputs['token-id'])
    expect(await scene.ibm.pullsWith('token', both.outputs.token ?? '')).toBe(200)
  })

  it('do not stop each other: what is up is written, the step fails by name, and nothing is revoked', async () => {
    await using scene = await openScene()
    await using second = await openSecond(scene)
    const inputs = { kubeconfig: second.kubeconfig, contexts: '*', 'max-age': '0' }
    const before = await scene.run(inputs)
    second.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault: { kind: 'status', status: 503 } })

    const after = await scene.run(inputs)

    expect(after.code).toBe(1)
    expect(after.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('cluster two') }])
    const results = JSON.parse(after.outputs.targets ?? '')
    expect(results).toMatchObject([
      { cluster: 'one', result: 'updated' },
      { cluster: 'two', result: 'failed' },
    ])
    expect(await scene.ibm.pullsWith('token', before.outputs.token ?? '')).toBe(200)
  })

  it('whose login command hangs do not outlast the run, nor its post step', async () => {
    await using scene = await openScene()
    using folder = mkdtempDisposableSync(join(tmpdir(), 'plugin-'))
    const command = join(folder.path, 'login')
    writeFileSync(command, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const config = load(scene.kube.kubeconfig()) as { users: [{ user: object }] }
    config.users[0].user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } }

    const result = await scene.run({ kubeconfig: dump(config), timeout: '2s' })

    expectOneError(scene, result, [`by \`${command}\`: the run took longer than its \`timeout\` of 2 s`])
    expect(await scene.post(result)).toMatchObject({ code: 0 })
  })
})
