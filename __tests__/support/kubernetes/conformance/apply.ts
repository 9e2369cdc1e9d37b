import { describe, expect, it } from 'vitest'
import { base64, pod, podsOf, pullSecret, type Subject, secretsOf } from './subject.ts'

export function describeApply(subject: () => Subject): void {
  describe('server-side apply', () => {
    it('creates, then changes nothing when nothing changed', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const created = await subject().apply(path, pullSecret('pull'))
      const repeated = await subject().apply(path, pullSecret('pull'))
      expect([created.status, repeated.status]).toEqual([201, 200])
      expect(repeated.body).toEqual(created.body)
    })

    it('takes an object without a field of its own, and takes it again', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/configmaps/empty`
      const empty = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'empty' } }
      const created = await subject().apply(path, empty)
      const repeated = await subject().apply(path, empty)
      expect([created.status, repeated.status]).toEqual([201, 200])
    })

    it('takes YAML', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/configmaps/settings`
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: blue\n'
      const { status, body } = await subject().apply(path, yaml)
      expect(status).toBe(201)
      expect(body.data).toEqual({ color: 'blue' })
    })

    it('merges lists of a Pod by their keys', async () => {
      const path = `${podsOf(await subject().namespace())}/web`
      const sidecar = { name: 'sidecar', image: 'sidecar:1' }
      const base = pod('web', 'app:1')
      const env = [{ name: 'MODE', value: 'test' }]
      const containers = [{ ...base.spec.containers[0], env }, sidecar]
      await subject().apply(path, { ...base, spec: { containers, imagePullSecrets: [{ name: 'pull' }] } })
      const image = { ...base, spec: { containers: [{ name: 'app', image: 'app:2' }] } }
      const { status, body } = await subject().apply(path, image, { manager: 'updater', query: '&force=true' })
      expect(status).toBe(200)
      expect(body.spec.containers).toMatchObject([{ name: 'app', image: 'app:2', env }, sidecar])
      expect(body.spec.imagePullSecrets).toEqual([{ name: 'pull' }])
    })

    it('replaces the imagePullSecrets of a ServiceAccount as a whole', async () => {
      const path = `/api/v1/namespaces/${await subject().namespace()}/serviceaccounts/default`
      const account = (name: string) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default' },
        imagePullSecrets: [{ name }],
      })
      await subject().apply(path, account('one'), { manager: 'first' })
      const { status, body } = await subject().apply(path, account('two'), { manager: 'second' })
      expect(status).toBe(409)
      expect(body.message).toBe('Apply failed with 1 conflict: conflict with "first": .imagePullSecrets')
      const forced = await subject().apply(path, account('two'), { manager: 'second', query: '&force=true' })
      expect(forced.body.imagePullSecrets).toEqual([{ name: 'two' }])
    })

    it('stores nothing in a dry run', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const dry = await subject().apply(path, pullSecret('pull'), { query: '&dryRun=All' })
      expect(dry.status).toBe(201)
      expect(dry.body.metadata.uid).toBeTypeOf('string')
      expect((await subject().server.request('GET', path)).status).toBe(404)
    })

    it.each([
      ['no field manager', '', {}, 422, /fieldManager: Required value: is required for apply patch/],
      [
        'managed fields',
        'tester',
        { metadata: { name: 'pull', managedFields: [{}] } },
        400,
        /managedFields must be nil/,
      ],
      ['an unknown field', 'tester', { unheard: 'of' }, 500, /\.unheard: field not declared in schema/],
      ['another name', 'tester', { metadata: { name: 'other' } }, 400, /the name of the object/],
      ['no name', 'tester', { metadata: {} }, 400, /name must be provided/],
      ['another version', 'tester', { apiVersion: 'v2' }, 400, /Incorrect version specified in apply patch/],
      ['base64 that is none', 'tester', { data: { '.dockerconfigjson': '%' } }, 500, /illegal base64/],
    ])('refuses %s', async (_, manager, change, code, message) => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const { status, body } = await subject().apply(path, { ...pullSecret('pull'), ...change }, { manager })
      expect([status, body.message]).toEqual([code, expect.stringMatching(message)])
    })

    it.each([
      ['an unknown field', { imagePullPolcy: 'Always' }, '.imagePullPolcy: field not declared in schema'],
      ['duplicate variables', { env: [{ name: 'A' }, { name: 'A' }] }, '.env: duplicate entries for key [name="A"]'],
      [
        'duplicate ports',
        { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] },
        '.ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
      ],
      ['a wrong type', { tty: 'yes' }, '.tty: expected boolean, got &{yes}'],
    ])('does not expect %s of a container', async (_, fields, mistake) => {
      const web = pod('web', 'app:1')
      const containers = [{ ...web.spec.containers[0], ...fields }]
      const path = `${podsOf(await subject().namespace())}/web`
      const { status, body } = await subject().apply(path, { ...web, spec: { containers } })
      expect([status, body.reason]).toEqual([500, undefined])
      expect(body.message).toMatch(/^failed to create typed patch object( \(.*; v1, Kind=Pod\))?: /)
      expect(body.message).toContain(`: .spec.containers[name="app"]${mistake}`)
    })

    it('guards by resourceVersion when the configuration has one', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      const { body } = await subject().apply(path, pullSecret('pull'))
      const { resourceVersion } = body.metadata
      const next = (config: string) => ({ ...pullSecret('pull', config), metadata: { name: 'pull', resourceVersion } })
      expect((await subject().apply(path, next('{"auths":{"a":{}}}'))).status).toBe(200)
      const late = await subject().apply(path, next('{"auths":{"b":{}}}'))
      expect(late.status).toBe(409)
      expect(late.body.message).toMatch(/the object has been modified/)
    })

    it('creates in spite of a resourceVersion, but not in spite of a uid', async () => {
      const secrets = secretsOf(await subject().namespace())
      const stated = (name: string, metadata: object) => ({ ...pullSecret(name), metadata: { name, ...metadata } })
      expect((await subject().apply(`${secrets}/a`, stated('a', { resourceVersion: '5' }))).status).toBe(201)
      // 1.20 finds the uid invalid, its successors a conflict.
      expect([409, 422]).toContain((await subject().apply(`${secrets}/b`, stated('b', { uid: 'other' }))).status)
    })

    it('changes no object of another uid', async () => {
      const path = `${secretsOf(await subject().namespace())}/pull`
      await subject().apply(path, pullSecret('pull'))
      const other = { ...pullSecret('pull'), metadata: { name: 'pull', uid: 'other' } }
      expect((await subject().apply(path, other)).status).toBe(422)
    })

    it('merges stringData into data', async () => {
      const path = `${secretsOf(await subject().namespace())}/plain`
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'plain' }, stringData: { key: 'value' } }
      const { body } = await subject().apply(path, secret)
      expect(body.data).toEqual({ key: base64('value') })
      expect(body.stringData).toBeUndefined()
    })
  })
}
