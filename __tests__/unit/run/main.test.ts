// The order of a run, seen by what the servers were asked.
import { describe, expect, it, vi } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { acquireCredential } from '../../../src/run/credential.ts'
import { run } from '../../../src/run/main.ts'
import { observe } from '../../../src/run/observe.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'
import { kubeconfig } from '../../support/kubernetes/kubeconfig.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { FakeClock, type Harness, SECRET, startHarness } from './harness.ts'

const GRACE_MS = 5000

function requests({ ibm, kube }: Harness): string[] {
  const isOfRun = ({ headers }: (typeof kube.journal)[number]) =>
    headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
  return [...kube.journal, ...ibm.journal]
    .filter(isOfRun)
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ server, method }) => `${server} ${method}`)
}

const firstOf = (lines: readonly string[], line: string) => lines.indexOf(line)

describe('a run', () => {
  it('reads the targets, mints, verifies and writes, in this order', async () => {
    await using harness = await startHarness()
    expect(await run(await harness.context())).toEqual([])
    const lines = requests(harness)
    const order = ['kubernetes GET', 'tokens POST', 'registry GET', 'kubernetes PATCH']
    const positions = order.map((line) => firstOf(lines, line))
    expect(positions).not.toContain(-1)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect(lines.filter((line) => line === 'tokens POST')).toHaveLength(1)
  })

  it('reads what it needs of one cluster while it checks the permissions', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    const context = await harness.context({ 'max-age': '0' })
    const { promise: reviewed, resolve: reviewSent } = Promise.withResolvers<void>()
    const read: string[] = []
    const clusters = context.clusters.map((cluster) => ({
      ...cluster,
      async request(request: Parameters<typeof cluster.request>[0]) {
        const { path, query } = request
        if (path.endsWith('/selfsubjectaccessreviews')) reviewSent()
        if (query?.fieldSelector !== undefined || path.endsWith('/kube-system')) {
          await reviewed
          read.push(query?.fieldSelector ?? path)
        }
        return await cluster.request(request)
      },
    }))
    expect(await run({ ...context, clusters })).toEqual([])
    expect(read.sort()).toEqual([
      '/api/v1/namespaces/kube-system',
      'type=kubernetes.io/dockercfg',
      'type=kubernetes.io/dockerconfigjson',
    ])
  })

  it('reuses what the first run wrote, without a login and without a write', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    harness.ibm.journal.length = 0
    harness.kube.journal.length = 0

    expect(await run(await harness.context())).toEqual([])

    const lines = requests(harness)
    expect(lines.filter((line) => /^(uaa|cf|tokens) /.test(line))).toEqual([])
    expect(new Set(lines.filter((line) => line.startsWith('kubernetes')))).toEqual(new Set(['kubernetes GET']))
    expect(harness.ibm.liveTokens()).toHaveLength(1)
  })

  it('asks the cluster which one it is when it mints, and takes it from the records when it reuses', async () => {
    await using harness = await startHarness(3)
    const asked = async (inputs = {}) => {
      harness.kube.journal.length = 0
      expect(await run(await harness.context(inputs))).toEqual([])
      const read = harness.kube.journal.filter(({ method }) => method === 'GET').map(({ path }) => path)
      return { isAsked: read.includes('/api/v1/namespaces/kube-system'), count: read.length }
    }
    expect(await asked()).toMatchObject({ isAsked: true })
    expect(await asked()).toEqual({ isAsked: false, count: 3 })
    expect(await asked({ 'max-age': '0' })).toMatchObject({ isAsked: true })
    harness.ibm.revokeToken((await harness.heldIn(harness.namespaces[0] ?? '')) ?? '')
    expect(await asked()).toMatchObject({ isAsked: true })
    expect(await asked()).toEqual({ isAsked: false, count: 3 })
  })

  it('that ends while a cluster does not respond names that one, and says of the others that they were not written', async () => {
    await using harness = await startHarness()
    await using down = await startFakeApiServer()
    const entryOf = (context: string, { url, certificateAuthority, adminToken }: ObservedKubernetesServer) => {
      return { context, server: url, certificateAuthority, user: { token: adminToken } }
    }
    const text = kubeconfig([entryOf('eu', harness.kube), entryOf('us', down)])
    const end = new AbortController()
    const [namespace = ''] = harness.namespaces
    down.faults.add({ when: () => true, times: Number.POSITIVE_INFINITY, fault: { kind: 'hang' } })
    const initial = await harness.context({ kubeconfig: text, contexts: '*' }, new FakeClock(), end.signal)
    // Only what is done with the responses of a healthy cluster comes before the end.
    const endLater = () => setTimeout(() => end.abort(new ActionError('timeout', 'the run took longer')), 100)
    const clusters = initial.clusters.map((cluster) => ({
      ...cluster,
      request: async (request: Parameters<typeof cluster.request>[0]) => {
        const response = await cluster.request(request)
        if (request.path.endsWith(`/namespaces/${namespace}`)) endLater()
        return response
      },
    }))
    const context = { ...initial, clusters }
    using outputs = vi.spyOn(context.report, 'targets')

    const errors = await run(context)

    const message = `Could not read the secret ${namespace}/${SECRET} in the cluster us: the run took longer`
    expect(errors).toMatchObject([{ code: 'timeout', message }])
    expect(outputs).toHaveBeenCalledWith(
      SECRET,
      ['eu', 'us'].map((name) =>
        expect.objectContaining({ cluster: expect.objectContaining({ name }), status: 'failed', error: errors[0] }),
      ),
    )
    expect(harness.ibm.liveTokens()).toEqual([])
  })

  it('revokes the superseded token five seconds after the last write, by its clock', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    const clock = new FakeClock(Date.now() + 1000)

    const errors = await run(await harness.context({ 'max-age': '0' }, clock))

    expect(errors).toEqual([])
    expect(clock.slept).toEqual([GRACE_MS])
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual([await harness.heldIn(harness.namespaces[0] ?? '')])
  })

  it.each(['before it is written', 'after it was written'])(
    'goes on without a namespace of a glob that is deleted %s',
    async (when) => {
      await using harness = await startHarness(2)
      const inputs = { namespaces: 'run-*', 'max-age': '0' }
      await run(await harness.context(inputs))
      const [first = '', second = ''] = harness.namespaces
      const path = `/api/v1/namespaces/${second}`
      const clock = new FakeClock(Date.now() + 1000)
      const isBefore = when.startsWith('before')
      if (isBefore) {
        const body = JSON.stringify({ message: `namespaces "${second}" not found` })
        harness.kube.faults.add({
          when: { method: 'PATCH', path: `${path}/secrets/${SECRET}` },
          times: Number.POSITIVE_INFINITY,
          fault: { kind: 'status', status: 404, body },
        })
      }
      clock.whileAsleep = async () => {
        await harness.kube.request('DELETE', `${path}/secrets/${SECRET}`)
        await harness.kube.request('DELETE', path)
      }

      expect(await run(await harness.context(inputs, clock))).toEqual([])

      const live = harness.ibm.liveTokens().map(({ id }) => id)
      expect(live).toContain(await harness.heldIn(first))
      // The namespace is still there for the test: no token that its secret holds is revoked.
      expect(live).toHaveLength(isBefore ? 2 : 1)
    },
  )

  it('revokes nothing, and waits for nothing, when a target fails', async () => {
    await using harness = await startHarness(2)
    await run(await harness.context())
    const [, second = ''] = harness.namespaces
    harness.kube.faults.add({
      when: ({ method, path }) => method === 'PATCH' && path.includes(`/${second}/secrets/${SECRET}`),
      fault: { kind: 'status', status: 422, body: '{}' },
    })
    const clock = new FakeClock(Date.now() + 1000)

    const errors = await run(await harness.context({ 'max-age': '0' }, clock))

    expect(errors).toMatchObject([{ code: 'cluster-rejected', details: { namespace: second, status: 422 } }])
    expect(clock.slept).toEqual([])
    expect(harness.ibm.liveTokens()).toHaveLength(2)
  })

  it.each<
    [string, string, (write: (method: string, body?: object) => Promise<unknown>, old: object) => Promise<unknown>]
  >([
    ['was written back', 'was changed (other field managers: ', (write, old) => write('PUT', old)],
    ['was deleted', 'was deleted', (write) => write('DELETE')],
  ])('revokes nothing when a secret %s during the grace period, and names the target', async (_, change, interfere) => {
    await using harness = await startHarness(2)
    await run(await harness.context())
    const [first = '', second = ''] = harness.namespaces
    const path = `/api/v1/namespaces/${second}/secrets/${SECRET}`
    const { metadata, ...old } = (await harness.kube.request('GET', path)).body
    const clock = new FakeClock(Date.now() + 1000)
    clock.whileAsleep = async () => {
      const restored = { ...old, metadata: { ...metadata, resourceVersion: undefined, managedFields: undefined } }
      await interfere((method, body) => harness.kube.request(method, `${path}?fieldManager=helm`, body), restored)
    }
    const context = await harness.context({ 'max-age': '0' }, clock)

    const errors = await run(context)

    expect(errors).toMatchObject([
      {
        code: 'secret-changed-after-write',
        message: expect.stringContaining(`Secret ${second}/${SECRET} in cluster fake ${change}`),
        details: { namespace: second },
      },
    ])
    expect(harness.ibm.liveTokens()).toHaveLength(2)
    expect(await harness.heldIn(first)).not.toBe(await harness.heldIn(second))
    expect(context.journal.phase).toBe('revoking')
  })

  it('revokes the superseded token when a concurrent run wrote a newer one during the grace period', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    const [old] = harness.ibm.liveTokens()
    const start = Date.now()
    const clock = new FakeClock(start + 1000)
    const later = await harness.context({ 'max-age': '0', revoke: 'never' }, new FakeClock(start + 2000))
    clock.whileAsleep = async () => void (await run(later))

    expect(await run(await harness.context({ 'max-age': '0' }, clock))).toEqual([])

    expect(harness.ibm.liveTokens().map(({ id }) => id)).not.toContain(old?.id)
    expect(harness.ibm.liveTokens()).toHaveLength(2)
  })

  it('revokes the leftover of a killed run no earlier than five seconds after the last write', async () => {
    await using harness = await startHarness()
    const killed = await harness.context()
    const targets = await observe(killed)
    await acquireCredential(killed, targets, { reusable: undefined, choice: { action: 'mint', reason: '' } })
    const clock = new FakeClock(Date.now() + 1000)
    const liveWhileAsleep: number[] = []
    clock.whileAsleep = async () => void liveWhileAsleep.push(harness.ibm.liveTokens().length)

    expect(await run(await harness.context({}, clock))).toEqual([])

    expect(clock.slept).toEqual([GRACE_MS])
    expect(liveWhileAsleep).toEqual([2])
    expect(harness.ibm.liveTokens().map(({ id }) => id)).toEqual([await harness.heldIn(harness.namespaces[0] ?? '')])
  })

  it('returns the error of a revocation, and keeps the new token', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    harness.ibm.faults.add({
      when: { server: 'tokens', method: 'DELETE' },
      fault: { kind: 'status', status: 403, body: '{}' },
    })
    const context = await harness.context({ 'max-age': '0' }, new FakeClock(Date.now() + 1000))

    expect(await run(context)).toMatchObject([{ code: 'issuer-access-denied' }])

    expect(harness.ibm.liveTokens()).toHaveLength(2)
    expect(context.journal.phase).toBe('revoking')
  })

  it('mints nothing when no target can be used', async () => {
    await using harness = await startHarness()
    const errors = await run(await harness.context({ namespaces: 'missing' }))
    expect(errors).toMatchObject([{ code: 'namespace-not-found', details: { namespace: 'missing' } }])
    expect(requests(harness).filter((line) => line.startsWith('tokens'))).toEqual([])
  })

  it('mints and verifies without a secret, and leaves nothing to the post step', async () => {
    await using harness = await startHarness()
    const context = await harness.context({ 'secret-name': '', namespaces: '', kubeconfig: '' })
    expect(await run(context)).toEqual([])
    expect(harness.ibm.liveTokens()).toHaveLength(1)
    expect(context.journal.phase).toBe('settled')
  })

  it('in a dry run mints, writes and revokes nothing', async () => {
    await using harness = await startHarness()
    await run(await harness.context())
    const [token] = harness.ibm.liveTokens()
    const context = await harness.context({ 'max-age': '0', 'dry-run': 'true' })
    expect(await run(context)).toEqual([])
    expect(harness.ibm.tokens()).toEqual([token])
    expect(await harness.heldIn(harness.namespaces[0] ?? '')).toBe(token?.id)
  })
})
