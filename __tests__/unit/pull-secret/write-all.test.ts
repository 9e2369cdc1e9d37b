import { expect, it } from 'vitest'
import type { Provenance } from '../../../src/pull-secret/provenance.ts'
import { isFailed } from '../../../src/pull-secret/target.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import type { DesiredSecret } from '../../../src/pull-secret/write.ts'
import { type WriteOutcome, writeAll } from '../../../src/pull-secret/write-all.ts'
import { dockerConfig } from '../../../src/registry/docker-config.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectBy } from '../../support/connect-to.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

function secretOf(password: string, tokenId = 'id-1'): DesiredSecret {
  const credential = { servers: ['registry.example.com'], username: 'token', password, email: undefined }
  return {
    name: 'pull',
    labels: {},
    annotations: {},
    adopt: false,
    provenance: { ...provenance, tokenId },
    dockerConfig: (stored) => dockerConfig(credential, stored),
    isUnusable: () => false,
  }
}

const provenance: Provenance = {
  tokenId: 'id-1',
  mintedAt: new Date('2026-11-23T10:00:00Z'),
  expiresAt: undefined,
  run: '',
  scopes: ['scope'],
  retained: [],
}

describeServers((server) => {
  let scenarios = 0

  /** Some namespaces of a cluster, and how to write to all of them. */
  async function setUp(count: number, concurrency = 16) {
    const prefix = `write-all-${++scenarios}`
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
    await Promise.all(names.map((name) => server().createNamespace(name)))
    const cluster = connectBy(server().kubeconfig(), concurrency)
    const targets = names.map((namespace) => ({ cluster, namespace }))
    server().faults.clear()
    const write = async (desired: DesiredSecret, { dryRun = false } = {}) =>
      await writeAll(await observeTargets(targets, desired), desired, dryRun)
    const isWriteTo =
      (name: string | undefined) =>
      ({ method, path }: RecordedRequest) =>
        method === 'PATCH' && path === `${secretsOf(name ?? '')}/pull`
    const stored = async () =>
      await Promise.all(names.map(async (name) => (await server().request('GET', `${secretsOf(name)}/pull`)).status))
    return { names, targets, write, isWriteTo, stored }
  }

  const statusesOf = (outcomes: readonly WriteOutcome[]) => outcomes.map(({ status }) => status)
  /** Of the targets that failed, whether each may hold the secret all the same. */
  const mayHold = (outcomes: readonly WriteOutcome[]) => outcomes.filter(isFailed).map((outcome) => outcome.mayHold)

  it('writes to every target that does not hold the secret already', async () => {
    const { names, write } = await setUp(3)
    expect(statusesOf(await write(secretOf('one')))).toEqual(['created', 'created', 'created'])
    await server().request('DELETE', `${secretsOf(names[1] ?? '')}/pull`)
    server().journal.length = 0
    expect(statusesOf(await write(secretOf('one')))).toEqual(['unchanged', 'created', 'unchanged'])
    expect(server().journal.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
    expect(statusesOf(await write(secretOf('two', 'id-2')))).toEqual(['updated', 'updated', 'updated'])
  })

  it('continues after a target that fails', async () => {
    const { names, write, isWriteTo, stored } = await setUp(3)
    await server().request('POST', secretsOf(names[0] ?? ''), pullSecret('pull'))
    const body = JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'quota' })
    server().faults.add({ when: isWriteTo(names[1]), fault: { kind: 'status', status: 403, body } })
    const outcomes = await write(secretOf('one'))
    expect(statusesOf(outcomes)).toEqual(['failed', 'failed', 'created'])
    expect(outcomes.filter(isFailed).flatMap(({ error }) => explain(error))).toEqual([
      expect.stringContaining('was not created by this action'),
      expect.stringContaining('403 Forbidden: quota'),
    ])
    expect(await stored()).toEqual([200, 404, 200])
    expect(mayHold(outcomes)).toEqual([false, false])
  })

  it.each([
    ['returned 403', { kind: 'status', status: 403, body: '{}' }, false],
    ['got no response', { kind: 'reset-before' }, true],
    ['returned 500', { kind: 'status', status: 500, body: '{}' }, true],
  ] as const)('records whether the server may have stored a write that %s', async (_, fault, expected) => {
    const { names, write, isWriteTo } = await setUp(1)
    server().faults.add({ when: isWriteTo(names[0]), times: 10, fault })
    const outcomes = await write(secretOf('one'))
    expect(statusesOf(outcomes)).toEqual(['failed'])
    expect(mayHold(outcomes)).toEqual([expected])
  })

  it('reads what is stored when the response to a write is lost', async () => {
    const { names, write, isWriteTo, stored } = await setUp(1)
    server().faults.add({ when: isWriteTo(names[0]), times: 10, fault: { kind: 'reset-after' } })
    expect(statusesOf(await write(secretOf('one')))).toEqual(['created'])
    expect(await stored()).toEqual([200])
  })

  it('may have stored what an admission webhook changed', async () => {
    const { names, write, isWriteTo } = await setUp(1)
    const body = JSON.stringify({ metadata: { resourceVersion: '1' }, data: {} })
    server().faults.add({ when: isWriteTo(names[0]), fault: { kind: 'status', status: 200, body } })
    expect(mayHold(await write(secretOf('one')))).toEqual([true])
  })

  it('stores nothing in a dry run', async () => {
    const { names, write, isWriteTo, stored } = await setUp(2)
    expect(statusesOf(await write(secretOf('one'), { dryRun: true }))).toEqual(['planned', 'planned'])
    expect(await stored()).toEqual([404, 404])
    server().faults.add({ when: isWriteTo(names[1]), fault: { kind: 'status', status: 422, body: '{}' } })
    expect(statusesOf(await write(secretOf('one'), { dryRun: true }))).toEqual(['planned', 'failed'])
  })

  it('sends no more requests at a time than `concurrency` allows', async () => {
    const { write } = await setUp(12, 3)
    let most = 0
    const counting = ({ headers }: RecordedRequest) => {
      const open = server().journal.filter((entry) => entry.status === undefined && isOurs(entry)).length
      most = Math.max(most, open)
      return isOurs({ headers })
    }
    server().journal.length = 0
    server().faults.add({ when: counting, times: 1000, fault: { kind: 'delay', ms: 20 } })
    expect(new Set(statusesOf(await write(secretOf('one'))))).toEqual(new Set(['created']))
    expect(most).toBe(3)
    server().faults.clear()
  })
})

function isOurs({ headers }: Pick<RecordedRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
}
