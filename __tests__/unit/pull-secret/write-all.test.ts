import { expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import type { Provenance } from '../../../src/pull-secret/provenance.ts'
import { survey } from '../../../src/pull-secret/targets.ts'
import type { PullSecret } from '../../../src/pull-secret/write.ts'
import { fanOut, isHeldNowhere, type Outcome } from '../../../src/pull-secret/write-all.ts'
import { dockerConfig } from '../../../src/registry/docker-config.ts'
import { connectBy } from '../../support/connect-to.ts'
import type { PracticeRequest } from '../../support/http/exchange.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

function secretOf(password: string): PullSecret {
  const credential = { servers: ['registry.example.com'], username: 'token', password, email: undefined }
  const config: PullSecret['dockerConfig'] = (stored) => dockerConfig(credential, stored)
  return { name: 'pull', labels: {}, annotations: {}, adopt: false, dockerConfig: config, isDead: () => false }
}

const provenance: Provenance = {
  tokenId: 'id-1',
  mintedAt: new Date('2026-11-23T10:00:00Z'),
  expiresAt: undefined,
  run: '',
  scopes: ['scope'],
  spared: [],
}

describeServers((server) => {
  let scenes = 0

  /** Some namespaces of a cluster, and how to write to all of them. */
  async function scene(count: number, concurrency = 16) {
    const prefix = `fan-${++scenes}`
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
    await Promise.all(names.map((name) => server().createNamespace(name)))
    const cluster = connectBy(server().kubeconfig(), concurrency)
    const targets = names.map((namespace) => ({ cluster, namespace }))
    server().faults.clear()
    const write = async (secret: PullSecret, { dryRun = false, tokenId = 'id-1' } = {}) =>
      await fanOut(await survey(targets, 'pull', false), secret, { ...provenance, tokenId }, dryRun)
    const isWriteTo =
      (name: string | undefined) =>
      ({ method, path }: PracticeRequest) =>
        method === 'PATCH' && path === `${secretsOf(name ?? '')}/pull`
    const stored = async () =>
      await Promise.all(names.map(async (name) => (await server().request('GET', `${secretsOf(name)}/pull`)).status))
    return { names, targets, write, isWriteTo, stored }
  }

  const resultsOf = (outcomes: readonly Outcome[]) => outcomes.map(({ result }) => result)

  it('writes to every target, and only where something is to be written', async () => {
    const { names, write } = await scene(3)
    expect(resultsOf(await write(secretOf('one')))).toEqual(['created', 'created', 'created'])
    await server().request('DELETE', `${secretsOf(names[1] ?? '')}/pull`)
    server().journal.length = 0
    expect(resultsOf(await write(secretOf('one')))).toEqual(['unchanged', 'created', 'unchanged'])
    expect(server().journal.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
    expect(resultsOf(await write(secretOf('two'), { tokenId: 'id-2' }))).toEqual(['updated', 'updated', 'updated'])
  })

  it('is not stopped by a target that fails', async () => {
    const { names, write, isWriteTo, stored } = await scene(3)
    await server().request('POST', secretsOf(names[0] ?? ''), pullSecret('pull'))
    const body = JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'quota' })
    server().faults.add({ when: isWriteTo(names[1]), fault: { kind: 'status', status: 403, body } })
    const outcomes = await write(secretOf('one'))
    expect(resultsOf(outcomes)).toEqual(['failed', 'failed', 'created'])
    const complaints = outcomes.flatMap((outcome) => ('failure' in outcome ? explain(outcome.failure) : []))
    expect(complaints).toEqual([
      expect.stringContaining('is not ours'),
      expect.stringContaining('403 Forbidden: quota'),
    ])
    expect(await stored()).toEqual([200, 404, 200])
    expect(isHeldNowhere(outcomes)).toBe(false)
  })

  it.each([
    ['refused', { kind: 'status', status: 403, body: '{}' }, true],
    ['answered by nobody', { kind: 'reset-before' }, false],
    ['answered by a server in trouble', { kind: 'status', status: 500, body: '{}' }, false],
  ] as const)('knows whether a write may have happened that was %s', async (_, fault, nowhere) => {
    const { names, write, isWriteTo } = await scene(1)
    server().faults.add({ when: isWriteTo(names[0]), times: 10, fault })
    const outcomes = await write(secretOf('one'))
    expect(resultsOf(outcomes)).toEqual(['failed'])
    expect(isHeldNowhere(outcomes)).toBe(nowhere)
  })

  it('looks at what is stored when the answer to a write is lost', async () => {
    const { names, write, isWriteTo, stored } = await scene(1)
    server().faults.add({ when: isWriteTo(names[0]), times: 10, fault: { kind: 'reset-after' } })
    expect(resultsOf(await write(secretOf('one')))).toEqual(['created'])
    expect(await stored()).toEqual([200])
  })

  it('may hold what a webhook changed on its way into the store', async () => {
    const { names, write, isWriteTo } = await scene(1)
    const body = JSON.stringify({ metadata: { resourceVersion: '1' }, data: {} })
    server().faults.add({ when: isWriteTo(names[0]), fault: { kind: 'status', status: 200, body } })
    expect(isHeldNowhere(await write(secretOf('one')))).toBe(false)
  })

  it('holds nothing nowhere', () => {
    expect(isHeldNowhere([])).toBe(true)
  })

  it('stores nothing in a dry run', async () => {
    const { names, write, isWriteTo, stored } = await scene(2)
    expect(resultsOf(await write(secretOf('one'), { dryRun: true }))).toEqual(['planned', 'planned'])
    expect(await stored()).toEqual([404, 404])
    server().faults.add({ when: isWriteTo(names[1]), fault: { kind: 'status', status: 422, body: '{}' } })
    expect(resultsOf(await write(secretOf('one'), { dryRun: true }))).toEqual(['planned', 'failed'])
  })

  it('keeps its promise of how many requests are in flight', async () => {
    const { write } = await scene(12, 3)
    let most = 0
    const counting = ({ headers }: PracticeRequest) => {
      const open = server().journal.filter((entry) => entry.status === undefined && isOurs(entry)).length
      most = Math.max(most, open)
      return isOurs({ headers })
    }
    server().journal.length = 0
    server().faults.add({ when: counting, times: 1000, fault: { kind: 'delay', ms: 20 } })
    expect(new Set(resultsOf(await write(secretOf('one'))))).toEqual(new Set(['created']))
    expect(most).toBe(3)
    server().faults.clear()
  })
})

function isOurs({ headers }: Pick<PracticeRequest, 'headers'>): boolean {
  return headers['user-agent']?.startsWith('registry-pull-secret/') ?? false
}
