import { describe, expect, it } from 'vitest'
import type { DesiredSecret } from '../../../src/pull-secret/desired.ts'
import { changePending } from '../../../src/pull-secret/pending-mark.ts'
import { readSecret, type Stored, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { failedTarget, isFailed } from '../../../src/pull-secret/target.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import { newestConflict, type WriteOutcome, writeAll } from '../../../src/pull-secret/write-all.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectBy } from '../../support/connect-to.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { recordsOf, tokenIdOf } from '../../support/records.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { secretOf } from './desired-secret.ts'
import { otherStep, owner } from './stored-record.ts'

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
    const observe = async ({ name, adopt }: DesiredSecret) => await observeTargets(targets, { name, adopt, owner })
    const write = async (desired: DesiredSecret, { dryRun = false } = {}) =>
      await writeAll(await observe(desired), desired, dryRun)
    const isWriteTo =
      (name: string | undefined) =>
      ({ method, path }: RecordedRequest) =>
        method === 'PATCH' && path === `${secretsOf(name ?? '')}/pull`
    const stored = async () =>
      await Promise.all(names.map(async (name) => (await server().request('GET', `${secretsOf(name)}/pull`)).status))
    /** The ids of the tokens that the targets record. */
    const tokenIds = async () =>
      await Promise.all(
        names.map(async (name) => tokenIdOf((await server().request('GET', `${secretsOf(name)}/pull`)).body)),
      )
    /** The namespaces to which a write was sent, in this order. */
    const written = () =>
      server()
        .journal.filter(({ method, headers }) => method === 'PATCH' && isOurs({ headers }))
        .map(({ path }) => names.findIndex((name) => path === `${secretsOf(name)}/pull`))
    /** Changes the pending rotations of a target. */
    const mark = async (index: number, ...keys: readonly string[]) => {
      const namespace = names[index] ?? ''
      const stored = (await readSecret(cluster, namespace, 'pull')) as StoredSecret
      const pending = keys.map((key) => ({ ...owner, key, descriptions: [], superseded: [] }))
      await changePending({ cluster, namespace, stored }, 'pull', () => pending)
    }
    return { names, targets, observe, write, isWriteTo, stored, tokenIds, written, mark }
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
    [
      403,
      'secrets "pull" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1',
      'admission-denied',
      'ResourceQuota',
    ],
    [
      403,
      'secrets "pull" is forbidden: unable to create new content in namespace n because it is being terminated',
      'namespace-terminating',
      'being deleted',
    ],
    [403, 'admission webhook "w.example.com" denied the request: no label', 'admission-denied', 'owner of the webhook'],
    [400, 'admission webhook "w.example.com" does not support dry run', 'admission-denied', 'sideEffects: None'],
    [
      500,
      'Internal error occurred: failed calling webhook "w": EOF',
      'cluster-server-error',
      'webhook of this cluster',
    ],
  ])('has the hint of what refuses it: %i %s', async (status, message, code, hint) => {
    const { names, write, isWriteTo } = await setUp(1)
    const body = JSON.stringify({ kind: 'Status', message })
    server().faults.add({ when: isWriteTo(names[0]), times: 10, fault: { kind: 'status', status, body } })
    const outcomes = await write(secretOf('one'))
    expect(outcomes).toMatchObject([
      { error: { code, hint: expect.stringContaining(hint), message: expect.stringContaining(message) } },
    ])
    expect(mayHold(outcomes)).toEqual([status === 500])
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

  it('warns once where the server did not store the records', async () => {
    const { names, write, isWriteTo } = await setUp(3)
    await write(secretOf('one'))
    for (const name of names.slice(1)) {
      const { body } = await server().request('GET', `${secretsOf(name)}/pull`)
      const changed = { ...body, metadata: { ...body.metadata, annotations: {} } }
      server().faults.add({
        when: isWriteTo(name),
        fault: { kind: 'status', status: 200, body: JSON.stringify(changed) },
      })
    }
    using captured = captureLog()
    // Only what is recorded changes.
    expect(statusesOf(await write(secretOf('one', 'id-1', { scopes: ['other a/pull'] })))).not.toContain('failed')
    const warnings = captured.lines.filter((line) => line.startsWith('::warning'))
    expect(warnings).toEqual([expect.stringContaining(`Secret ${names[1]}/pull in cluster`)])
    expect(warnings[0]).toContain('and in 1 more namespace as it was written: each run will mint a new token')
  })

  it('may have stored what an admission webhook changed', async () => {
    const { names, write, isWriteTo } = await setUp(1)
    const body = JSON.stringify({ metadata: { resourceVersion: '1' }, data: {} })
    server().faults.add({ when: isWriteTo(names[0]), fault: { kind: 'status', status: 200, body } })
    expect(mayHold(await write(secretOf('one')))).toEqual([true])
  })

  describe('the target that records the pending rotation', () => {
    const rotation = { ...secretOf('two', 'id-2'), pendingKey: 'own' }

    it.each([0, 1, 2])('is written before all others: target %i', async (marked) => {
      const { write, mark, observe, written, tokenIds } = await setUp(3)
      await write(secretOf('one'))
      await mark(marked, 'theirs', 'own')
      const observed = await observe(rotation)
      server().journal.length = 0
      expect(statusesOf(await writeAll(observed, rotation, false))).toEqual(['updated', 'updated', 'updated'])
      const [first, ...others] = written()
      expect(first).toBe(marked)
      expect(others.toSorted()).toEqual([0, 1, 2].filter((index) => index !== marked))
      expect(await tokenIds()).toEqual(['id-2', 'id-2', 'id-2'])
    })

    it('is the only one that is written when another run has ended this rotation', async () => {
      const { write, mark, observe, written, tokenIds } = await setUp(3)
      await write(secretOf('one'))
      await mark(1, 'own')
      const observed = await observe(rotation)
      await mark(1, 'theirs')
      server().journal.length = 0
      const outcomes = await writeAll(observed, rotation, false)
      expect(outcomes).toMatchObject([
        { status: 'unchanged', replaced: { records: [{ tokenId: 'id-1' }] } },
        { status: 'conflict', isEnded: true, newer: { pending: [{ key: 'theirs' }] } },
        { status: 'unchanged', replaced: { records: [{ tokenId: 'id-1' }] } },
      ])
      expect(newestConflict(outcomes, owner)).toMatchObject({ isEnded: true })
      expect(written()).toEqual([1])
      expect(await tokenIds()).toEqual(['id-1', 'id-1', 'id-1'])
    })

    it('keeps no other target waiting when the rotation of another run is recorded', async () => {
      const { write, mark, observe, tokenIds } = await setUp(2)
      await write(secretOf('one'))
      await mark(0, 'theirs')
      const observed = await observe(rotation)
      await mark(0)
      expect(statusesOf(await writeAll(observed, rotation, false))).toEqual(['updated', 'updated'])
      expect(await tokenIds()).toEqual(['id-2', 'id-2'])
    })

    it('does not stop the others when it fails', async () => {
      const { names, write, mark, isWriteTo, tokenIds } = await setUp(2)
      await write(secretOf('one'))
      await mark(0, 'own')
      server().faults.add({ when: isWriteTo(names[0]), fault: { kind: 'status', status: 403, body: '{}' } })
      expect(statusesOf(await write(rotation))).toEqual(['failed', 'updated'])
      expect(await tokenIds()).toEqual(['id-1', 'id-2'])
    })
  })

  describe('targets that hold the credential already', () => {
    const wider = { scopes: ['cluster shop/pull', 'cluster 3 pull sha256:ab'] }

    /** The second of three targets has no secret. */
    async function setUpHolders() {
      const scenario = await setUp(3)
      await scenario.write(secretOf('one'))
      await server().request('DELETE', `${secretsOf(scenario.names[1] ?? '')}/pull`)
      const observed = await scenario.observe(secretOf('one'))
      server().journal.length = 0
      return { ...scenario, observed, widen: () => writeAll(observed, secretOf('one', 'id-1', wider), false) }
    }

    it('record where else it goes before it goes there', async () => {
      const { widen, written, names } = await setUpHolders()
      expect(statusesOf(await widen())).toEqual(['unchanged', 'created', 'unchanged'])
      expect(written().at(-1)).toBe(1)
      for (const name of names) {
        const { body } = await server().request('GET', `${secretsOf(name)}/pull`)
        expect(recordsOf(body)).toMatchObject([{ scope: wider.scopes }])
      }
    })

    it('keep it from going there when one of them cannot record it', async () => {
      const { widen, written, names, isWriteTo, stored } = await setUpHolders()
      server().faults.add({ when: isWriteTo(names[2]), fault: { kind: 'status', status: 403, body: '{}' } })
      const outcomes = await widen()
      expect(statusesOf(outcomes)).toEqual(['unchanged', 'failed', 'failed'])
      expect(outcomes.filter(isFailed).map(({ error, mayHold }) => [error.code, mayHold])).toEqual([
        ['scope-not-recorded', false],
        ['cluster-access-denied', false],
      ])
      expect(written().toSorted()).toEqual([0, 2])
      expect(await stored()).toEqual([200, 404, 200])
    })

    it('do not wait for a target that failed before and does not hold it', async () => {
      const { observed } = await setUpHolders()
      const failed = (stored: Stored | undefined) =>
        observed.map((target, index) => (index === 2 ? failedTarget({ ...target, stored }, new Error('no')) : target))
      const widen = async (stored: Stored | undefined) =>
        statusesOf(await writeAll(failed(stored), secretOf('one', 'id-1', wider), true))
      expect(await widen({ kind: 'absent' })).toEqual(['planned', 'planned', 'failed'])
      expect(await widen(undefined)).toEqual(['planned', 'failed', 'failed'])
    })

    it('need not record it when no run may revoke the credential', async () => {
      const { observed, names, isWriteTo } = await setUpHolders()
      server().faults.add({ when: isWriteTo(names[2]), fault: { kind: 'status', status: 403, body: '{}' } })
      const provided = { ...secretOf('one', 'id-1', wider), isRevocable: false }
      expect(statusesOf(await writeAll(observed, provided, false))).toEqual(['unchanged', 'created', 'failed'])
    })

    it('are none of those where only another step records the same id', async () => {
      const { names, targets, write, isWriteTo } = await setUp(2)
      const [first] = targets
      const theirs = { ...secretOf('theirs'), record: { ...otherStep, tokenId: 'id-1', scopes: [] } }
      await writeAll(await observeTargets(first ? [first] : [], { ...theirs, owner: theirs.record }), theirs, false)
      server().faults.add({ when: isWriteTo(names[0]), fault: { kind: 'status', status: 403, body: '{}' } })
      expect(statusesOf(await write(secretOf('one')))).toEqual(['failed', 'created'])
    })
  })

  it('returns the newest credential that this step is in conflict with', async () => {
    const { targets, observe } = await setUp(3)
    const before = await observe(secretOf('one'))
    const hours = [12, 14, 13]
    for (const [index, hour] of hours.entries()) {
      const target = targets[index]
      const newer = secretOf(`of ${hour}`, `id-${hour}`, { mintedAt: new Date(`2025-11-23T${hour}:00:00Z`) })
      if (target) await writeAll([{ ...target, status: 'ready', stored: { kind: 'absent' } }], newer, false)
    }
    const outcomes = await writeAll(before, secretOf('one'), false)
    expect(statusesOf(outcomes)).toEqual(['conflict', 'conflict', 'conflict'])
    expect(newestConflict(outcomes, owner)).toMatchObject({
      isEnded: false,
      newer: { records: [{ tokenId: 'id-14' }] },
    })
    expect(newestConflict([], owner)).toBeUndefined()
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
