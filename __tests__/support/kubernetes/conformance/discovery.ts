import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../resources.ts'
import type { Subject } from './subject.ts'

export function describeDiscovery(subject: () => Subject): void {
  const get = async (path: string) => (await subject().server.request('GET', path)).body

  describe('discovery', () => {
    it('returns the version and that the server is ready', async () => {
      expect(await get('/version')).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) })
      expect(await get('/readyz')).toBe('ok')
    })

    it('lists groups and resources', async () => {
      expect(await get('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
      const { kind, groups } = await get('/apis')
      expect(kind).toBe('APIGroupList')
      const preferred = groups.map(({ preferredVersion }: KubernetesObject) => preferredVersion.groupVersion)
      expect(preferred).toEqual(expect.arrayContaining(['apps/v1', 'batch/v1', 'authorization.k8s.io/v1']))
      const core = await get('/api/v1')
      expect(core).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' })
      const find = (name: string) => core.resources.find((resource: KubernetesObject) => resource.name === name)
      expect(find('secrets')).toMatchObject({ kind: 'Secret', namespaced: true })
      expect(find('namespaces')).toMatchObject({ kind: 'Namespace', namespaced: false })
      expect(find('pods/status')).toMatchObject({ kind: 'Pod', namespaced: true })
      expect(find('pods').verbs).toEqual(
        expect.arrayContaining(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
      )
      const apps = await get('/apis/apps/v1')
      expect(apps.resources.map(({ kind }: KubernetesObject) => kind)).toContain('Deployment')
    })

    it('returns 404 for what it does not serve', async () => {
      const unheard = await subject().server.request('GET', '/apis/unheard.example/v1/things')
      expect(unheard).toEqual({ status: 404, body: '404 page not found\n' })
      expect(await subject().server.request('GET', '/api/v1/things')).toMatchObject({
        status: 404,
        body: { reason: 'NotFound', message: 'the server could not find the requested resource' },
      })
    })
  })
}
