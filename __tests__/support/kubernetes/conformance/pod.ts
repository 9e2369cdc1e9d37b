import { describe, expect, it } from 'vitest'
import { pod, podsOf, type Subject } from './subject.ts'

export function describePod(subject: () => Subject): void {
  describe('a Pod', () => {
    it('gets its defaults', async () => {
      const pods = podsOf(await subject().namespace())
      const { body } = await subject().server.request('POST', pods, pod('web', 'registry.example/team/app:1'))
      expect(body).toMatchObject({
        spec: {
          restartPolicy: 'Always',
          serviceAccountName: 'default',
          containers: [{ name: 'app', imagePullPolicy: 'IfNotPresent' }],
        },
        status: { phase: 'Pending' },
      })
      const latest = await subject().server.request('POST', pods, pod('latest', 'registry.example/team/app'))
      expect(latest.body.spec.containers[0].imagePullPolicy).toBe('Always')
    })

    it('takes the pull secrets of its ServiceAccount when it has none', async () => {
      const namespace = await subject().namespace()
      const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`
      await subject().patch(account, 'merge-patch', { imagePullSecrets: [{ name: 'pull' }] })
      const pullSecrets = async () => {
        const path = `${podsOf(namespace)}?dryRun=All`
        return (await subject().server.request('POST', path, pod('web', 'app:1'))).body.spec.imagePullSecrets
      }
      // The real server looks at a cache that follows the change.
      await expect.poll(pullSecrets).toEqual([{ name: 'pull' }])
    })

    it('needs its ServiceAccount', async () => {
      const namespace = await subject().namespace()
      const web = pod('web', 'app:1')
      const { status, body } = await subject().server.request('POST', podsOf(namespace), {
        ...web,
        spec: { ...web.spec, serviceAccountName: 'nobody' },
      })
      expect(status).toBe(403)
      expect(body.message).toBe(
        `pods "web" is forbidden: error looking up service account ${namespace}/nobody: serviceaccount "nobody" not found`,
      )
    })

    it('needs a container with an image', async () => {
      const pods = podsOf(await subject().namespace())
      const { status, body } = await subject().server.request('POST', pods, pod('web', ''))
      expect(status).toBe(422)
      expect(body.message).toContain('spec.containers[0].image: Required value')
    })

    it('is applied twice without a change', async () => {
      const path = `${podsOf(await subject().namespace())}/web`
      const first = await subject().apply(path, pod('web', 'app:1'))
      const second = await subject().apply(path, pod('web', 'app:1'))
      expect(second.body).toEqual(first.body)
    })

    it('changes its image, and little else', async () => {
      const path = `${podsOf(await subject().namespace())}/web`
      await subject().apply(path, pod('web', 'app:1'))
      const changed = await subject().apply(path, pod('web', 'app:2'))
      expect(changed).toMatchObject({ status: 200, body: { spec: { containers: [{ image: 'app:2' }] } } })
      const web = pod('web', 'app:2')
      const refused = await subject().apply(path, {
        ...web,
        spec: { ...web.spec, imagePullSecrets: [{ name: 'pull' }] },
      })
      expect(refused.status).toBe(422)
      expect(refused.body).toMatchObject({ reason: 'Invalid', details: { name: 'web', kind: 'Pod' } })
      expect(refused.body.message).toMatch(
        /^Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`/,
      )
      const second = { ...web, spec: { containers: [...web.spec.containers, { name: 'more', image: 'app:1' }] } }
      expect((await subject().apply(path, second)).body.message).toBe(
        'Pod "web" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
      )
    })

    it('has a status of its own', async () => {
      const path = `${podsOf(await subject().namespace())}/web`
      await subject().apply(path, pod('web', 'app:1'))
      const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
      const patched = await subject().patch(`${path}/status`, 'merge-patch', { status })
      expect(patched).toMatchObject({ status: 200, body: { status } })
      await subject().patch(path, 'merge-patch', { status: { phase: 'Failed' }, metadata: { labels: { seen: 'yes' } } })
      const { body } = await subject().server.request('GET', path)
      expect(body).toMatchObject({ status, metadata: { labels: { seen: 'yes' } } })
    })

    it('is gone at once when it was never on a node', async () => {
      const path = `${podsOf(await subject().namespace())}/web`
      await subject().apply(path, pod('web', 'app:1'))
      const deleted = await subject().server.request('DELETE', path)
      expect(deleted).toMatchObject({ status: 200, body: { kind: 'Pod', metadata: { name: 'web' } } })
      expect((await subject().server.request('GET', path)).status).toBe(404)
    })
  })

  describe('a Deployment', () => {
    it('counts its generations', async () => {
      const path = `/apis/apps/v1/namespaces/${await subject().namespace()}/deployments/web`
      const deployment = (image: string, labels = {}) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', labels },
        spec: {
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } },
        },
      })
      const generation = async (object: object) => (await subject().apply(path, object)).body.metadata.generation
      expect(await generation(deployment('app:1'))).toBe(1)
      expect(await generation(deployment('app:1', { team: 'a' }))).toBe(1)
      expect(await generation(deployment('app:2'))).toBe(2)
    })
  })
}
