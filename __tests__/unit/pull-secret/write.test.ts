import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { MAX_CONFLICTS } from '../../../src/kubernetes/conflict.ts'
import { type DesiredSecret, isCurrent } from '../../../src/pull-secret/desired.ts'
import { changePending } from '../../../src/pull-secret/pending-mark.ts'
import { readSecret, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { type CredentialRecord, formatRecords, RECORDS } from '../../../src/pull-secret/record.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { writeSecret } from '../../../src/pull-secret/write.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { base64, pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { annotationOf, recordsOf } from '../../support/records.ts'
import { HOST, otherStep, owner, recordOf } from './stored-record.ts'

/** A pull secret with this password, and what a test changes of it. */
function secretOf(password: string, change: Change = {}): DesiredSecret {
  const record = { ...ownRecord, ...change.record }
  return {
    name: 'pull',
    labels: { team: 'a' },
    annotations: { note: 'ours' },
    adopt: false,
    logins: [{ servers: record.hosts, username: 'token', password }],
    email: 'a@b.c',
    isUnusable: () => false,
    isRevocable: true,
    pendingKey: undefined,
    ...change,
    record,
  }
}

type Change = Partial<Omit<DesiredSecret, 'record'>> & { readonly record?: Partial<CredentialRecord> }

const RUN = 'https://github.com/acme/shop/actions/runs/1'
const ownRecord = recordOf({ expiresAt: new Date('2025-12-23T10:00:00Z'), run: RUN })

const entryOf = (password: string) => ({
  username: 'token',
  password,
  email: 'a@b.c',
  auth: base64(`token:${password}`),
})

function writtenIn({ identity, inKubeconfig }: Cluster, record: CredentialRecord): CredentialRecord {
  return { ...record, cluster: { identity, inKubeconfig: inKubeconfig.identity } }
}

describeServers((server) => {
  const counter = { namespaces: 0 }

  async function setUp() {
    const namespace = `secrets-${++counter.namespaces}`
    await server().createNamespace(namespace)
    const cluster = connectTo(server(), { namespace })
    const path = `${secretsOf(namespace)}/pull`
    server().journal.length = 0
    return {
      namespace,
      cluster,
      subject: new Subject(server()),
      path,
      get: async () => (await server().request('GET', path)).body,
      config: async () => {
        const { body } = await server().request('GET', path)
        return Buffer.from(body.data['.dockerconfigjson'], 'base64').toString()
      },
      stored: () => readSecret(cluster, namespace, 'pull'),
      /** The annotation of records that were written in this cluster. */
      written: (records: readonly CredentialRecord[]) => formatRecords(records.map((one) => writtenIn(cluster, one))),
      write: (desired: DesiredSecret) => write({ cluster, namespace }, desired),
    }
  }

  async function write(target: Target, desired: DesiredSecret): Promise<string> {
    const stored = await readSecret(target.cluster, target.namespace, 'pull')
    return (await writeSecret({ ...target, status: 'ready', stored }, desired, false)).status
  }

  /** The error as a user reads it. */
  async function errorTextOf(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => expect.fail('it should have failed'),
      (thrown: unknown) => thrown,
    )
    return explain(error).join('\n')
  }

  describe('a secret of ours', () => {
    it('is created with annotations that record its credential', async () => {
      const { get, write, config, cluster } = await setUp()
      expect(await write(secretOf('one'))).toBe('created')
      const { type, data, metadata } = await get()
      expect(type).toBe('kubernetes.io/dockerconfigjson')
      expect(Object.keys(data)).toEqual(['.dockerconfigjson'])
      expect(await config()).toBe(JSON.stringify({ auths: { [HOST]: entryOf('one') } }))
      expect(metadata.labels).toEqual({ team: 'a', 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
      expect(metadata.annotations).toEqual({
        note: 'ours',
        'registry-pull-secret/run': RUN,
        'registry-pull-secret/credentials': expect.any(String),
      })
      expect(recordsOf({ metadata })).toEqual([
        {
          hosts: [HOST],
          provider: 'dedicated',
          repository: 'acme/shop',
          id: 'id-1',
          'minted-at': '2025-11-23T10:00:00.123Z',
          'expires-at': '2025-12-23T10:00:00Z',
          scope: ['cluster shop/pull'],
          cluster: `${cluster.identity} ${cluster.inKubeconfig.identity}`,
          run: RUN,
        },
      ])
      expect(metadata.managedFields).toMatchObject([{ manager: 'registry-pull-secret', operation: 'Apply' }])
    })

    it('is updated in place', async () => {
      const { get, write, config } = await setUp()
      await write(secretOf('one'))
      const { uid } = (await get()).metadata
      const two = secretOf('two', { labels: {}, record: { tokenId: 'id-2', expiresAt: undefined } })
      expect(await write(two)).toBe('updated')
      const { metadata } = await get()
      expect(metadata.uid).toBe(uid)
      expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
      expect(recordsOf({ metadata })).toMatchObject([{ id: 'id-2' }])
      expect(recordsOf({ metadata })[0]).not.toHaveProperty('expires-at')
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('two') })
    })

    it('stays as it is when it is written again', async () => {
      const { get, write } = await setUp()
      await write(secretOf('one'))
      const { resourceVersion } = (await get()).metadata
      expect(await write(secretOf('one'))).toBe('unchanged')
      expect((await get()).metadata.resourceVersion).toBe(resourceVersion)
    })

    it('counts as unchanged when only the record of its credential changes', async () => {
      const { get, write } = await setUp()
      await write(secretOf('one'))
      expect(await write(secretOf('one', { record: { scopes: ['another scope'] } }))).toBe('unchanged')
      expect(recordsOf(await get())).toMatchObject([{ scope: ['another scope'] }])
    })

    it.each<[string, Change, boolean]>([
      ['the same', {}, true],
      ['another run', { record: { run: 'https://github.com/acme/shop/actions/runs/2' } }, true],
      ['another password', secretOf('two'), false],
      ['another label', { labels: { team: 'b' } }, false],
      ['one more annotation', { annotations: { note: 'ours', more: '' } }, false],
      ['another token', { record: { tokenId: 'id-2' } }, false],
      ['another scope', { record: { scopes: ['elsewhere shop/pull'] } }, false],
      ['a token that was retained', { record: { retained: ['id-0'] } }, false],
      ['another expiry', { record: { expiresAt: new Date('2027-01-01T00:00:00Z') } }, false],
      ['one more host', { record: { hosts: [HOST, 'b.example.com'] } }, false],
      ['another host', { record: { hosts: ['b.example.com'] } }, false],
      ['another provider', { record: { provider: 'static' } }, false],
      // What is not read back is not compared: it would be written again by every run.
      ['a time ahead of now', { record: { mintedAt: new Date(Date.now() + 60 * 60_000) } }, false],
    ])('is compared before it is written: %s', async (_, change, expected) => {
      const { stored, write } = await setUp()
      expect(isCurrent(await stored(), secretOf('one'))).toBe(false)
      await write(secretOf('one'))
      expect(isCurrent(await stored(), secretOf('one', change))).toBe(expected)
    })

    it('is current as soon as it is written, also by a clock that is far ahead', async () => {
      const { stored, write } = await setUp()
      const ahead = secretOf('one', { record: { mintedAt: new Date(Date.now() + 60 * 60_000) } })
      expect(await write(ahead)).toBe('created')
      expect(isCurrent(await stored(), ahead)).toBe(true)
    })

    it.each<[string, Record<string, string>]>([
      ['no record', { [RECORDS]: '[]' }],
      ['damaged records', { [RECORDS]: '[{"id":' }],
      ['more records than are read', { [RECORDS]: JSON.stringify([{ note: 'x'.repeat(70_000) }]) }],
      ['another id', annotationOf({ ...owner, hosts: [HOST], id: 'forged' })],
      ['an id that is none', annotationOf({ ...owner, hosts: [HOST], id: '../forged' })],
    ])('is written again, with its record alone, when it has %s', async (_, annotations) => {
      const { write, path, subject, stored, get } = await setUp()
      await write(secretOf('one'))
      const { metadata } = await get()
      await subject.patch(path, 'merge-patch', { metadata: { annotations } })
      expect(isCurrent(await stored(), secretOf('one'))).toBe(false)
      expect(await write(secretOf('one'))).toBe('unchanged')
      expect((await get()).metadata.annotations).toEqual(metadata.annotations)
    })

    it('keeps the fields that other clients set', async () => {
      const { get, write, path, subject } = await setUp()
      await write(secretOf('one'))
      await subject.patch(path, 'merge-patch', {
        metadata: { labels: { theirs: 'label' }, annotations: { theirs: 'annotation' } },
        data: { theirs: base64('data') },
      })
      await write(secretOf('two'))
      const { metadata, data } = await get()
      expect(metadata.labels).toMatchObject({ theirs: 'label', team: 'a' })
      expect(metadata.annotations).toMatchObject({ theirs: 'annotation', note: 'ours' })
      expect(data.theirs).toBe(base64('data'))
    })

    it('is repaired when its docker config is broken', async () => {
      const { write, config, path, subject } = await setUp()
      await write(secretOf('one'))
      await subject.patch(path, 'merge-patch', { data: { '.dockerconfigjson': base64('{"auths":null}') } })
      expect(await write(secretOf('one'))).toBe('updated')
      expect(JSON.parse(await config())).toEqual({ auths: { [HOST]: entryOf('one') } })
    })
  })

  describe('a secret with the hosts of another step', () => {
    /** As another step of the workflow wrote it. */
    const theirs = (change: Change = {}) =>
      secretOf('theirs', { labels: {}, annotations: {}, ...change, record: { ...otherStep, ...change.record } })
    const inConfig = (text: string) => JSON.parse(text).auths

    it('keeps their entry and their record byte for byte, whichever step writes first', async () => {
      for (const order of ['own first', 'theirs first']) {
        const { write, config, get, written } = await setUp()
        const [first, second] = order === 'own first' ? [secretOf('one'), theirs()] : [theirs(), secretOf('one')]
        expect([await write(first), await write(second)]).toEqual(['created', 'updated'])
        const [ours, others] = [JSON.stringify(entryOf('one')), JSON.stringify(entryOf('theirs'))]
        expect(await config()).toBe(`{"auths":{"ghcr.io":${others},"${HOST}":${ours}}}`)
        expect((await get()).metadata.annotations[RECORDS]).toBe(written([ownRecord, otherStep]))
      }
    })

    it('is current for both, also in another run', async () => {
      const { write, stored } = await setUp()
      const steps = [secretOf('one', { labels: {}, annotations: {} }), theirs()] as const
      for (const step of steps) await write(step)
      const run = 'https://github.com/acme/shop/actions/runs/9'
      for (const step of steps) {
        expect(isCurrent(await stored(), { ...step, record: { ...step.record, run } })).toBe(true)
        expect(isCurrent(await stored(), { ...step, record: { ...step.record, scopes: [] } })).toBe(false)
      }
    })

    it('has only its own part changed by a rotation', async () => {
      const { write, config, get, written } = await setUp()
      await write(theirs())
      await write(secretOf('one'))
      expect(await write(secretOf('two', { record: { tokenId: 'id-2' } }))).toBe('updated')
      expect(inConfig(await config())).toEqual({ [HOST]: entryOf('two'), 'ghcr.io': entryOf('theirs') })
      expect((await get()).metadata.annotations[RECORDS]).toBe(written([{ ...ownRecord, tokenId: 'id-2' }, otherStep]))
    })

    it('is no conflict for a step that mints earlier than the other', async () => {
      const { cluster, namespace, stored, write, config } = await setUp()
      const target = { cluster, namespace, status: 'ready', stored: await stored() } as const
      await write(theirs({ record: { mintedAt: new Date('2025-11-24T10:00:00Z') } }))
      expect((await writeSecret(target, secretOf('one'), false)).status).toBe('updated')
      expect(Object.keys(inConfig(await config()))).toEqual(['ghcr.io', HOST])
    })

    it('loses a host that its step no longer lists, in the same write, and keeps all others', async () => {
      const { write, config, get, path, subject } = await setUp()
      await write(secretOf('one', { record: { hosts: [HOST, 'a.example.com', 'b.example.com'] } }))
      await write(theirs())
      const auths = { ...inConfig(await config()), 'z.example.com': { auth: 'eA==' } }
      const data = { '.dockerconfigjson': base64(JSON.stringify({ auths })) }
      await subject.patch(path, 'merge-patch', { data })
      server().journal.length = 0
      const fewer = secretOf('one', { record: { hosts: ['b.example.com', HOST] } })
      expect(await write(fewer)).toBe('updated')
      expect(server().journal.map(({ method }) => method)).toEqual(['GET', 'PATCH'])
      expect(inConfig(await config())).toEqual({
        'b.example.com': entryOf('one'),
        'ghcr.io': entryOf('theirs'),
        [HOST]: entryOf('one'),
        'z.example.com': { auth: 'eA==' },
      })
      expect(recordsOf(await get()).map(({ hosts }) => hosts)).toEqual([['b.example.com', HOST], ['ghcr.io']])
      expect(await write(fewer)).toBe('unchanged')
    })

    it.each<[string, Partial<CredentialRecord>]>([
      ['provider', { provider: 'static' }],
      ['repository', { repository: 'acme/other' }],
    ])('is refused where another %s keeps one of the hosts, and stays', async (_, change) => {
      const { write, get } = await setUp()
      await write(theirs({ record: { hosts: ['ghcr.io', HOST], ...change } }))
      const before = await get()
      server().journal.length = 0
      expect(await errorTextOf(write(secretOf('one')))).toMatch(
        /^Secret secrets-\d+\/pull in cluster test already has a credential for registry\.example\.com that .* keeps, last run: https:\/\/github\.com\/acme\/shop\/actions\/runs\/7\. .*`adopt: true`/,
      )
      expect(server().journal.map(({ method }) => method)).toEqual(['GET'])
      expect(await get()).toEqual(before)
    })

    it('has hosts of another owner taken over with `adopt`: they leave its record', async () => {
      const { write, config, get, written } = await setUp()
      await write(theirs({ record: { hosts: ['ghcr.io', HOST] } }))
      expect(await write(secretOf('one', { adopt: true }))).toBe('updated')
      expect(inConfig(await config())).toEqual({ 'ghcr.io': entryOf('theirs'), [HOST]: entryOf('one') })
      expect((await get()).metadata.annotations[RECORDS]).toBe(written([ownRecord, otherStep]))
      // It is no longer in conflict.
      expect(await write(secretOf('one'))).toBe('unchanged')
    })

    it('has no record of another owner whose last host was taken over', async () => {
      const { write, get, written } = await setUp()
      await write(theirs({ record: { hosts: [HOST] } }))
      await write(secretOf('one', { adopt: true }))
      expect((await get()).metadata.annotations[RECORDS]).toBe(written([ownRecord]))
    })

    it('is refused when the other owner is faster', async () => {
      const { cluster, namespace, stored, write, get } = await setUp()
      const target = { cluster, namespace, status: 'ready', stored: await stored() } as const
      await write(theirs({ record: { hosts: [HOST] } }))
      const before = await get()
      expect(await errorTextOf(writeSecret(target, secretOf('one'), false))).toContain('already has a credential for')
      expect(await get()).toEqual(before)
    })
  })

  describe('a secret that records the pending rotation', () => {
    const rotation = (key: string) => ({ ...owner, key, descriptions: ['of a mint'], superseded: ['id-1'] })
    const own = secretOf('own', { record: { tokenId: 'id-2' }, pendingKey: 'own' })

    async function setUpMarked(...keys: readonly string[]) {
      const own = await setUp()
      await own.write(secretOf('one'))
      const mark = async (pending: readonly string[]) => {
        const stored = (await own.stored()) as StoredSecret
        return await changePending({ ...own, stored }, 'pull', () => pending.map(rotation))
      }
      const stored = await mark(keys)
      const target = { cluster: own.cluster, namespace: own.namespace, status: 'ready', stored } as const
      return { ...own, mark, target }
    }

    it('keeps it when it is written', async () => {
      const { target, stored } = await setUpMarked('own', 'theirs')
      expect(await writeSecret(target, own, false)).toMatchObject({ status: 'updated' })
      expect(await stored()).toMatchObject({ pending: [rotation('own'), rotation('theirs')] })
    })

    it('stays as it is when another run has ended this rotation', async () => {
      const { target, mark, get, config } = await setUpMarked('own')
      await mark(['theirs'])
      const before = await get()
      const result = await writeSecret(target, own, false)
      expect(result).toMatchObject({ status: 'conflict', isEnded: true, newer: { pending: [rotation('theirs')] } })
      expect(await get()).toEqual(before)
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('one') })
    })

    it('stays as it is when another run has ended this rotation, also if the stored credential is unusable', async () => {
      const { target, mark, get } = await setUpMarked('own')
      await mark([])
      const before = await get()
      const result = await writeSecret(target, { ...own, isUnusable: () => true }, false)
      expect(result).toMatchObject({ status: 'conflict', isEnded: true, newer: { pending: [] } })
      expect(await get()).toEqual(before)
    })

    it.each<[string, string[], string | undefined, string[]]>([
      ['when another rotation has begun', ['own'], 'own', ['own', 'theirs']],
      ['when it is not that of this run', ['theirs'], 'own', []],
      ['when this run has none', ['theirs'], undefined, []],
    ])('is written after a conflict %s', async (_, before, pendingKey, meanwhile) => {
      const { target, mark, config } = await setUpMarked(...before)
      await mark(meanwhile)
      expect((await writeSecret(target, { ...own, pendingKey }, false)).status).toBe('updated')
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('own') })
    })

    it('has a newer credential of a run that has not ended this rotation', async () => {
      const { target, write } = await setUpMarked('own')
      const newer = { ...ownRecord, tokenId: 'id-3', mintedAt: new Date('2025-11-23T11:00:00Z') }
      await write(secretOf('newer', { record: newer }))
      const result = await writeSecret(target, own, false)
      expect(result).toMatchObject({
        status: 'conflict',
        isEnded: false,
        newer: { records: [writtenIn(target.cluster, newer)] },
      })
    })
  })

  describe('a foreign secret', () => {
    const theirs = '{"auths":{"z.example.com":{"username":"a\\u003cb","password":"\\u0026 ü","auth":"eA=="},"1":{}}}'

    it('is not written; the error names its managers and the input that takes it over', async () => {
      const { write, get, path, subject } = await setUp()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      const before = await get()
      expect(await errorTextOf(write(secretOf('one')))).toMatch(
        /^Secret secrets-\d+\/pull in cluster test already exists and was not created by this action \(managed by: helm\)\. Choose another `secret-name`, or set `adopt: true` to take it over/,
      )
      expect(await get()).toEqual(before)
    })

    it('is taken over with `adopt`, and keeps its hosts byte for byte', async () => {
      const { write, config, get, path, subject } = await setUp()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      expect(await write(secretOf('one', { adopt: true }))).toBe('updated')
      const ours = JSON.stringify(entryOf('one'))
      expect(await config()).toBe(
        `{"auths":{"1":{},"${HOST}":${ours},"z.example.com":{"username":"a\\u003cb","password":"\\u0026 ü","auth":"eA=="}}}`,
      )
      expect((await get()).metadata.labels['app.kubernetes.io/managed-by']).toBe('registry-pull-secret')
      expect(await write(secretOf('one'))).toBe('unchanged')
    })

    it('keeps everything but the registry hosts of the run when it is taken over', async () => {
      const { namespace, write, get, config } = await setUp()
      const metadata = {
        name: 'pull',
        labels: { theirs: 'label', team: 'theirs' },
        annotations: { theirs: 'annotation' },
        finalizers: ['example.com/theirs'],
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'release', uid: 'b1c0' }],
      }
      const helpers = { 'gcr.example.com': 'gcloud' }
      const secret = pullSecret('pull', JSON.stringify({ credHelpers: helpers, auths: { 'z.example.com': {} } }))
      const data = { ...secret.data, theirs: base64('data') }
      await server().request('POST', `${secretsOf(namespace)}?fieldManager=helm`, { ...secret, metadata, data })
      const before = await get()
      const ours = secretOf('one', { adopt: true })
      expect([await write(ours), await write(ours)]).toEqual(['updated', 'unchanged'])
      const after = await get()
      expect(after).toMatchObject({
        type: before.type,
        data: { theirs: base64('data') },
        metadata: {
          uid: before.metadata.uid,
          labels: { theirs: 'label', team: 'a' },
          annotations: { theirs: 'annotation', note: 'ours' },
          finalizers: metadata.finalizers,
          ownerReferences: metadata.ownerReferences,
        },
      })
      const auths = { [HOST]: entryOf('one'), 'z.example.com': {} }
      expect(JSON.parse(await config())).toEqual({ credHelpers: helpers, auths })
      // Labels and annotations that are no longer desired are removed, and nothing else is.
      await write(secretOf('one', { labels: {}, annotations: {} }))
      const { labels, annotations } = (await get()).metadata
      expect(labels).toEqual({ theirs: 'label', 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
      expect(annotations).toMatchObject({ theirs: 'annotation' })
      expect(annotations).not.toHaveProperty('note')
    })

    it.each([
      [
        'of another type',
        { type: 'Opaque', data: {} },
        /has the type Opaque, which cannot be changed to kubernetes\.io\/dockerconfigjson\. Choose another `secret-name`/,
      ],
      [
        'with a controller',
        {
          metadata: {
            name: 'pull',
            ownerReferences: [
              { apiVersion: 'v1', kind: 'ConfigMap', name: 'plain', uid: 'b1c0' },
              { apiVersion: 'example.com/v1', kind: 'ExternalSecret', name: 'keeper', uid: 'b1c1', controller: true },
            ],
          },
        },
        /belongs to ExternalSecret keeper, whose controller would revert it\. Choose another `secret-name`: `adopt`/,
      ],
      ['that is immutable', { immutable: true }, /is immutable: its content cannot be changed\. Choose another/],
    ])('%s is not taken over', async (_, change, sentence) => {
      const { write, namespace } = await setUp()
      await server().request('POST', secretsOf(namespace), { ...pullSecret('pull', theirs), ...change })
      server().journal.length = 0
      expect(await errorTextOf(write(secretOf('one', { adopt: true })))).toMatch(sentence)
      expect(server().journal.map(({ method }) => method)).toEqual(['GET'])
    })

    it('is not taken over when it is created between the read and the write', async () => {
      const { cluster, namespace, stored, get, path, subject } = await setUp()
      const before = await stored()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      const appeared = await get()
      const writing = writeSecret({ cluster, namespace, status: 'ready', stored: before }, secretOf('one'), false)
      expect(await errorTextOf(writing)).toMatch(/was not created by this action \(managed by: helm\)/)
      expect(await get()).toEqual(appeared)
    })
  })

  describe('a concurrent write', () => {
    it('is not lost: the action reads the secret again and writes on top of it', async () => {
      const { cluster, namespace, stored, write, config, get, path, subject } = await setUp()
      await write(secretOf('one'))
      const before = await stored()
      const meanwhile = { auths: { [HOST]: entryOf('one'), 'other.example.com': { auth: 'eA==' } } }
      await subject.patch(`${path}?fieldManager=someone`, 'merge-patch', {
        metadata: { labels: { theirs: 'label' } },
        data: { '.dockerconfigjson': base64(JSON.stringify(meanwhile)) },
      })
      const written = await writeSecret({ cluster, namespace, status: 'ready', stored: before }, secretOf('two'), false)
      expect(written.status).toBe('updated')
      expect(JSON.parse(await config()).auths).toEqual({ ...meanwhile.auths, [HOST]: entryOf('two') })
      expect((await get()).metadata.labels).toMatchObject({ theirs: 'label', team: 'a' })
    })

    it('that repeats without end makes the action give up', async () => {
      const { cluster, namespace, stored, write, path, subject } = await setUp()
      await write(secretOf('one'))
      const busy: Cluster = {
        ...cluster,
        request: async (request) => {
          const note = String(server().journal.length)
          if (request.method === 'PATCH')
            await subject.patch(path, 'merge-patch', { metadata: { annotations: { note } } })
          return cluster.request(request)
        },
      }
      const target = { cluster: busy, namespace, status: 'ready', stored: await stored() } as const
      const writing = writeSecret(target, secretOf('two'), false)
      expect(await errorTextOf(writing)).toMatch(
        /^Could not write the secret secrets-\d+\/pull in the cluster test: PATCH .* returned 409 Conflict: /,
      )
      const ours = server().journal.filter(({ method, headers }) => {
        return method === 'PATCH' && headers['content-type'] === 'application/apply-patch+yaml'
      })
      // The first one created the secret.
      expect(ours).toHaveLength(1 + MAX_CONFLICTS)
    })

    it.each([
      ['a newer one of another run stays', { mintedAt: new Date('2025-11-23T10:00:00Z') }, 'conflict'],
      ['of the same time the greater id stays', { tokenId: 'id-0' }, 'conflict'],
      ['an older one of another run is replaced', { mintedAt: new Date('2025-11-23T10:00:02Z') }, 'updated'],
    ])('of another credential is ordered by the mint: %s', async (_, own, status) => {
      const { cluster, namespace, stored, write, config } = await setUp()
      const target = { cluster, namespace, status: 'ready', stored: await stored() } as const
      const newer = { ...ownRecord, tokenId: 'id-1', mintedAt: new Date('2025-11-23T10:00:01Z') }
      await write(secretOf('theirs', { record: newer }))
      const desired = secretOf('own', { record: { ...newer, tokenId: 'id-0', ...own } })
      const written = await writeSecret(target, desired, false)
      expect(written).toMatchObject(
        status === 'conflict'
          ? { status, isEnded: false, newer: { records: [writtenIn(cluster, newer)] } }
          : { status },
      )
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf(status === 'conflict' ? 'theirs' : 'own') })
    })

    it('is overwritten when its newer credential is unusable', async () => {
      const { cluster, namespace, stored, write, config } = await setUp()
      const target = { cluster, namespace, status: 'ready', stored: await stored() } as const
      const newer = { tokenId: 'id-2', mintedAt: new Date('2025-11-23T11:00:00Z') }
      await write(secretOf('theirs', { record: newer }))
      const own = secretOf('own', { isUnusable: ({ records }) => records.some(({ tokenId }) => tokenId === 'id-2') })
      const written = await writeSecret(target, own, false)
      expect(written).toMatchObject({ status: 'updated', replaced: { records: [{ tokenId: 'id-2' }] } })
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('own') })
    })

    it('is not overwritten when a foreign secret is created, deleted and created again', async () => {
      const { cluster, namespace, stored, get, path, subject } = await setUp()
      const before = await stored()
      let writes = 0
      const late: Cluster = {
        ...cluster,
        request: async (request) => {
          if (request.method !== 'PATCH') return cluster.request(request)
          if (++writes <= 2) await subject.apply(path, pullSecret('pull', '{"auths":{"a":{}}}'), { manager: 'helm' })
          const response = await cluster.request(request).catch((error: unknown) => error)
          if (writes === 1) await server().request('DELETE', path)
          if (response instanceof Error) throw response
          return response as Awaited<ReturnType<Cluster['request']>>
        },
      }
      const writing = writeSecret({ cluster: late, namespace, status: 'ready', stored: before }, secretOf('one'), false)
      expect(await errorTextOf(writing)).toMatch(/was not created by this action \(managed by: helm\)/)
      expect(writes).toBe(2)
      expect((await get()).metadata.managedFields).toMatchObject([{ manager: 'helm' }])
    })
  })

  describe('a write that fails', () => {
    it('names the missing namespace', async () => {
      const cluster = connectTo(server())
      expect(await errorTextOf(write({ cluster, namespace: 'nowhere' }, secretOf('one')))).toMatch(
        /returned 404 NotFound: namespaces "nowhere" not found\. Create namespace nowhere first, or set `create-namespaces: true` and grant the verbs get and create on namespaces\.$/,
      )
    })

    it.each([
      ['to read', ['list'], 'read'],
      ['to create', ['get', 'patch'], 'write'],
      ['to patch', ['get', 'create'], 'write'],
    ])('names the verbs to grant to a user who is not allowed %s', async (action, verbs, operation) => {
      const { namespace, get } = await setUp()
      const name = `user-${action.replace(' ', '-')}-${namespace}`
      const token = await server().createToken(name)
      await grant(server(), namespace, name, { resources: ['secrets'], verbs })
      const target = { cluster: connectTo(server(), { token }), namespace }
      const sentence = await errorTextOf(write(target, secretOf('one')))
      expect(sentence).toMatch(new RegExp(`^Could not ${operation} the secret ${namespace}/pull in the cluster test: `))
      expect(sentence).toMatch(/returned 403 Forbidden: /)
      expect(sentence).toMatch(
        new RegExp(
          `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}\\.`,
        ),
      )
      expect((await get()).code).toBe(404)
    })

    it('is reported when the server stores something else', async () => {
      const { namespace, write } = await setUp()
      const changed = { ...pullSecret('pull', '{"auths":{}}'), metadata: { name: 'pull', resourceVersion: '1' } }
      const planned = server().faults.add({
        when: { method: 'PATCH', path: new RegExp(`/${namespace}/`) },
        fault: { kind: 'status', status: 200, body: JSON.stringify(changed) },
      })
      expect(await errorTextOf(write(secretOf('one')))).toBe(
        `The API server stored something other than was written to Secret ${namespace}/pull in cluster test. An admission webhook changes Secrets there: exclude this one, or ask the cluster administrators.`,
      )
      expect(planned.met).toBe(1)
    })

    it('is reported when the server stores another owner', async () => {
      const { namespace, write, get } = await setUp()
      await write(secretOf('one'))
      const { metadata, ...stored } = await get()
      const data = { '.dockerconfigjson': base64(JSON.stringify({ auths: { [HOST]: entryOf('two') } })) }
      const labels = { ...metadata.labels, 'app.kubernetes.io/managed-by': 'platform' }
      server().faults.add({
        when: { method: 'PATCH', path: new RegExp(`/${namespace}/`) },
        fault: {
          kind: 'status',
          status: 200,
          body: JSON.stringify({ ...stored, data, metadata: { ...metadata, labels } }),
        },
      })
      expect(await errorTextOf(write(secretOf('two')))).toMatch(
        /^The API server stored another label app\.kubernetes\.io\/managed-by than was written to Secret .*: platform\. A mutating webhook/,
      )
    })

    it('is tried again when the response was lost', async () => {
      const { namespace, write, config } = await setUp()
      const planned = server().faults.add({
        when: { method: 'PATCH', path: new RegExp(`/${namespace}/`) },
        fault: { kind: 'reset-after' },
      })
      await write(secretOf('one'))
      expect(planned.met).toBe(1)
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('one') })
    })
  })

  it('stores nothing in a dry run, and fails where the server would reject the write', async () => {
    const { cluster, namespace, stored, get } = await setUp()
    const target = { cluster, namespace, status: 'ready', stored: await stored() } as const
    expect(await writeSecret(target, secretOf('one'), true)).toMatchObject({ status: 'planned' })
    expect((await get()).code).toBe(404)
    const broken = secretOf('one', { email: 'x'.repeat(2 ** 20) })
    const sentence = await errorTextOf(writeSecret(target, broken, true))
    expect(sentence).toMatch(/returned 422 Invalid: /)
  })
})
