import { describe, expect, it } from 'vitest'
import { pullSecret, type Subject, secretsOf } from './subject.ts'

export function describeWrite(subject: () => Subject): void {
  describe('create', () => {
    it('returns the object with the fields that the server adds', async () => {
      const namespace = await subject().namespace()
      const { status, body } = await subject().server.request('POST', secretsOf(namespace), pullSecret('pull'))
      expect(status).toBe(201)
      expect(body).toMatchObject({ ...pullSecret('pull'), metadata: { name: 'pull', namespace } })
      expect(body.metadata.uid).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
      expect(body.metadata.resourceVersion).toMatch(/^\d+$/)
      expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    })

    it('refuses a name that is taken', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, pullSecret('pull'))
      expect(await subject().server.request('POST', secrets, pullSecret('pull'))).toMatchObject({
        status: 409,
        body: {
          reason: 'AlreadyExists',
          message: 'secrets "pull" already exists',
          details: { name: 'pull', kind: 'secrets' },
        },
      })
    })

    it('makes a name from generateName', async () => {
      const secrets = secretsOf(await subject().namespace())
      const generated = { ...pullSecret(''), metadata: { generateName: 'pull-' } }
      const { body } = await subject().server.request('POST', secrets, generated)
      expect(body.metadata.name).toMatch(/^pull-[a-z0-9]{5}$/)
    })

    it('needs its namespace, for an apply as well', async () => {
      const refusal = { status: 404, body: { reason: 'NotFound', message: 'namespaces "nowhere" not found' } }
      const secrets = secretsOf('nowhere')
      expect(await subject().server.request('POST', secrets, pullSecret('pull'))).toMatchObject(refusal)
      expect(await subject().apply(`${secrets}/pull`, pullSecret('pull'))).toMatchObject(refusal)
    })

    it('refuses new content in a namespace that is being terminated', async () => {
      const namespace = await subject().namespace()
      const deleted = await subject().server.request('DELETE', `/api/v1/namespaces/${namespace}`)
      expect(deleted).toMatchObject({ status: 200, body: { status: { phase: 'Terminating' } } })
      const { status, body } = await subject().server.request('POST', secretsOf(namespace), pullSecret('pull'))
      expect(status).toBe(403)
      expect(body.message).toBe(
        `secrets "pull" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      )
    })

    it('refuses an object of another kind or namespace', async () => {
      const secrets = secretsOf(await subject().namespace())
      const elsewhere = { ...pullSecret('pull'), metadata: { name: 'pull', namespace: 'elsewhere' } }
      const { status, body } = await subject().server.request('POST', secrets, elsewhere)
      expect(status).toBe(400)
      expect(body.message).toBe('the namespace of the provided object does not match the namespace sent on the request')
      const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pull' } }
      expect((await subject().server.request('POST', secrets, configMap)).status).toBe(400)
    })
  })

  describe('update', () => {
    it('replaces the object, guarded by its resourceVersion', async () => {
      const secrets = secretsOf(await subject().namespace())
      const { body } = await subject().server.request('POST', secrets, pullSecret('pull'))
      const labelled = { ...body, metadata: { ...body.metadata, labels: { team: 'a' } } }
      const replaced = await subject().server.request('PUT', `${secrets}/pull`, labelled)
      expect(replaced.status).toBe(200)
      expect(replaced.body.metadata).toMatchObject({ uid: body.metadata.uid, labels: { team: 'a' } })
      expect(await subject().server.request('PUT', `${secrets}/pull`, labelled)).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on secrets "pull": the object has been modified; please apply your changes to the latest version and try again',
          details: { name: 'pull', kind: 'secrets' },
        },
      })
    })

    it('refuses an object of another uid', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, pullSecret('pull'))
      const other = { ...pullSecret('pull'), metadata: { name: 'pull', uid: 'other' } }
      const { status, body } = await subject().server.request('PUT', `${secrets}/pull`, other)
      expect(status).toBe(409)
      expect(body.message).toContain('Precondition failed: UID in precondition: other, UID in object meta: ')
    })

    it('is not for a collection, nor a creation for an object', async () => {
      const secrets = secretsOf(await subject().namespace())
      expect((await subject().server.request('PUT', secrets, pullSecret('pull'))).status).toBe(405)
      expect((await subject().server.request('POST', `${secrets}/pull`, pullSecret('pull'))).status).toBe(405)
    })

    it('does not create', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      expect(await subject().server.request('PUT', path, pullSecret('pull'))).toMatchObject({
        status: 404,
        body: { reason: 'NotFound', message: 'secrets "pull" not found', details: { name: 'pull', kind: 'secrets' } },
      })
    })
  })

  describe('patch', () => {
    it('merges, and removes with null', async () => {
      const secrets = secretsOf(await subject().namespace())
      const labelled = { ...pullSecret('pull'), metadata: { name: 'pull', labels: { a: '1', b: '2' } } }
      await subject().server.request('POST', secrets, labelled)
      const patch = { metadata: { labels: { a: null, c: '3' } } }
      for (const type of ['merge-patch', 'strategic-merge-patch'] as const) {
        const { status, body } = await subject().patch(`${secrets}/pull`, type, patch)
        expect([status, body.metadata.labels]).toEqual([200, { b: '2', c: '3' }])
      }
    })

    it('removes an annotation of another manager, once, and only from the version that is named', async () => {
      const secrets = secretsOf(await subject().namespace())
      const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"kind":"Secret"}\n' }
      const secret = { ...pullSecret('pull'), metadata: { name: 'pull', annotations: { ...lastApplied, kept: 'yes' } } }
      const created = await subject().server.request(
        'POST',
        `${secrets}?fieldManager=kubectl-client-side-apply`,
        secret,
      )
      const stale = created.body.metadata.resourceVersion
      const ours = { ...pullSecret('pull'), metadata: { name: 'pull', annotations: { own: 'yes' } } }
      const applied = await subject().apply(`${secrets}/pull`, ours, { query: '&force=true' })
      expect(applied.body.metadata.annotations).toEqual({ ...lastApplied, kept: 'yes', own: 'yes' })
      const removal = (resourceVersion: string) => ({
        metadata: { resourceVersion, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': null } },
      })
      const path = `${secrets}/pull?fieldManager=tester`
      expect(await subject().patch(path, 'merge-patch', removal(stale))).toMatchObject({ status: 409 })
      const removed = await subject().patch(path, 'merge-patch', removal(applied.body.metadata.resourceVersion))
      expect(removed.body.metadata.annotations).toEqual({ kept: 'yes', own: 'yes' })
      const again = await subject().patch(path, 'merge-patch', removal(removed.body.metadata.resourceVersion))
      expect(again.body.metadata.resourceVersion).toBe(removed.body.metadata.resourceVersion)
    })

    it('adds to the imagePullSecrets of a ServiceAccount under a test of its version', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/serviceaccounts/default`
      const { body } = await subject().server.request('GET', path)
      const patch = [
        { op: 'test', path: '/metadata/resourceVersion', value: body.metadata.resourceVersion },
        { op: 'add', path: '/imagePullSecrets', value: [{ name: 'pull' }] },
      ]
      const first = await subject().patch(path, 'json-patch', patch)
      expect(first).toMatchObject({ status: 200, body: { imagePullSecrets: [{ name: 'pull' }] } })
      const late = await subject().patch(path, 'json-patch', patch)
      expect(late).toMatchObject({
        status: 422,
        body: {
          reason: 'Invalid',
          message: 'the server rejected our request due to an error in our request',
          details: {},
        },
      })
      const appended = [{ op: 'add', path: '/imagePullSecrets/-', value: { name: 'other' } }]
      const second = await subject().patch(path, 'json-patch', appended)
      expect(second.body.imagePullSecrets).toEqual([{ name: 'pull' }, { name: 'other' }])
    })

    it('refuses a resourceVersion that is no longer the live one', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/serviceaccounts/default`
      const { body } = await subject().server.request('GET', path)
      const { resourceVersion } = body.metadata
      const patch = (name: string) => ({ metadata: { resourceVersion }, imagePullSecrets: [{ name }] })
      expect((await subject().patch(path, 'merge-patch', patch('one'))).status).toBe(200)
      expect((await subject().patch(path, 'merge-patch', patch('two'))).status).toBe(409)
      expect((await subject().patch(path, 'strategic-merge-patch', patch('two'))).status).toBe(409)
    })

    it('refuses an object of another uid', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/serviceaccounts/default`
      const { status, body } = await subject().patch(path, 'merge-patch', { metadata: { uid: 'other' } })
      expect(status).toBe(422)
      expect(body.message).toContain('metadata.uid: Invalid value: "other": field is immutable')
    })

    it('refuses what it does not know', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/serviceaccounts/default`
      const { status } = await subject().server.request('PATCH', path, {}, { 'content-type': 'application/json' })
      expect(status).toBe(415)
    })
  })

  describe('delete', () => {
    it('removes a secret', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', secrets, pullSecret('pull'))
      const dry = await subject().server.request('DELETE', `${secrets}/pull?dryRun=All`)
      expect(dry.status).toBe(200)
      const deleted = await subject().server.request('DELETE', `${secrets}/pull`)
      expect(deleted).toMatchObject({ status: 200, body: { kind: 'Status', status: 'Success' } })
      expect((await subject().server.request('DELETE', `${secrets}/pull`)).status).toBe(404)
    })

    it('spares an object that is another than the one meant', async () => {
      const secrets = secretsOf(await subject().namespace())
      const { body } = await subject().server.request('POST', secrets, pullSecret('pull'))
      const remove = (uid: string) => subject().server.request('DELETE', `${secrets}/pull`, { preconditions: { uid } })
      const refused = await remove('00000000-0000-0000-0000-000000000000')
      expect(refused.status).toBe(409)
      expect(refused.body.message).toBe(
        `Operation cannot be fulfilled on Secret "pull": the UID in the precondition (00000000-0000-0000-0000-000000000000) does not match the UID in record (${body.metadata.uid}). The object might have been deleted and then recreated`,
      )
      expect((await remove(body.metadata.uid)).status).toBe(200)
    })
  })
}
