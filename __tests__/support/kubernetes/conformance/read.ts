import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../resources.ts'
import { pod, podsOf, pullSecret, type Subject, secretsOf } from './subject.ts'

const namesOf = ({ items }: KubernetesObject) => items.map(({ metadata }: KubernetesObject) => metadata.name)

export function describeRead(subject: () => Subject): void {
  const configMaps = async (objects: readonly KubernetesObject[]) => {
    const path = `/api/v1/namespaces/${await subject().namespace()}/configmaps`
    for (const metadata of objects) await subject().server.request('POST', path, { metadata })
    return path
  }
  const get = async (path: string, accept?: string) =>
    (await subject().server.request('GET', path, undefined, accept === undefined ? {} : { accept })).body

  describe('a list', () => {
    it('comes in pages', async () => {
      const path = await configMaps(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })))
      const first = await get(`${path}?limit=2`)
      expect(first).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { remainingItemCount: 3 } })
      const second = await get(`${path}?limit=2&continue=${first.metadata.continue}`)
      const third = await get(`${path}?limit=2&continue=${second.metadata.continue}`)
      expect([first, second, third].map(namesOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
      expect(third.metadata.continue ?? '').toBe('')
      expect(new Set([first, second, third].map(({ metadata }) => metadata.resourceVersion)).size).toBe(1)
    })

    it('is selected by labels', async () => {
      const path = await configMaps([
        { name: 'a', labels: { tier: 'web', team: 'x' } },
        { name: 'b', labels: { tier: 'web' } },
        { name: 'c', labels: { tier: 'data' } },
        { name: 'd' },
      ])
      const select = async (selector: string) =>
        namesOf(await get(`${path}?labelSelector=${encodeURIComponent(selector)}`))
      expect(await select('tier=web')).toEqual(['a', 'b'])
      expect(await select('tier!=web')).toEqual(['c', 'd'])
      expect(await select('tier in (data, other)')).toEqual(['c'])
      expect(await select('tier notin (data),tier')).toEqual(['a', 'b'])
      expect(await select('!tier')).toEqual(['d'])
      expect(await select('tier==web,!team')).toEqual(['b'])
    })

    it('is selected by fields', async () => {
      const namespace = await subject().namespace()
      const secrets = secretsOf(namespace)
      await subject().server.request('POST', secrets, pullSecret('pull'))
      await subject().server.request('POST', secrets, { metadata: { name: 'plain' } })
      expect(namesOf(await get(`${secrets}?fieldSelector=metadata.name%3Dplain`))).toEqual(['plain'])
      const type = encodeURIComponent('type=kubernetes.io/dockerconfigjson')
      expect(namesOf(await get(`${secrets}?fieldSelector=${type}`))).toEqual(['pull'])
      const refused = await subject().server.request('GET', `${secrets}?fieldSelector=data%3Dx`)
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringMatching(/field label not supported/)])
    })

    it('finds the events of an object', async () => {
      const namespace = await subject().namespace()
      const { body: web } = await subject().apply(`${podsOf(namespace)}/web`, pod('web', 'app:1'))
      const events = `/api/v1/namespaces/${namespace}/events`
      for (const name of ['web', 'other']) {
        await subject().server.request('POST', events, {
          metadata: { name: `${name}.1` },
          involvedObject: { kind: 'Pod', namespace, name, uid: name === 'web' ? web.metadata.uid : 'other' },
          reason: 'Failed',
          message: `Failed to pull image of ${name}`,
          type: 'Warning',
        })
      }
      const selector = `involvedObject.kind=Pod,involvedObject.name=web,involvedObject.uid=${web.metadata.uid}`
      expect(namesOf(await get(`${events}?fieldSelector=${encodeURIComponent(selector)}`))).toEqual(['web.1'])
    })

    it('spans all namespaces', async () => {
      const namespaces = [await subject().namespace(), await subject().namespace()]
      for (const namespace of namespaces) {
        const labelled = { ...pullSecret('pull'), metadata: { name: 'pull', labels: { span: 'all' } } }
        await subject().server.request('POST', secretsOf(namespace), labelled)
      }
      const { items } = await get('/api/v1/secrets?labelSelector=span%3Dall')
      expect(items.map(({ metadata }: KubernetesObject) => metadata.namespace)).toEqual(namespaces)
    })
  })

  describe('metadata alone', () => {
    it('of an object and of a list', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, pullSecret('pull'))
      const accept = (kind: string) => `application/json;as=${kind};v=v1;g=meta.k8s.io`
      const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'pull' } }
      const one = await get(`${secrets}/pull`, accept('PartialObjectMetadata'))
      expect(one).toMatchObject(partial)
      const all = await get(`${secrets}?fieldSelector=metadata.name%3Dpull`, accept('PartialObjectMetadataList'))
      expect(all).toMatchObject({
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        items: [{ metadata: partial.metadata }],
      })
      expect([one, ...all.items].flatMap(Object.keys)).not.toContain('data')
    })
  })

  it('includes the namespaces of the system, with uids that are UUIDs', async () => {
    const names = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
    const { items } = await get('/api/v1/namespaces')
    expect(namesOf({ items })).toEqual(expect.arrayContaining(names))
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
    const { kind, metadata } = await get('/api/v1/namespaces/kube-system', accept)
    expect(kind).toBe('PartialObjectMetadata')
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const listed = items.find((one: KubernetesObject) => one.metadata.name === 'kube-system')
    expect(listed.metadata.uid).toBe(metadata.uid)
  })

  describe('a watch', () => {
    const summary = ({ type, object }: KubernetesObject) => `${type} ${object.metadata.name}`

    it('begins with the present objects and continues with changes', async () => {
      const path = await configMaps([{ name: 'old' }])
      const events = await subject().watch(path, 'fieldSelector=metadata.name!%3Dkube-root-ca.crt', async () => {
        await subject().server.request('POST', path, { metadata: { name: 'new' } })
        await subject().patch(`${path}/new`, 'merge-patch', { data: { color: 'blue' } })
        await subject().server.request('DELETE', `${path}/new`)
      })
      expect(events.map(summary)).toEqual(['ADDED old', 'ADDED new', 'MODIFIED new', 'DELETED new'])
    })

    it('continues from a version', async () => {
      const path = await configMaps([{ name: 'old' }])
      const { resourceVersion } = (await get(path)).metadata
      await subject().server.request('POST', path, { metadata: { name: 'new' } })
      const events = await subject().watch(path, `resourceVersion=${resourceVersion}`)
      expect(events.map(summary)).toEqual(['ADDED new'])
    })

    it('shows an object that comes to match as added and one that ceases to as deleted', async () => {
      const path = await configMaps([{ name: 'one' }])
      const label = (watched: string | null) =>
        subject().patch(`${path}/one`, 'merge-patch', { metadata: { labels: { watched } } })
      const events = await subject().watch(path, 'labelSelector=watched%3Dyes', async () => {
        await label('yes')
        await label(null)
      })
      expect(events.map(summary)).toEqual(['ADDED one', 'DELETED one'])
    })
  })
}
