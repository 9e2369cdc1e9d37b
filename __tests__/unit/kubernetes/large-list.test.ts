import { beforeAll, expect, it } from 'vitest'
import { asObject } from '../../../src/core/json.ts'
import { MAX_RESPONSE_BYTES } from '../../../src/http/body.ts'
import { ResponseTooLarge } from '../../../src/http/errors.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { listAll } from '../../../src/kubernetes/list.ts'
import { connectTo } from '../../support/connect-to.ts'
import { errorOf } from '../../support/error-of.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const LARGE = Array.from({ length: 12 }, (_, index) => `large-${String(index).padStart(2, '0')}`)
const SMALL = Array.from({ length: 20 }, (_, index) => `small-${String(index).padStart(2, '0')}`)
const LARGE_BYTES = 10_000

describeServers((server) => {
  const path = '/api/v1/namespaces/large-list/configmaps'

  beforeAll(async () => {
    await server().createNamespace('large-list')
    for (const name of [...LARGE, ...SMALL]) {
      const data = { text: 'x'.repeat(name.startsWith('large') ? LARGE_BYTES : 1) }
      await server().request('POST', path, { metadata: { name }, data })
    }
  })

  /** A cluster whose responses are too large from `maxBytes` on, and have as many times the limit as they have of that. */
  function withMaxBytes(maxBytes: number): Cluster {
    const cluster = connectTo(server())
    return {
      ...cluster,
      request: async (request) => {
        const response = await cluster.request(request)
        const { length } = response.text
        const exchange = {
          service: 'cluster',
          operation: request.operation,
          from: `GET ${path}`,
          host: 'test',
        } as const
        if (length > maxBytes) throw new ResponseTooLarge(exchange, maxBytes)
        return { ...response, text: ' '.repeat((length / maxBytes) * MAX_RESPONSE_BYTES) }
      },
    }
  }

  const list = (cluster: Cluster) => {
    server().journal.length = 0
    const request = { operation: 'list the objects', path, query: { fieldSelector: 'metadata.name!=kube-root-ca.crt' } }
    return listAll(cluster, request, ({ metadata }) => String(asObject(metadata).name))
  }
  const limits = () => server().journal.map(({ query }) => Number(query.get('limit')))

  it('is read in smaller pages where a page is too large, and in larger ones where there is room', async () => {
    using captured = captureLog()
    expect(await list(withMaxBytes(LARGE_BYTES * 6))).toEqual([...LARGE, ...SMALL])
    // Five large objects fill most of a page: ten would be too large.
    expect(limits()).toEqual([500, 50, 5, 5, 5, 10, 20])
    expect(captured.log.text).toContain('Could not list the objects: GET')
    expect(captured.log.text.match(/trying again with \d+ objects at a time$/gm)).toEqual([
      'trying again with 50 objects at a time',
      'trying again with 5 objects at a time',
    ])
  })

  it('is read object by object where no two fit', async () => {
    expect(await list(withMaxBytes(LARGE_BYTES * 1.5))).toEqual([...LARGE, ...SMALL])
    expect(limits().slice(0, 15)).toEqual([500, 50, 5, ...Array(12).fill(1)])
  })

  it('fails when one object alone is too large', async () => {
    using captured = captureLog()
    const error = await errorOf(list(withMaxBytes(LARGE_BYTES / 2)))
    expect(error).toMatchObject({ name: 'ResponseTooLarge', code: 'cluster-unexpected-response' })
    expect(limits()).toEqual([500, 50, 5, 1])
    expect(captured.log.text).toMatch(/trying again with 1 object at a time$/m)
  })
})
