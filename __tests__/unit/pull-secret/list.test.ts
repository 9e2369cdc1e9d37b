import { beforeAll, expect, it, vi } from 'vitest'
import { abortError } from '../../../src/core/abort.ts'
import { ActionError } from '../../../src/core/errors.ts'
import { listHolders, listSecrets } from '../../../src/pull-secret/list.ts'
import { connectTo } from '../../support/connect-to.ts'
import { errorOf } from '../../support/error-of.ts'
import type { Fault } from '../../support/http/faults.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeOwnServers } from '../../support/kubernetes/describe-servers.ts'
import { annotationOf } from '../../support/records.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

describeOwnServers((server) => {
  beforeAll(async () => {
    for (const namespace of ['one', 'two', 'three']) {
      await server().createNamespace(namespace)
      await server().request('POST', secretsOf(namespace), pullSecret('pull'))
    }
  })

  it('keeps only the secrets of the namespaces in question', async () => {
    const secrets = await listSecrets(connectTo(server()), 'pull', new Set(['one', 'three', 'nowhere']))
    expect([...(secrets?.keys() ?? [])].sort()).toEqual(['one', 'three'])
  })

  it('sees which secrets hold which token, by all their records, whatever their names', async () => {
    const labels = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }
    const record = (id: string, host: string) => ({ id, hosts: [host], provider: 'dedicated' })
    const secrets: Record<string, [string, object][]> = {
      one: [['mine', { labels, annotations: annotationOf(record('id-1', 'a'), record('id-2', 'b')) }]],
      two: [
        ['mine', { labels, annotations: annotationOf(record('id-1', 'a')) }],
        ['theirs', { annotations: annotationOf(record('id-1', 'a')) }],
        ['damaged', { labels, annotations: annotationOf({ id: 'id-1' }) }],
        ['huge', { labels, annotations: { 'registry-pull-secret/credentials': `[${' '.repeat(100_000)}]` } }],
      ],
    }
    for (const [namespace, list] of Object.entries(secrets)) {
      for (const [name, metadata] of list) {
        const secret = { ...pullSecret(name), metadata: { name, ...metadata } }
        const { status } = await server().request('POST', secretsOf(namespace), secret)
        expect(status).toBe(201)
      }
    }
    const holders = await listHolders(connectTo(server()))
    expect(new Map([...(holders ?? [])].map(([id, where]) => [id, where.toSorted()]))).toEqual(
      new Map([
        ['id-1', ['test: one/mine', 'test: two/mine']],
        ['id-2', ['test: one/mine']],
      ]),
    )
  })

  it.each<Fault>([
    { kind: 'status', status: 401 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 200, body: '{"kind":"Status"}' },
    { kind: 'truncated-json' },
    { kind: 'reset-before' },
  ])('does not see the holders of tokens when the list fails: %j', async (fault) => {
    server().faults.add({ when: {}, times: Number.POSITIVE_INFINITY, fault })
    using captured = captureLog()
    expect(await listHolders(connectTo(server()))).toBeUndefined()
    server().faults.clear()
    expect(captured.log.text).toMatch(
      /^Could not list the secrets of registry-pull-secret in the cluster test: .*; continuing without this list$/m,
    )
  })

  it('does not see them without the permission to list, which only the debug log shows', async () => {
    vi.stubEnv('RUNNER_DEBUG', '1')
    const token = await server().createToken('unprivileged')
    using captured = captureLog()
    expect(await listHolders(connectTo(server(), { token }))).toBeUndefined()
    expect(captured.log.text).toMatch(/^Debug: Could not list the secrets .* 403 .*; continuing without this list$/m)
  })

  it('fails when the run is over', async () => {
    const timeout = new ActionError('timeout', 'the run took too long')
    const request = async () => Promise.reject(abortError('list the secrets', AbortSignal.abort(timeout)))
    expect(await errorOf(listHolders({ ...connectTo(server()), request }))).toMatchObject({ code: 'timeout' })
  })
})
