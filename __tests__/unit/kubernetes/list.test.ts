import { beforeAll, expect, it } from 'vitest'
import { asObject } from '../../../src/core/json.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { listAll } from '../../../src/kubernetes/list.ts'
import { listHolders } from '../../../src/pull-secret/list.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeOwnServers } from '../../support/kubernetes/describe-servers.ts'
import { annotationOf } from '../../support/records.ts'

const NAMES = ['one', 'two', 'three', 'four', 'five']

/** The response to an expired continue token. */
const EXPIRED = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'The provided continue parameter is too old to display a consistent list result.',
  reason: 'Expired',
  code: 410,
})

describeOwnServers((server) => {
  const path = secretsOf('paging')

  beforeAll(async () => {
    await server().createNamespace('paging')
    for (const name of NAMES) {
      const labels = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }
      const annotations = annotationOf({ id: 'id-1', hosts: ['registry.example.com'], provider: 'dedicated' })
      await server().request('POST', path, { ...pullSecret(name), metadata: { name, labels, annotations } })
    }
  })

  /** The cluster, with two objects a page. */
  function inSmallPages(): Cluster {
    const cluster = connectTo(server())
    return {
      ...cluster,
      request: (request) => cluster.request({ ...request, query: { ...request.query, limit: '2' } }),
    }
  }

  const list = () =>
    listAll(inSmallPages(), { operation: 'list the secrets', path, query: { fieldSelector: TYPE } }, ({ metadata }) =>
      String(asObject(metadata).name),
    )

  const pages = () => server().journal.map(({ query }) => (query.has('continue') ? 'next' : 'first'))

  it.each(['{"kind":"Status","status":"ActionError"}', '{"items":{}}'])(
    'rejects a response without items: %s',
    async (body) => {
      server().faults.add({ when: { path }, times: 1, fault: { kind: 'status', status: 200, body } })
      await expect(list()).rejects.toThrow('it is not a list')
    },
  )

  /** The requests for the second page of a list, or for its third, fail this many times because the list has expired. */
  function expire(times: number, page: 'second' | 'third' = 'second') {
    server().journal.length = 0
    let asked = 0
    return server().faults.add({
      when: ({ query }) => query.has('continue') && (page === 'second' || ++asked % 2 === 0),
      times,
      fault: { kind: 'status', status: 410, headers: { 'content-type': 'application/json' }, body: EXPIRED },
    })
  }

  it('reads page by page', async () => {
    server().journal.length = 0
    expect((await list()).sort()).toEqual(NAMES.toSorted())
    expect(pages()).toEqual(['first', 'next', 'next'])
  })

  it('starts again when the list expires between two pages, and returns each object once', async () => {
    const planned = expire(2, 'third')
    expect((await list()).sort()).toEqual(NAMES.toSorted())
    expect(planned.met).toBe(2)
    expect(pages()).toEqual(['first', 'next', 'next', 'first', 'next', 'next', 'first', 'next', 'next'])
  })

  it('counts each holder of a token once when the list expires', async () => {
    const planned = expire(1)
    const holders = await listHolders(inSmallPages())
    expect(holders?.get('id-1')?.toSorted()).toEqual(NAMES.map((name) => `test: paging/${name}`).sort())
    expect(planned.met).toBe(1)
  })

  it('fails when the list expires three times', async () => {
    expire(Number.POSITIVE_INFINITY)
    expect(await list().catch(explain)).toEqual([
      expect.stringMatching(/^Could not list the secrets: .* returned 410 Expired: The provided continue parameter/),
    ])
    expect(pages()).toEqual(['first', 'next', 'first', 'next', 'first', 'next'])
    server().faults.clear()
  })
})

/** Without the tokens that an API server makes for service accounts. */
const TYPE = 'type=kubernetes.io/dockerconfigjson'
