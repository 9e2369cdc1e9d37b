// What a test cannot make the real server do: forget versions, fail.
import { describe, expect, it } from 'vitest'
import { pullSecret, Subject, secretsOf } from './conformance/subject.ts'
import { startFakeApiServer } from './fake-api-server.ts'
import { startProxy } from './proxy.ts'

describe.each([
  ['fake API server', () => startFakeApiServer()],
  [
    'proxy',
    async () => {
      const resources = new AsyncDisposableStack()
      const proxy = resources.use(await startProxy(resources.use(await startFakeApiServer())))
      return { ...proxy, [Symbol.asyncDispose]: () => resources.disposeAsync() }
    },
  ],
])('%s', (_, start) => {
  it('returns to a watch that a version is too old', async () => {
    await using server = await start()
    const events = await new Subject(server).watch('/api/v1/secrets', 'resourceVersion=1')
    expect(events).toMatchObject([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
        },
      },
    ])
  })

  it('writes a journal', async () => {
    await using server = await start()
    const path = `${secretsOf('default')}/pull`
    await new Subject(server).apply(path, pullSecret('pull'))
    expect(server.journal).toMatchObject([
      { server: 'kubernetes', method: 'PATCH', path, body: JSON.stringify(pullSecret('pull')), status: 201 },
    ])
    expect(server.journal[0]?.query.get('fieldManager')).toBe('tester')
  })

  it('meets faults before and after it acts', async () => {
    await using server = await start()
    const subject = new Subject(server)
    const secrets = secretsOf('default')
    const create = (name: string) => server.request('POST', secrets, pullSecret(name))
    const statusOf = async (name: string) => (await server.request('GET', `${secrets}/${name}`)).status

    server.faults.add({ when: { method: 'POST' }, fault: { kind: 'status', status: 503 } })
    expect((await create('refused')).status).toBe(503)
    server.faults.add({ when: { method: 'POST' }, fault: { kind: 'reset-before' } })
    await expect(create('lost')).rejects.toThrow()
    server.faults.add({ when: { method: 'POST' }, fault: { kind: 'reset-after' } })
    await expect(create('unanswered')).rejects.toThrow()
    expect([await statusOf('refused'), await statusOf('lost'), await statusOf('unanswered')]).toEqual([404, 404, 200])
    server.faults.add({ when: { path: /\/secrets$/, method: 'GET' }, fault: { kind: 'truncate' } })
    await expect(subject.watch(secrets, '')).rejects.toThrow()
  })
})
