import { expect, it } from 'vitest'
import { explain } from '../../../src/report/error-text.ts'
import { applyTo } from '../../support/apply-to.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const job = (image: string, env = '') => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: {
    template: {
      metadata: { labels: { app: 'migrate' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image, env: [{ name: 'A', value: env }] }] },
    },
  },
})
const RECREATE = { recreate: ['batch Job'] } as const
const COMPLETE = [
  { type: 'SuccessCriteriaMet', status: 'True' },
  { type: 'Complete', status: 'True' },
]
const FAILED = [
  { type: 'FailureTarget', status: 'True' },
  { type: 'Failed', status: 'True' },
]

describeServers((server) => {
  let namespaces = 0

  /** A Job that was applied, and to which no controller does anything. */
  async function setUp() {
    const namespace = `recreate-${++namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server())
    const apply = (image: string, options = {}) => applyTo(cluster, namespace, job(image, 'x'.repeat(600)), options)
    const { path, uid } = await apply('team/app:1')
    const patch = (at: string, change: object) =>
      server().request('PATCH', at, change, { 'content-type': 'application/merge-patch+json' })
    server().journal.length = 0
    return {
      name: `${namespace}/migrate`,
      apply,
      uid,
      read: async () => (await server().request('GET', path)).body,
      finish: async (conditions: readonly object[]) => {
        const startTime = '2026-01-01T00:00:00Z'
        const times = conditions === COMPLETE ? { startTime, completionTime: startTime } : { startTime }
        const { status } = await patch(`${path}/status`, { status: { conditions, ...times } })
        expect(status).toBe(200)
      },
      /** Acts as the garbage collector. */
      collect: async () => {
        await expect
          .poll(async () => (await server().request('GET', path)).body.metadata.finalizers, { timeout: 20_000 })
          .toContain('foregroundDeletion')
        await patch(path, { metadata: { finalizers: null } })
      },
      deletions: () => server().journal.filter(({ method }) => method === 'DELETE'),
    }
  }

  it('names the Job, and what the user can do, also after a long template', async () => {
    const migrate = await setUp()
    await migrate.finish(COMPLETE)
    const [text] = await migrate.apply('team/app:2').then(() => [], explain)
    expect(text).toMatch(
      new RegExp(
        `^Could not apply Job ${migrate.name} in cluster test: .* 422 Invalid: .*migrate.*….*field is immutable\\.`,
      ),
    )
    expect(text).toContain('Set `recreate-jobs: true`, set `ttlSecondsAfterFinished`')
    expect(migrate.deletions()).toEqual([])
  })

  it.each([
    ['complete', COMPLETE],
    ['failed', FAILED],
  ])('deletes a Job that is %s and its Pods, and creates it again', async (_, conditions) => {
    const migrate = await setUp()
    await migrate.finish(conditions)
    const [applied] = await Promise.all([migrate.apply('team/app:2', RECREATE), migrate.collect()])
    expect(applied.uid).not.toBe(migrate.uid)
    expect(await migrate.read()).toMatchObject({
      metadata: { uid: applied.uid },
      spec: { template: { spec: { containers: [{ image: 'team/app:2' }] } } },
    })
    expect(migrate.deletions().map(({ body }) => JSON.parse(String(body)))).toMatchObject([
      { propagationPolicy: 'Foreground', preconditions: { uid: migrate.uid } },
    ])
  })

  it('does not delete a Job that has not finished', async () => {
    const migrate = await setUp()
    const [text] = await migrate.apply('team/app:2', RECREATE).then(() => [], explain)
    expect(text).toContain(
      `field is immutable. Job ${migrate.name} has not finished, so it is not deleted. Run again when the Job has finished`,
    )
    expect(migrate.deletions()).toEqual([])
    expect((await migrate.read()).metadata.uid).toBe(migrate.uid)
  })

  it('is not proposed for a Job that is wrong in itself', async () => {
    const { apply } = await setUp()
    const message = 'Job.batch "migrate" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Always"'
    const body = JSON.stringify({ kind: 'Status', reason: 'Invalid', message, code: 422 })
    const fault = { kind: 'status', status: 422, body } as const
    server().faults.add({ when: ({ method }) => method === 'PATCH', fault, times: 2 })
    await expect(apply('team/app:1')).rejects.toMatchObject({
      message: expect.stringContaining('Unsupported value: "Always"'),
      hint: expect.not.stringContaining('recreate-jobs'),
    })
    server().faults.clear()
  })

  it('does not delete a Job in a dry run, or one that did not change', async () => {
    const migrate = await setUp()
    const dryRun = { ...RECREATE, dryRun: true }
    const [text] = await migrate.apply('team/app:2', dryRun).then(() => [], explain)
    expect(text).toContain('has not finished')
    await migrate.finish(COMPLETE)
    await migrate.apply('team/app:1', RECREATE)
    expect(await migrate.apply('team/app:2', dryRun)).toMatchObject({
      note: expect.stringContaining('would be deleted and created again'),
    })
    expect(migrate.deletions()).toEqual([])
  })
})
