import { expect, it } from 'vitest'
import { attachAll } from '../../src/cluster/service-account.ts'
import { explain } from '../../src/errors.ts'
import { describeServers } from '../servers/kubernetes/describe-servers.ts'
import { connectTo } from './connect-to.ts'
import { grant } from './grant.ts'

const merge = { 'content-type': 'application/merge-patch+json' }

describeServers((server) => {
  let namespaces = 0

  /** A namespace with its `default` account, whose list of pull secrets is read and edited as others would. */
  async function scene() {
    const namespace = `accounts-${++namespaces}`
    await server().createNamespace(namespace)
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
    return {
      namespace,
      create: (name: string) => server().request('POST', path, { metadata: { name } }),
      list: async (name = 'default'): Promise<string[]> => {
        const { body } = await server().request('GET', `${path}/${name}`)
        return (body.imagePullSecrets ?? []).map((entry: { name: string }) => entry.name)
      },
      set: (secrets: readonly string[], name = 'default') => {
        const imagePullSecrets = secrets.map((secret) => ({ name: secret }))
        return server().request('PATCH', `${path}/${name}`, { imagePullSecrets }, merge)
      },
      async attach(names: readonly string[], { dryRun = false, cluster = connectTo(server()) } = {}) {
        const target = { cluster, namespace, result: 'created', replaced: { kind: 'absent' } } as const
        const options = { secretName: 'pull', dryRun, signal: new AbortController().signal }
        const [outcome] = await attachAll([target], names, options)
        return {
          result: outcome?.result,
          accounts: outcome?.serviceAccounts?.map(({ name, result }) => `${name} ${result}`),
          complaints: outcome !== undefined && 'failure' in outcome ? explain(outcome.failure) : [],
        }
      },
    }
  }

  it('adds the secret, and keeps what is there', async () => {
    const { attach, list, set } = await scene()
    await set(['theirs', 'also-theirs'])
    expect(await attach(['default'])).toMatchObject({ result: 'created', accounts: ['default updated'] })
    expect(await list()).toEqual(['theirs', 'also-theirs', 'pull'])
    expect(await attach(['default'])).toMatchObject({ accounts: ['default unchanged'] })
    expect(await list()).toEqual(['theirs', 'also-theirs', 'pull'])
  })

  it('takes all accounts of the namespace for a star', async () => {
    const { attach, create, list } = await scene()
    await create('builder')
    const { accounts } = await attach(['*'])
    expect(accounts).toEqual(['builder updated', 'default updated'])
    expect([await list('builder'), await list()]).toEqual([['pull'], ['pull']])
  })

  it('touches no account unless it is told to', async () => {
    const { attach, list } = await scene()
    server().journal.length = 0
    expect(await attach([])).toMatchObject({ result: 'created', accounts: undefined })
    expect(server().journal).toEqual([])
    expect(await list()).toEqual([])
  })

  it('waits for an account that comes a little later', async () => {
    const { attach, create, list } = await scene()
    const attached = attach(['late'])
    await expect.poll(() => server().journal.some(({ path }) => path.endsWith('/late'))).toBe(true)
    await create('late')
    expect(await attached).toMatchObject({ result: 'created', accounts: ['late updated'] })
    expect(await list('late')).toEqual(['pull'])
  })

  it('fails the target of an account that never comes, and sees to the others', async () => {
    const { namespace, attach, list } = await scene()
    expect(await attach(['nobody', 'default'])).toEqual({
      result: 'failed',
      accounts: ['nobody failed', 'default updated'],
      complaints: [
        `The service account ${namespace}/nobody is not in the cluster practice. Check \`service-accounts\`, or create the account first.`,
      ],
    })
    expect(await list()).toEqual(['pull'])
  })

  it('loses nothing of what others add at the same time', async () => {
    const { namespace, attach, list, set } = await scene()
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`
    for (let round = 0; round < 20; round++) {
      await set([])
      const edit = async () => {
        for (let added = 0; added < 3; ) {
          const { body } = await server().request('GET', path)
          const imagePullSecrets = [...(body.imagePullSecrets ?? []), { name: `theirs-${added}` }]
          const metadata = { resourceVersion: body.metadata.resourceVersion }
          const { status } = await server().request('PATCH', path, { metadata, imagePullSecrets }, merge)
          if (status === 200) added++
        }
      }
      const [{ accounts }] = await Promise.all([attach(['default']), edit()])
      expect(accounts).toEqual(['default updated'])
      expect((await list()).sort()).toEqual(['pull', 'theirs-0', 'theirs-1', 'theirs-2'])
    }
  })

  it('stores nothing in a dry run', async () => {
    const { attach, list } = await scene()
    expect(await attach(['default'], { dryRun: true })).toMatchObject({ accounts: ['default planned'] })
    expect(await list()).toEqual([])
  })

  it('says which rights are missing', async () => {
    const { namespace, attach } = await scene()
    const name = `attacher-${namespaces}`
    const cluster = connectTo(server(), { token: await server().createToken(name) })
    await grant(server(), namespace, name, { resources: ['serviceaccounts'], verbs: ['get'] })
    const complain = async (names: readonly string[]) => (await attach(names, { cluster })).complaints[0]
    // A right holds some moments after it was given.
    await expect.poll(() => complain(['default'])).toContain('cannot patch resource "serviceaccounts"')
    expect(await complain(['default'])).toContain(
      `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.`,
    )
    expect(await complain(['*'])).toContain(
      `Grant the verb list on serviceaccounts in the namespace ${namespace}, or give their names.`,
    )
  })
})
