import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { attachAll } from '../../../src/pull-secret/service-account.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { describeOwnServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const merge = { 'content-type': 'application/merge-patch+json' }

describeOwnServers((server) => {
  let namespaces = 0

  /** A namespace with its `default` account, whose list of pull secrets is read and edited as another client does. */
  async function setUp() {
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
        const target = { cluster, namespace, status: 'created', replaced: { kind: 'absent' } } as const
        const options = { secretName: 'pull', dryRun, signal: new AbortController().signal, readIntervalMs: 100 }
        const [outcome] = await attachAll([target], names, options)
        return {
          status: outcome?.status,
          accounts: outcome?.serviceAccounts?.map(({ name, result }) => `${name} ${result}`),
          errors: outcome?.status === 'failed' ? explain(outcome.error) : [],
        }
      },
    }
  }

  it('adds the secret, and keeps what is there', async () => {
    const { attach, list, set } = await setUp()
    await set(['theirs', 'also-theirs'])
    expect(await attach(['default'])).toMatchObject({ status: 'created', accounts: ['default updated'] })
    expect(await list()).toEqual(['theirs', 'also-theirs', 'pull'])
    expect(await attach(['default'])).toMatchObject({ accounts: ['default unchanged'] })
    expect(await list()).toEqual(['theirs', 'also-theirs', 'pull'])
  })

  it('updates all accounts of the namespace for a star', async () => {
    const { attach, create, list } = await setUp()
    await create('builder')
    const { accounts } = await attach(['*'])
    expect(accounts).toEqual(['builder updated', 'default updated'])
    expect([await list('builder'), await list()]).toEqual([['pull'], ['pull']])
  })

  it('updates `default` for a star, even if it is created a little later', async () => {
    const { namespace, attach, list } = await setUp()
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
    await server().request('DELETE', `${path}/default`)
    server().journal.length = 0
    const attached = attach(['*'])
    await expect.poll(() => server().journal.some((entry) => entry.path === `${path}/default`)).toBe(true)
    await server().request('POST', path, { metadata: { name: 'default' } })
    expect(await attached).toMatchObject({ status: 'created', accounts: ['default updated'] })
    expect(await list()).toEqual(['pull'])
  })

  it('updates no account by default', async () => {
    const { attach, list } = await setUp()
    server().journal.length = 0
    expect(await attach([])).toMatchObject({ status: 'created', accounts: undefined })
    expect(server().journal).toEqual([])
    expect(await list()).toEqual([])
  })

  it('waits for an account that is created a little later', async () => {
    const { attach, create, list } = await setUp()
    const attached = attach(['late'])
    await expect.poll(() => server().journal.some(({ path }) => path.endsWith('/late'))).toBe(true)
    await create('late')
    expect(await attached).toMatchObject({ status: 'created', accounts: ['late updated'] })
    expect(await list('late')).toEqual(['pull'])
  })

  it('fails the target when an account does not exist, and updates its other accounts', async () => {
    const { namespace, attach, list } = await setUp()
    expect(await attach(['missing', 'default'])).toEqual({
      status: 'failed',
      accounts: ['missing failed', 'default updated'],
      errors: [
        `ServiceAccount ${namespace}/missing does not exist in cluster test. Check \`service-accounts\`, or create the account first. Existing service accounts of ${namespace}: "default".`,
      ],
    })
    expect(await list()).toEqual(['pull'])
  })

  it('offers the accounts that are near, and is the same error where they cannot be listed', async () => {
    const { namespace, attach } = await setUp()
    expect((await attach(['defualt'])).errors).toEqual([
      expect.stringMatching(/first\. Service accounts of \S+ near "defualt": "default"\.$/),
    ])
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
    const when = (request: { readonly path: string }) => request.path === path
    server().faults.add({ when, fault: { kind: 'status', status: 403 }, times: 10 })
    expect((await attach(['defualt'])).errors).toEqual([expect.stringMatching(/create the account first\.$/)])
    server().faults.clear()
  })

  it('keeps what other clients add at the same time', async () => {
    const { namespace, attach, list, set } = await setUp()
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
    const { attach, list } = await setUp()
    expect(await attach(['default'], { dryRun: true })).toMatchObject({ accounts: ['default planned'] })
    expect(await list()).toEqual([])
  })

  it('names the missing permissions', async () => {
    const { namespace, attach } = await setUp()
    const name = `attacher-${namespaces}`
    const cluster = connectTo(server(), { token: await server().createToken(name) })
    await grant(server(), namespace, name, { resources: ['serviceaccounts'], verbs: ['get'] })
    const errorFor = async (names: readonly string[]) => (await attach(names, { cluster })).errors[0]
    // The API server applies a new Role some moments later.
    await expect.poll(() => errorFor(['default'])).toContain('cannot patch resource "serviceaccounts"')
    expect(await errorFor(['default'])).toContain(
      `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${namespace}.`,
    )
    expect(await errorFor(['*'])).toContain(
      `Grant the user of this kubeconfig the verb list on serviceaccounts in namespace ${namespace}, or list their names in \`service-accounts\`.`,
    )
  })

  it.each([
    ['is skipped when a star chose it', ['*'], ['default updated'], []],
    [
      'fails when it is named',
      ['*', 'builder'],
      ['builder failed', 'default updated'],
      [expect.stringContaining('404')],
    ],
  ])('that is deleted after the list %s', async (_, names, expected, expectedErrors) => {
    const { namespace, attach, create } = await setUp()
    await create('builder')
    server().faults.add({
      when: { method: 'PATCH', path: `/api/v1/namespaces/${namespace}/serviceaccounts/builder` },
      fault: {
        kind: 'status',
        status: 404,
        body: JSON.stringify({ message: 'serviceaccounts "builder" not found' }),
      },
    })
    const { accounts, errors } = await attach(names)
    expect(accounts).toEqual(expected)
    expect(errors).toEqual(expectedErrors)
  })

  it('fails with its namespace when that is gone', async () => {
    const { namespace, attach } = await setUp()
    await server().request('DELETE', `/api/v1/namespaces/${namespace}`)
    server().faults.add({
      when: { method: 'PATCH', path: `/api/v1/namespaces/${namespace}/serviceaccounts/default` },
      fault: { kind: 'status', status: 404, body: JSON.stringify({ message: 'serviceaccounts "default" not found' }) },
    })
    expect((await attach(['default'])).errors[0]).toMatch(
      /^Namespace accounts-\d+ of cluster .* (is terminating|does not exist)/,
    )
  })

  it('names what refuses the change', async () => {
    const { namespace, attach } = await setUp()
    const message = 'admission webhook "w.example.com" denied the request: service accounts are read-only'
    server().faults.add({
      when: { method: 'PATCH', path: `/api/v1/namespaces/${namespace}/serviceaccounts/default` },
      fault: { kind: 'status', status: 403, body: JSON.stringify({ kind: 'Status', message }) },
    })
    const { errors, accounts } = await attach(['default'])
    expect(accounts).toEqual(['default failed'])
    expect(errors.join('\n')).toContain(message)
    expect(errors.join('\n')).toContain('ask the owner of the webhook')
  })

  describe('of many namespaces', () => {
    /** More namespaces than are read one by one. */
    async function many() {
      const names = Array.from({ length: 9 }, () => `accounts-${++namespaces}`)
      await Promise.all(names.map((name) => server().createNamespace(name)))
      const path = (namespace: string | undefined) => `/api/v1/namespaces/${namespace}/serviceaccounts`
      server().journal.length = 0
      return {
        names,
        create: (namespace: string | undefined, name: string) =>
          server().request('POST', path(namespace), { metadata: { name } }),
        list: async (namespace: string | undefined, name = 'default'): Promise<string[]> => {
          const { body } = await server().request('GET', `${path(namespace)}/${name}`)
          return (body.imagePullSecrets ?? []).map((entry: { name: string }) => entry.name)
        },
        set: (namespace: string | undefined, secrets: readonly string[]) => {
          const imagePullSecrets = secrets.map((name) => ({ name }))
          return server().request('PATCH', `${path(namespace)}/default`, { imagePullSecrets }, merge)
        },
        async attach(accounts: readonly string[], cluster = connectTo(server())) {
          const written = { status: 'created', replaced: { kind: 'absent' } } as const
          const outcomes = names.map((namespace) => ({ cluster, namespace, ...written }))
          const options = {
            secretName: 'pull',
            dryRun: false,
            signal: new AbortController().signal,
            readIntervalMs: 100,
          }
          const attached = await attachAll(outcomes, accounts, options)
          return attached.map((outcome) =>
            outcome.status === 'failed'
              ? explain(outcome.error).join()
              : outcome.serviceAccounts?.map(({ name, result }) => `${name} ${result}`).join(),
          )
        },
      }
    }

    const requests = () =>
      server()
        .journal.filter(({ headers }) => headers['user-agent']?.startsWith('registry-pull-secret/'))
        .map(({ method, path, query }) => [method, path, query.get('fieldSelector')].filter(Boolean).join(' '))

    it('are read by one list, and written only where the secret is missing', async () => {
      const { names, attach, set, list } = await many()
      await set(names[0], ['theirs', 'pull'])
      await set(names[1], ['theirs'])
      expect(await attach(['default'])).toEqual(['default unchanged', ...Array(8).fill('default updated')])
      const writes = names.slice(1).map((name) => `PATCH /api/v1/namespaces/${name}/serviceaccounts/default`)
      expect(requests().sort()).toEqual(['GET /api/v1/serviceaccounts metadata.name=default', ...writes.sort()])
      expect(await list(names[1])).toEqual(['theirs', 'pull'])
      server().journal.length = 0

      expect(await attach(['default'])).toEqual(Array(9).fill('default unchanged'))
      expect(requests()).toEqual(['GET /api/v1/serviceaccounts metadata.name=default'])
    })

    it.each([
      ['several names', ['default', 'builder'], 'builder updated'],
      ['a star', ['*'], 'builder updated'],
    ])('are read by one list for %s, and those of other namespaces stay', async (_, accounts, builder) => {
      const { names, attach, create, list } = await many()
      for (const name of names) await create(name, 'builder')
      await server().createNamespace(`bystander-${namespaces}`)
      const result = accounts.includes('*') ? `${builder},default updated` : `default updated,${builder}`
      expect(await attach(accounts)).toEqual(Array(9).fill(result))
      expect(requests().filter((request) => request.startsWith('GET'))).toEqual(['GET /api/v1/serviceaccounts'])
      expect(await list(`bystander-${namespaces}`)).toEqual([])
    })

    it('are read one by one when the user is not allowed to list those of the cluster', async () => {
      const { names, attach } = await many()
      const account = names[0] ?? ''
      const cluster = connectTo(server(), { token: await server().createToken(account) })
      for (const name of names) {
        await grant(server(), name, account, { resources: ['serviceaccounts'], verbs: ['get', 'patch'] })
      }
      // The API server applies a new Role some moments later.
      await expect.poll(() => attach(['default'], cluster)).toEqual(Array(9).fill('default unchanged'))
      expect(requests()).toContain(`GET /api/v1/namespaces/${account}/serviceaccounts/default`)
    })

    it('are waited for where one is missing from the list', async () => {
      const { names, attach, create, list } = await many()
      for (const name of names.slice(1)) await create(name, 'late')
      const attached = attach(['late'])
      const isAsked = () => requests().includes(`GET /api/v1/namespaces/${names[0]}/serviceaccounts/late`)
      await expect.poll(isAsked).toBe(true)
      await create(names[0], 'late')
      expect(await attached).toEqual(Array(9).fill('late updated'))
      expect(await list(names[0], 'late')).toEqual(['pull'])
    })

    it('are read again where another client edited one after the list', async () => {
      const { names, attach, set, list } = await many()
      const cluster = connectTo(server())
      const slow: Cluster = {
        ...cluster,
        request: async (request) => {
          const response = await cluster.request(request)
          if (request.path === '/api/v1/serviceaccounts') await set(names[0], ['theirs'])
          return response
        },
      }
      expect(await attach(['default'], slow)).toEqual(Array(9).fill('default updated'))
      expect(await list(names[0])).toEqual(['theirs', 'pull'])
      expect(requests().filter((request) => request.includes(`/${names[0]}/`))).toEqual([
        `PATCH /api/v1/namespaces/${names[0]}/serviceaccounts/default`,
        `GET /api/v1/namespaces/${names[0]}/serviceaccounts/default`,
        `PATCH /api/v1/namespaces/${names[0]}/serviceaccounts/default`,
      ])
    })

    it.each(['default', '*'])('are read namespace by namespace when that list fails: %s', async (account) => {
      const { names, attach, list } = await many()
      const fault = { kind: 'status', status: 501, body: '{"message":"one of them is broken"}' } as const
      const planned = server().faults.add({ when: { path: '/api/v1/serviceaccounts' }, fault })
      using captured = captureLog()
      expect(await attach([account])).toEqual(Array(9).fill('default updated'))
      expect(planned.met).toBe(1)
      expect(await list(names[8])).toEqual(['pull'])
      expect(captured.log.text).toMatch(
        /^Could not list the service accounts of .* 501 one of them is broken; continuing without this list$/m,
      )
    })
  })
})
