import { describe, expect, it } from 'vitest'
import { abortError } from '../../../src/core/abort.ts'
import { ActionError } from '../../../src/core/errors.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import type { TargetState } from '../../../src/pull-secret/target.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import type { Fault } from '../../support/http/faults.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeOwnServers } from '../../support/kubernetes/describe-servers.ts'
import { annotationOf } from '../../support/records.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { HOST, owner } from './stored-record.ts'

describeOwnServers((server) => {
  let namespaces = 0
  async function createNamespace(): Promise<string> {
    const namespace = `targets-${++namespaces}`
    await server().createNamespace(namespace)
    return namespace
  }
  const observe = async (names: readonly string[], adopt = false, cluster: Cluster = connectTo(server())) =>
    await observeTargets(
      names.map((namespace) => ({ cluster, namespace })),
      { name: 'pull', adopt, owner },
    )
  const errorOf = (target: TargetState | undefined) =>
    target?.status === 'failed' ? explain(target.error).join('\n') : expect.fail('it should have failed')

  it('reads what each target holds, and one that cannot be used does not fail the others', async () => {
    const [empty, theirs] = [await createNamespace(), await createNamespace()]
    await server().request('POST', secretsOf(theirs), pullSecret('pull'))
    const [absent, foreign, nowhere] = await observe([empty, theirs, 'nowhere'])
    expect(absent).toMatchObject({ namespace: empty, stored: { kind: 'absent' } })
    expect(foreign).toMatchObject({ namespace: theirs, status: 'failed', mayHold: false })
    expect(errorOf(foreign)).toContain(
      `Secret ${theirs}/pull in cluster test already exists and was not created by this action`,
    )
    expect(nowhere).toMatchObject({ namespace: 'nowhere', status: 'failed', mayHold: false })
    expect(errorOf(nowhere)).toBe(
      'Namespace nowhere does not exist in cluster test. Check `namespaces` and `contexts`, create the namespace first, put it into the manifests, or set `create-namespaces: true`.',
    )
    expect(await observe([theirs], true)).toMatchObject([
      { namespace: theirs, stored: { kind: 'present', ours: false } },
    ])
  })

  it('is ready where the namespace is to be created', async () => {
    const existing = await createNamespace()
    const choose = async (isRequested: boolean, more: readonly string[] = []) => {
      const cluster = connectTo(server())
      const targets = [existing, 'nowhere', 'declared', ...more].map((namespace) => ({ cluster, namespace }))
      const creation = { isRequested, inManifest: new Map([['declared', {}]]) }
      const observed = await observeTargets(targets, { name: 'pull', adopt: false, owner }, creation)
      return observed.map((one) => (one.status === 'ready' ? (one.namespaceToCreate ?? 'exists') : one.error.code))
    }
    expect(await choose(true)).toEqual(['exists', 'input', 'manifest'])
    expect(await choose(false)).toEqual(['exists', 'namespace-not-found', 'manifest'])
    const many = Array.from({ length: 9 }, (_, index) => `many-${index}`)
    expect(await choose(true, many)).toEqual(['exists', 'input', 'manifest', ...many.map(() => 'input')])
  })

  it.each<[string, object | undefined, readonly unknown[]]>([
    [
      'may read namespaces',
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      [{ status: 'failed' }, { status: 'ready', namespaceToCreate: 'input' }, { namespaceToCreate: 'manifest' }],
    ],
    ['may not', undefined, Array(3).fill({ status: 'failed', isNamespaceUnknown: true })],
  ])('knows which namespace is to be created where the user may read no secret and %s', async (_, rule, expected) => {
    const existing = await createNamespace()
    const name = `reader-${existing}`
    const cluster = connectTo(server(), { token: await server().createToken(name) })
    if (rule !== undefined) {
      const subjects = [{ kind: 'ServiceAccount', namespace: 'default', name }]
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }
      const rbac = '/apis/rbac.authorization.k8s.io/v1'
      await server().request('POST', `${rbac}/clusterroles`, { metadata: { name }, rules: [rule] })
      await server().request('POST', `${rbac}/clusterrolebindings`, { metadata: { name }, subjects, roleRef })
    }
    const creation = { isRequested: true, inManifest: new Map([['declared', {}]]) }
    const targets = [existing, 'nowhere', 'declared'].map((namespace) => ({ cluster, namespace }))
    const observeNow = () => observeTargets(targets, { name: 'pull', adopt: false, owner }, creation)
    // The API server applies a new role some moments later.
    await expect.poll(observeNow).toMatchObject(expected)
    const [first] = await observeNow()
    expect(first?.isNamespaceUnknown ?? false).toBe(rule === undefined)
    expect(errorOf(first)).toContain('403')
  })

  it('fails where another workflow keeps the hosts, and names its last run', async () => {
    const [own, theirs] = [await createNamespace(), await createNamespace()]
    const run = 'https://github.com/acme/other/actions/runs/5'
    const labels = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }
    for (const [namespace, repository] of [
      [own, 'acme/shop'],
      [theirs, 'acme/other'],
    ] as const) {
      const record = { id: 'id-1', hosts: [HOST], provider: 'dedicated', repository, run }
      const metadata = { name: 'pull', labels, annotations: annotationOf(record) }
      await server().request('POST', secretsOf(namespace), { ...pullSecret('pull'), metadata })
    }
    const [ready, refused] = await observe([own, theirs])
    expect(ready).toMatchObject({ status: 'ready', stored: { records: [{ tokenId: 'id-1' }] } })
    expect(errorOf(refused)).toContain(`of acme/other keeps, last run: ${run}.`)
    expect(await observe([own, theirs], true)).toMatchObject([{ status: 'ready' }, { status: 'ready' }])
  })

  it('skips terminating namespaces, and fails when there are no others', async () => {
    const [staying, going] = [await createNamespace(), await createNamespace()]
    await server().request('DELETE', `/api/v1/namespaces/${going}`)
    using captured = captureLog()
    expect(await observe([staying, going])).toMatchObject([{ namespace: staying, stored: { kind: 'absent' } }])
    expect(captured.log.text).toContain(`Skipped namespace ${going} of cluster test: it is terminating.`)
    const [left] = await observe([going])
    expect(errorOf(left)).toContain(`Namespace ${going} of cluster test is terminating. Remove it from \`namespaces\``)
  })

  it.each([1, 9])('fails where the secret is being deleted, when %d targets are read', async (count) => {
    const names = await Promise.all(Array.from({ length: count }, createNamespace))
    const path = `${secretsOf(names[0] ?? '')}/pull`
    const secret = pullSecret('pull')
    const metadata = { ...secret.metadata, finalizers: ['example.com/backup'] }
    await server().request('POST', secretsOf(names[0] ?? ''), { ...secret, metadata })
    await server().request('DELETE', path)
    const [refused, ...others] = await observe(names, true)
    expect(errorOf(refused)).toMatch(
      / is being deleted \(finalizers: example\.com\/backup\): what is written to it would be lost/,
    )
    expect(others.map(({ status }) => status)).toEqual(Array.from({ length: count - 1 }, () => 'ready'))
  })

  it('assumes that a namespace exists when the user is not allowed to read namespaces', async () => {
    const namespace = await createNamespace()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get', 'create', 'patch'] })
    const targets = await observe([namespace], false, connectTo(server(), { token }))
    expect(targets).toMatchObject([{ namespace, stored: { kind: 'absent' } }])
  })

  describe('many of them', () => {
    const many = 9

    async function createMany(): Promise<string[]> {
      const names = await Promise.all(Array.from({ length: many }, createNamespace))
      await server().request('POST', secretsOf(names[0] ?? ''), pullSecret('pull'))
      await server().request('POST', secretsOf(names[1] ?? ''), pullSecret('other'))
      server().journal.length = 0
      return names
    }

    const summary = (targets: Awaited<ReturnType<typeof observe>>) =>
      targets.map((target) => (target.status === 'ready' ? target.stored.kind : errorOf(target)))

    const expected = (names: readonly string[]) => [
      expect.stringContaining(`Secret ${names[0]}/pull in cluster test already exists`),
      ...names.slice(1).map(() => 'absent'),
      expect.stringContaining('Namespace nowhere does not exist in cluster test'),
    ]

    it('are read by few lists', async () => {
      const names = await createMany()
      const going = await createNamespace()
      await server().request('DELETE', `/api/v1/namespaces/${going}`)
      server().journal.length = 0
      expect(summary(await observe([...names, going, 'nowhere']))).toEqual(expected(names))
      expect(server().journal.map(({ path }) => path)).toEqual(['/api/v1/secrets', '/api/v1/namespaces'])
    })

    it('are read one by one when the user is not allowed to list', async () => {
      const names = await createMany()
      const token = await server().createToken(names[0] ?? '')
      const account = names[0] ?? ''
      for (const name of names) {
        await grant(server(), name, account, { resources: ['secrets'], verbs: ['get'] })
      }
      const targets = await observe([...names, 'nowhere'], false, connectTo(server(), { token }))
      // The user is not allowed to read namespaces either: a missing namespace shows as a missing permission.
      expect(summary(targets)).toEqual([
        ...expected(names).slice(0, -1),
        expect.stringMatching(/^Could not read the secret nowhere\/pull .* 403 Forbidden/),
      ])
    })

    const ALWAYS = Number.POSITIVE_INFINITY

    it.each<[string, string, Fault]>([
      ['secrets', '/api/v1/secrets', { kind: 'status', status: 500, body: '{"message":"one cannot be decrypted"}' }],
      ['secrets', '/api/v1/secrets', { kind: 'truncated-json' }],
      ['secrets', '/api/v1/secrets', { kind: 'reset-after' }],
      ['namespaces', '/api/v1/namespaces', { kind: 'status', status: 500 }],
    ])('are read one by one when the list of %s fails: %s %j', async (kind, path, fault) => {
      const names = await createMany()
      const planned = server().faults.add({ when: { path }, times: ALWAYS, fault })
      using captured = captureLog()
      expect(summary(await observe([...names, 'nowhere']))).toEqual(expected(names))
      server().faults.clear()
      expect(planned.met).toBeGreaterThan(0)
      expect(captured.log.text).toMatch(
        new RegExp(`^Could not list the ${kind} .* cluster test: .*; reading the targets one by one$`, 'm'),
      )
    })

    it.each<Fault>([{ kind: 'status', status: 401 }, { kind: 'status', status: 503 }, { kind: 'reset-before' }])(
      'fail together when the cluster fails: %j',
      async (fault) => {
        const names = [...(await createMany()), ...(await createMany())]
        server().faults.add({ when: {}, times: ALWAYS, fault })
        const targets = await observe(names)
        server().faults.clear()
        expect(targets.map(({ namespace }) => namespace)).toEqual(names)
        for (const target of targets) expect(errorOf(target)).toMatch(/^Could not list the secrets pull /)
        const read = server().journal.flatMap(({ path }) => /namespaces\/([^/]+)/.exec(path)?.[1] ?? [])
        expect(new Set(read)).toEqual(new Set(names.slice(0, 8)))
      },
    )

    it('fail together when the run is over', async () => {
      const names = await createMany()
      const timeout = new ActionError('timeout', 'the run took too long')
      const operation = 'list the secrets'
      const request = async () => Promise.reject(abortError(operation, AbortSignal.abort(timeout)))
      using captured = captureLog()
      const targets = await observe(names, false, { ...connectTo(server()), request })
      for (const target of targets) expect(errorOf(target)).toBe('Could not list the secrets: the run took too long.')
      expect(captured.log.text).toBe('')
    })
  })

  it('only reads', async () => {
    const namespace = await createNamespace()
    server().journal.length = 0
    await observe([namespace, 'nowhere'])
    expect(new Set(server().journal.map(({ method }) => method))).toEqual(new Set(['GET']))
  })
})
