import { expect, it } from 'vitest'
import { describePullSecrets } from '../../../src/pull-secret/inventory.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { base64, pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const SECRET = 'hunter2'

describeServers((server) => {
  let namespaces = 0
  async function createNamespace(): Promise<string> {
    const namespace = `inventory-${++namespaces}`
    await server().createNamespace(namespace)
    return namespace
  }

  async function logOf(namespace: string, token = server().adminToken): Promise<string> {
    using captured = captureLog()
    await describePullSecrets(connectTo(server(), { token }), namespace)
    return captured.log.text.replaceAll(/^Debug: .*\n/gm, '')
  }

  it('lists the pull secrets of a namespace, and never a value', async () => {
    const namespace = await createNamespace()
    const create = (secret: object, manager = 'kubectl') =>
      server().request('POST', `${secretsOf(namespace)}?fieldManager=${manager}`, secret)
    const config = JSON.stringify({ auths: { 'b.example.com': { password: SECRET }, 'a.example.com': {} } })
    const labels = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }
    await create({ ...pullSecret('pull', config), metadata: { name: 'pull', labels } })
    await create(pullSecret('empty'), 'helm')
    const legacy = { 'old.example.com': { auth: SECRET } }
    await create({
      metadata: { name: 'legacy' },
      type: 'kubernetes.io/dockercfg',
      data: { '.dockercfg': base64(JSON.stringify(legacy)) },
    })
    await create({ metadata: { name: 'other' }, data: { password: base64(SECRET) } })

    const log = await logOf(namespace)
    expect(log.split('\n')).toEqual([
      `Pull secrets in namespace ${namespace} of cluster test`,
      '  empty: kubernetes.io/dockerconfigjson, no hosts, 12 bytes, 0 days old, managed by helm',
      `  legacy: kubernetes.io/dockercfg, old.example.com, ${JSON.stringify(legacy).length} bytes, 0 days old, managed by kubectl`,
      `  pull: kubernetes.io/dockerconfigjson, b.example.com a.example.com, ${config.length} bytes, 0 days old, managed by registry-pull-secret`,
      '',
    ])
    expect(log).not.toContain(SECRET)
    expect(log).not.toContain(base64(SECRET))
  })

  it('logs that there are none', async () => {
    const namespace = await createNamespace()
    expect(await logOf(namespace)).toBe(`Pull secrets in namespace ${namespace} of cluster test\n  None.\n`)
  })

  it('continues when the user is not allowed to list secrets', async () => {
    const namespace = await createNamespace()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get'] })
    expect(await logOf(namespace, token)).toContain(
      'The user of this kubeconfig is not allowed to list secrets; this run does not need it.',
    )
  })

  it('prints a hostile host name on one line, and not as a workflow command', async () => {
    const namespace = await createNamespace()
    const config = JSON.stringify({ auths: { 'a\n::error::b': {} } })
    await server().request('POST', secretsOf(namespace), pullSecret('pull', config))
    const log = await logOf(namespace)
    expect(log).toContain('a\\n: :error: :b')
    expect(log.split('\n')).toHaveLength(3)
  })
})
