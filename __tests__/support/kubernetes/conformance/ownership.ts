import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../resources.ts'
import { base64, pullSecret, type Subject, secretsOf } from './subject.ts'

export function describeOwnership(subject: () => Subject): void {
  describe('ownership of fields', () => {
    it('records what the manager owns', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const labelled = { ...pullSecret('pull'), metadata: { name: 'pull', labels: { team: 'a' } } }
      const { body } = await subject().apply(path, labelled)
      expect(body.metadata.managedFields).toEqual([
        {
          manager: 'tester',
          operation: 'Apply',
          apiVersion: 'v1',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:data': { 'f:.dockerconfigjson': {} },
            'f:metadata': { 'f:labels': { 'f:team': {} } },
            'f:type': {},
          },
        },
      ])
    })

    it('removes the fields that its manager no longer states, and only those', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const withMetadata = (metadata: object) => ({ ...pullSecret('pull'), metadata: { name: 'pull', ...metadata } })
      await subject().apply(path, withMetadata({ labels: { a: '1', b: '2' }, annotations: { note: 'x' } }))
      await subject().patch(path, 'merge-patch', { metadata: { labels: { theirs: '3' } } })
      const { body } = await subject().apply(path, withMetadata({ labels: { b: '2' } }))
      expect(body.metadata.labels).toEqual({ b: '2', theirs: '3' })
      expect(body.metadata.annotations).toBeUndefined()
    })

    it('takes the owners that a client writes, unless the object has changed', async () => {
      const configMaps = `/api/v1/namespaces/${await subject().namespace()}/configmaps`
      const configMap = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data })
      const created = await subject().server.request(
        'POST',
        `${configMaps}?fieldManager=kubectl`,
        configMap({ a: '1', b: '1' }),
      )
      const { managedFields, resourceVersion } = created.body.metadata
      const patch = [
        {
          op: 'replace',
          path: '/metadata/managedFields',
          value: [{ ...managedFields[0], manager: 'tester', operation: 'Apply' }],
        },
        { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
      ]
      const path = `${configMaps}/web`
      expect((await subject().patch(`${path}?fieldManager=tester`, 'json-patch', patch)).status).toBe(200)
      const { body } = await subject().apply(path, configMap({ a: '2' }))
      expect(body.data).toEqual({ a: '2' })
      expect((await subject().patch(path, 'json-patch', patch)).status).toBe(409)
    })

    it('refuses to change what another manager applied, unless forced', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      await subject().apply(path, pullSecret('pull'), { manager: 'first' })
      const changed = pullSecret('pull', '{"auths":{"registry.example":{}}}')
      const refused = await subject().apply(path, changed, { manager: 'second' })
      expect(refused).toMatchObject({
        status: 409,
        body: {
          kind: 'Status',
          reason: 'Conflict',
          message: 'Apply failed with 1 conflict: conflict with "first": .data..dockerconfigjson',
          details: {
            causes: [
              { reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.data..dockerconfigjson' },
            ],
          },
        },
      })
      const forced = await subject().apply(path, changed, { manager: 'second', query: '&force=true' })
      expect(forced.status).toBe(200)
      expect(forced.body.data).toEqual(changed.data)
      const returned = await subject().apply(path, changed, { manager: 'first' })
      expect(returned.status).toBe(200)
    })

    it('names managers that updated, and every conflict', async () => {
      const secrets = secretsOf(await subject().namespace())
      await subject().server.request('POST', `${secrets}?fieldManager=kubectl-create`, {
        ...pullSecret('pull'),
        metadata: { name: 'pull', labels: { team: 'a' } },
      })
      const { status, body } = await subject().apply(`${secrets}/pull`, {
        ...pullSecret('pull', '{"auths":{"registry.example":{}}}'),
        metadata: { name: 'pull', labels: { team: 'b' } },
      })
      expect(status).toBe(409)
      expect(body.message).toMatch(
        /^Apply failed with 2 conflicts: conflicts with "kubectl-create" using v1( at \S+)?:\n- \.data\.\.dockerconfigjson\n- \.metadata\.labels\.team$/,
      )
    })

    it('lets managers share a value', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      await subject().apply(path, pullSecret('pull'), { manager: 'first' })
      const { status, body } = await subject().apply(path, pullSecret('pull'), { manager: 'second' })
      expect(status).toBe(200)
      expect(body.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual([
        'first',
        'second',
      ])
    })

    it('distinguishes updated fields from applied ones', async () => {
      const secrets = secretsOf(await subject().namespace())
      const labelled = { ...pullSecret('pull'), metadata: { name: 'pull', labels: { team: 'a' } } }
      const created = await subject().server.request('POST', `${secrets}?fieldManager=creator`, labelled)
      expect(created.body.metadata.managedFields).toMatchObject([
        {
          manager: 'creator',
          operation: 'Update',
          fieldsV1: {
            'f:data': { '.': {}, 'f:.dockerconfigjson': {} },
            'f:metadata': { 'f:labels': { '.': {}, 'f:team': {} } },
            'f:type': {},
          },
        },
      ])
      await subject().apply(`${secrets}/pull`, pullSecret('pull'))
      const { body } = await subject().patch(`${secrets}/pull?fieldManager=editor`, 'merge-patch', {
        data: { '.dockerconfigjson': base64('{"auths":{"registry.example":{}}}') },
      })
      const owners = body.metadata.managedFields.map(({ manager, operation, fieldsV1 }: KubernetesObject) => [
        `${manager} ${operation}`,
        fieldsV1,
      ])
      expect(Object.fromEntries(owners)).toEqual({
        'creator Update': {
          'f:data': {},
          'f:metadata': { 'f:labels': { '.': {}, 'f:team': {} } },
          'f:type': {},
        },
        'tester Apply': { 'f:type': {} },
        'editor Update': { 'f:data': { 'f:.dockerconfigjson': {} } },
      })
    })

    it('changes nothing when several managers repeat themselves', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const managers = ['second', 'first', 'third']
      for (const manager of managers) await subject().apply(path, pullSecret('pull'), { manager })
      const { body } = await subject().server.request('GET', path)
      for (const manager of managers) {
        expect((await subject().apply(path, pullSecret('pull'), { manager })).body).toEqual(body)
      }
    })
  })
}
