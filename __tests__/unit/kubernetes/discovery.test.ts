import { expect, it } from 'vitest'
import { createDiscovery } from '../../../src/kubernetes/discovery.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const pod = { apiVersion: 'v1', kind: 'Pod' }

describeServers((server) => {
  it('lists the kinds of an API version once for all callers', async () => {
    const cluster = connectTo(server())
    server().journal.length = 0
    const looked = [createDiscovery(cluster, []), createDiscovery(cluster, [])].map((discover) => discover(pod))
    expect(await Promise.all(looked)).toMatchObject([{ plural: 'pods' }, { plural: 'pods' }])
    expect(server().journal.map(({ path }) => path)).toEqual(['/api/v1'])
  })

  it('lists again after an error', async () => {
    const discover = createDiscovery(connectTo(server()), [])
    const fault = { kind: 'status', status: 403 } as const
    server().faults.add({ when: { path: '/api/v1' }, times: 1, fault })
    await expect(discover(pod)).rejects.toThrow('403')
    expect(await discover(pod)).toMatchObject({ plural: 'pods', namespaced: true })
  })

  it('does not take a path from the API server', async () => {
    const resources = ['../../x', '..', 'pods/../x', 'Pods'].map((name) => ({ name, kind: 'Pod', namespaced: true }))
    const fault = { kind: 'status', status: 200, body: JSON.stringify({ resources }) } as const
    server().faults.add({ when: { path: '/api/v1' }, times: 1, fault })
    await expect(createDiscovery(connectTo(server()), [])(pod)).rejects.toMatchObject({ code: 'kind-not-found' })
  })
})
