import { expect, it } from 'vitest'
import { isFailed } from '../../../src/pull-secret/target.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import { writeAll } from '../../../src/pull-secret/write-all.ts'
import { connectBy } from '../../support/connect-to.ts'
import type { RecordedRequest } from '../../support/http/exchange.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { secretOf } from './desired-secret.ts'
import { owner } from './stored-record.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const MERGE = { 'content-type': 'application/merge-patch+json' }

describeServers((server) => {
  let scenarios = 0

  /** A secret that `kubectl apply` made, and how to write to it. */
  async function setUp() {
    const namespace = `last-applied-${++scenarios}`
    await server().createNamespace(namespace)
    const secret = {
      ...pullSecret('pull'),
      metadata: { name: 'pull', annotations: { [LAST_APPLIED]: '{}', kept: 'x' } },
    }
    await server().request('POST', `${secretsOf(namespace)}?fieldManager=kubectl-client-side-apply`, secret)
    const cluster = connectBy(server().kubeconfig(), 16)
    server().faults.clear()
    const path = `${secretsOf(namespace)}/pull`
    const isMerge = ({ path: requested, headers }: RecordedRequest) =>
      requested === path && headers['content-type'] === MERGE['content-type']
    return {
      isMerge,
      path,
      annotations: async () => (await server().request('GET', path)).body.metadata.annotations,
      async write({ adopt = true, dryRun = false } = {}) {
        const targets = await observeTargets([{ cluster, namespace }], { name: 'pull', adopt, owner })
        server().journal.length = 0
        const [outcome] = await writeAll(targets, { ...secretOf('last-applied-new'), adopt }, dryRun)
        return outcome
      },
      patches: () => server().journal.filter(({ method }) => method === 'PATCH').length,
    }
  }

  it('is removed when the secret is adopted, once', async () => {
    const { write, annotations, patches } = await setUp()
    expect(await write()).toMatchObject({ status: 'updated' })
    expect(patches()).toBe(2)
    expect(await annotations()).toMatchObject({ kept: 'x' })
    expect(await annotations()).not.toHaveProperty([LAST_APPLIED])
    expect(await write({ adopt: false })).toMatchObject({ status: 'unchanged' })
    expect(patches()).toBe(0)
  })

  it('is removed from a secret of this action that needs no other change, by one request', async () => {
    const { write, annotations, patches, path } = await setUp()
    await write()
    await server().request('PATCH', path, { metadata: { annotations: { [LAST_APPLIED]: '{}' } } }, MERGE)
    expect(await write({ adopt: false, dryRun: true })).toMatchObject({ status: 'planned' })
    expect(patches()).toBe(0)
    expect(await write({ adopt: false })).toMatchObject({ status: 'updated' })
    expect(patches()).toBe(1)
    expect(await annotations()).not.toHaveProperty([LAST_APPLIED])
  })

  it('stays in a secret that is not adopted, and in a dry run', async () => {
    const { write, annotations, patches } = await setUp()
    const before = await annotations()
    expect(await write({ adopt: false })).toMatchObject({ status: 'failed' })
    expect(patches()).toBe(0)
    expect(await write({ dryRun: true })).toMatchObject({ status: 'planned' })
    expect(patches()).toBe(1)
    expect(await annotations()).toEqual(before)
  })

  it('is removed after a conflict', async () => {
    const { write, annotations, isMerge } = await setUp()
    const body = JSON.stringify({ kind: 'Status', reason: 'Conflict' })
    server().faults.add({ when: isMerge, fault: { kind: 'status', status: 409, body } })
    expect(await write()).toMatchObject({ status: 'updated' })
    expect(await annotations()).not.toHaveProperty([LAST_APPLIED])
  })

  it('fails the target when it cannot be removed: the secret holds the new credential by then', async () => {
    const { write, isMerge } = await setUp()
    server().faults.add({ when: isMerge, times: 10, fault: { kind: 'status', status: 403, body: '{}' } })
    const outcome = await write()
    expect(outcome !== undefined && isFailed(outcome)).toBe(true)
    expect(outcome).toMatchObject({
      mayHold: true,
      error: { message: expect.stringContaining('remove the copy of an earlier credential from the secret') },
    })
    expect(await write()).toMatchObject({ status: 'failed' })
    server().faults.clear()
    expect(await write()).toMatchObject({ status: 'updated' })
  })
})
