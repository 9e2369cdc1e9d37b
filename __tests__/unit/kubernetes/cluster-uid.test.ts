import { expect, it } from 'vitest'
import { clusterUidIn, readClusterUid } from '../../../src/kubernetes/cluster-uid.ts'
import { connectTo } from '../../support/connect-to.ts'
import { errorOf } from '../../support/error-of.ts'
import type { Fault } from '../../support/http/faults.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const PATH = '/api/v1/namespaces/kube-system'

describeServers((server) => {
  async function readWith(fault: Fault): Promise<string | undefined> {
    const planned = server().faults.add({ when: { path: PATH }, times: Number.POSITIVE_INFINITY, fault })
    try {
      return await readClusterUid(connectTo(server()))
    } finally {
      expect(planned.met).toBeGreaterThan(0)
      server().faults.clear()
    }
  }

  it('is the uid of the namespace kube-system, of which only the metadata is read', async () => {
    server().journal.length = 0
    const uid = await readClusterUid(connectTo(server()))
    expect(server().journal).toMatchObject([{ path: PATH, headers: { accept: expect.stringContaining('Partial') } }])
    expect(uid).toBe((await server().request('GET', PATH)).body.metadata.uid)
  })

  it('is unknown to a user who is not allowed to read it', async () => {
    const token = await server().createToken('nobody')
    expect(await readClusterUid(connectTo(server(), { token }))).toBeUndefined()
  })

  it.each<[string, Fault]>([
    ['the namespace does not exist', { kind: 'status', status: 404 }],
    ['the request is not allowed by a proxy', { kind: 'status', status: 405 }],
    ['the uid is not a UUID', { kind: 'status', status: 200, body: '{"metadata":{"uid":"1/2 3"}}' }],
  ])('is unknown when %s', async (_, fault) => {
    expect(await readWith(fault)).toBeUndefined()
  })

  it('is an error when the response is cut off', async () => {
    expect(await errorOf(readWith({ kind: 'truncated-json' }))).toMatchObject({ code: 'cluster-unexpected-response' })
  })

  it.each([401, 408, 425, 500, 503])(
    'is an error when the server returns %d: the next run may be able to read it',
    async (status) => {
      expect(await errorOf(readWith({ kind: 'status', status }))).toMatchObject({ details: { status } })
    },
  )
})

it.each([undefined, '', 7, {}, '34effa5c-baa8-43b1-af0f', '34effa5c-baa8-43b1-af0f-a3d91e8d69f7\n'])(
  'is unknown when the uid of the namespace is %j',
  (uid) => {
    expect(clusterUidIn({ metadata: { uid } })).toBeUndefined()
  },
)
