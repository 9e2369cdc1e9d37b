import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { TRIES } from '../../../src/kubernetes/conflict.ts'
import type { Provenance } from '../../../src/pull-secret/provenance.ts'
import { readSecret } from '../../../src/pull-secret/read.ts'
import { isCurrent, type PullSecret, writePullSecret } from '../../../src/pull-secret/write.ts'
import { dockerConfig } from '../../../src/registry/docker-config.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { base64, pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const HOST = 'registry.example.com'

/** A pull secret of this password, and whatever a test changes of it. */
function secretOf(password: string, change: Partial<PullSecret> = {}): PullSecret {
  const credential = { servers: [HOST], username: 'token', password, email: 'a@b.c' }
  return {
    name: 'pull',
    labels: { team: 'a' },
    annotations: { note: 'ours' },
    adopt: false,
    dockerConfig: (stored) => dockerConfig(credential, stored),
    isDead: () => false,
    ...change,
  }
}

const provenance: Provenance = {
  tokenId: 'id-1',
  mintedAt: new Date('2026-11-23T10:00:00.123Z'),
  expiresAt: new Date('2026-12-23T10:00:00Z'),
  run: 'https://github.com/acme/shop/actions/runs/1',
  scopes: ['cluster/shop/pull'],
  spared: [],
}

const entryOf = (password: string) => ({
  username: 'token',
  password,
  email: 'a@b.c',
  auth: base64(`token:${password}`),
})

describeServers((server) => {
  const counter = { namespaces: 0 }

  async function scene() {
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
      write: async (secret: PullSecret, what: Partial<Provenance> = {}) =>
        write(cluster, namespace, secret, { ...provenance, ...what }),
    }
  }

  async function write(cluster: Cluster, namespace: string, secret: PullSecret, what: Provenance): Promise<string> {
    const stored = await readSecret(cluster, namespace, 'pull')
    return (await writePullSecret({ cluster, namespace }, secret, what, stored, false)).result
  }

  /** What a person reads of the failure. */
  async function complaint(work: Promise<unknown>): Promise<string> {
    const failure = await work.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    )
    return explain(failure).join('\n')
  }

  describe('a secret of ours', () => {
    it('is created with all that tells where it came from', async () => {
      const { get, write, config } = await scene()
      expect(await write(secretOf('one'))).toBe('created')
      const { type, data, metadata } = await get()
      expect(type).toBe('kubernetes.io/dockerconfigjson')
      expect(Object.keys(data)).toEqual(['.dockerconfigjson'])
      expect(await config()).toBe(JSON.stringify({ auths: { [HOST]: entryOf('one') } }))
      expect(metadata.labels).toEqual({ team: 'a', 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
      expect(metadata.annotations).toEqual({
        note: 'ours',
        'registry-pull-secret/token-id': 'id-1',
        'registry-pull-secret/minted-at': '2026-11-23T10:00:00.123Z',
        'registry-pull-secret/expires-at': '2026-12-23T10:00:00Z',
        'registry-pull-secret/run': 'https://github.com/acme/shop/actions/runs/1',
        'registry-pull-secret/scope': 'cluster/shop/pull',
      })
      expect(metadata.managedFields).toMatchObject([{ manager: 'registry-pull-secret', operation: 'Apply' }])
    })

    it('is updated in place', async () => {
      const { get, write, config } = await scene()
      await write(secretOf('one'))
      const { uid } = (await get()).metadata
      expect(await write(secretOf('two', { labels: {} }), { tokenId: 'id-2', expiresAt: undefined })).toBe('updated')
      const { metadata } = await get()
      expect(metadata.uid).toBe(uid)
      expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'registry-pull-secret' })
      expect(metadata.annotations).not.toHaveProperty('registry-pull-secret/expires-at')
      expect(metadata.annotations['registry-pull-secret/token-id']).toBe('id-2')
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('two') })
    })

    it('stays as it is when it is written again', async () => {
      const { get, write } = await scene()
      await write(secretOf('one'))
      const { resourceVersion } = (await get()).metadata
      expect(await write(secretOf('one'))).toBe('unchanged')
      expect((await get()).metadata.resourceVersion).toBe(resourceVersion)
    })

    it.each<[string, Partial<PullSecret>, Partial<Provenance>, boolean]>([
      ['the same', {}, {}, true],
      ['another run', {}, { run: 'https://github.com/acme/shop/actions/runs/2' }, true],
      ['another password', secretOf('two'), {}, false],
      ['another label', { labels: { team: 'b' } }, {}, false],
      ['one more annotation', { annotations: { note: 'ours', more: '' } }, {}, false],
      ['another token', {}, { tokenId: 'id-2' }, false],
      ['another scope', {}, { scopes: ['elsewhere'] }, false],
      ['a token that was spared', {}, { spared: ['id-0'] }, false],
      ['another end', {}, { expiresAt: new Date('2027-01-01T00:00:00Z') }, false],
    ])('is compared before it is written: %s', async (_, change, what, same) => {
      const { stored, write } = await scene()
      expect(isCurrent(await stored(), secretOf('one'), provenance)).toBe(false)
      await write(secretOf('one'))
      expect(isCurrent(await stored(), secretOf('one', change), { ...provenance, ...what })).toBe(same)
    })

    it('keeps what others put on it', async () => {
      const { get, write, path, subject } = await scene()
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

    it('is repaired when somebody broke its docker config', async () => {
      const { write, config, path, subject } = await scene()
      await write(secretOf('one'))
      await subject.patch(path, 'merge-patch', { data: { '.dockerconfigjson': base64('{"auths":null}') } })
      expect(await write(secretOf('one'))).toBe('updated')
      expect(JSON.parse(await config())).toEqual({ auths: { [HOST]: entryOf('one') } })
    })
  })

  describe('a secret of somebody else', () => {
    const theirs = '{"auths":{"z.example.com":{"username":"a\\u003cb","password":"\\u0026 ü","auth":"eA=="},"1":{}}}'

    it('is refused, with its managers and the input that takes it over', async () => {
      const { write, get, path, subject } = await scene()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      const before = await get()
      expect(await complaint(write(secretOf('one')))).toMatch(
        /^The secret practice: secrets-\d+\/pull is not ours: it is managed by helm\. Choose another `secret-name`, or set `adopt: true` to take it over/,
      )
      expect(await get()).toEqual(before)
    })

    it('is taken over on request, and keeps its hosts byte for byte', async () => {
      const { write, config, get, path, subject } = await scene()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      expect(await write(secretOf('one', { adopt: true }))).toBe('updated')
      const ours = JSON.stringify(entryOf('one'))
      expect(await config()).toBe(
        `{"auths":{"1":{},"${HOST}":${ours},"z.example.com":{"username":"a\\u003cb","password":"\\u0026 ü","auth":"eA=="}}}`,
      )
      expect((await get()).metadata.labels['app.kubernetes.io/managed-by']).toBe('registry-pull-secret')
      expect(await write(secretOf('one'))).toBe('unchanged')
    })

    it('keeps all that is not a registry host of ours when it is taken over', async () => {
      const { namespace, write, get, config } = await scene()
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
      // What we no longer ask for goes, and nothing else does.
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
        'that a controller keeps',
        {
          metadata: {
            name: 'pull',
            ownerReferences: [
              { apiVersion: 'v1', kind: 'ConfigMap', name: 'plain', uid: 'b1c0' },
              { apiVersion: 'example.com/v1', kind: 'ExternalSecret', name: 'keeper', uid: 'b1c1', controller: true },
            ],
          },
        },
        /belongs to the ExternalSecret keeper, whose controller would write it back\. Choose another `secret-name`: `adopt`/,
      ],
      ['that is immutable', { immutable: true }, /is immutable: its content can never be changed\. Choose another/],
    ])('%s is refused even so', async (_, change, says) => {
      const { write, namespace } = await scene()
      await server().request('POST', secretsOf(namespace), { ...pullSecret('pull', theirs), ...change })
      server().journal.length = 0
      expect(await complaint(write(secretOf('one', { adopt: true })))).toMatch(says)
      expect(server().journal.map(({ method }) => method)).toEqual(['GET'])
    })

    it('is not taken over when it appears between reading and writing', async () => {
      const { cluster, namespace, stored, get, path, subject } = await scene()
      const before = await stored()
      await subject.apply(path, pullSecret('pull', theirs), { manager: 'helm' })
      const appeared = await get()
      const writing = writePullSecret({ cluster, namespace }, secretOf('one'), provenance, before, false)
      expect(await complaint(writing)).toMatch(/is not ours: it is managed by helm/)
      expect(await get()).toEqual(appeared)
    })
  })

  describe('a write at the same time as ours', () => {
    it('is not lost: we look again and write on top of it', async () => {
      const { cluster, namespace, stored, write, config, get, path, subject } = await scene()
      await write(secretOf('one'))
      const before = await stored()
      const meanwhile = { auths: { [HOST]: entryOf('one'), 'other.example.com': { auth: 'eA==' } } }
      await subject.patch(`${path}?fieldManager=someone`, 'merge-patch', {
        metadata: { labels: { theirs: 'label' } },
        data: { '.dockerconfigjson': base64(JSON.stringify(meanwhile)) },
      })
      const written = await writePullSecret({ cluster, namespace }, secretOf('two'), provenance, before, false)
      expect(written.result).toBe('updated')
      expect(JSON.parse(await config()).auths).toEqual({ ...meanwhile.auths, [HOST]: entryOf('two') })
      expect((await get()).metadata.labels).toMatchObject({ theirs: 'label', team: 'a' })
    })

    it('makes us give up when it never ends', async () => {
      const { cluster, namespace, stored, write, path, subject } = await scene()
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
      const writing = writePullSecret({ cluster: busy, namespace }, secretOf('two'), provenance, await stored(), false)
      expect(await complaint(writing)).toMatch(
        /^Could not write the secret secrets-\d+\/pull in the cluster practice: PATCH .* answered 409 Conflict: /,
      )
      const ours = server().journal.filter(({ method, headers }) => {
        return method === 'PATCH' && headers['content-type'] === 'application/apply-patch+yaml'
      })
      // The first one made the secret.
      expect(ours).toHaveLength(1 + TRIES)
    })

    it.each([
      ['a newer one of another run stays', { mintedAt: new Date('2026-11-23T10:00:01Z') }, 'overtaken'],
      ['of one second the greater id stays', { tokenId: 'id-0' }, 'overtaken'],
      ['an older one of another run is replaced', { mintedAt: new Date('2026-11-23T10:00:02Z') }, 'updated'],
    ])('brings one of two credentials: %s', async (_, older, result) => {
      const { cluster, namespace, stored, write, config } = await scene()
      const before = await stored()
      const rival = { ...provenance, tokenId: 'id-1', mintedAt: new Date('2026-11-23T10:00:01Z') }
      await write(secretOf('theirs'), rival)
      const own = { ...rival, tokenId: 'id-0', ...older }
      const written = await writePullSecret({ cluster, namespace }, secretOf('own'), own, before, false)
      expect(written).toMatchObject(result === 'overtaken' ? { result, by: { provenance: rival } } : { result })
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf(result === 'overtaken' ? 'theirs' : 'own') })
    })

    it('wins over a newer credential that a registry has refused', async () => {
      const { cluster, namespace, stored, write, config } = await scene()
      const before = await stored()
      await write(secretOf('theirs'), { tokenId: 'id-2', mintedAt: new Date('2026-11-23T11:00:00Z') })
      const own = secretOf('own', { isDead: ({ provenance }) => provenance?.tokenId === 'id-2' })
      const written = await writePullSecret({ cluster, namespace }, own, provenance, before, false)
      expect(written).toMatchObject({ result: 'updated', replaced: { provenance: { tokenId: 'id-2' } } })
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('own') })
    })

    it('is not overwritten when a secret of somebody else comes, goes and comes again', async () => {
      const { cluster, namespace, stored, get, path, subject } = await scene()
      const before = await stored()
      let writes = 0
      const late: Cluster = {
        ...cluster,
        request: async (request) => {
          if (request.method !== 'PATCH') return cluster.request(request)
          if (++writes <= 2) await subject.apply(path, pullSecret('pull', '{"auths":{"a":{}}}'), { manager: 'helm' })
          const answer = await cluster.request(request).catch((error: unknown) => error)
          if (writes === 1) await server().request('DELETE', path)
          if (answer instanceof Error) throw answer
          return answer as Awaited<ReturnType<Cluster['request']>>
        },
      }
      const writing = writePullSecret({ cluster: late, namespace }, secretOf('one'), provenance, before, false)
      expect(await complaint(writing)).toMatch(/is not ours: it is managed by helm/)
      expect(writes).toBe(2)
      expect((await get()).metadata.managedFields).toMatchObject([{ manager: 'helm' }])
    })
  })

  describe('a write that cannot be', () => {
    it('tells that the namespace is missing', async () => {
      const cluster = connectTo(server())
      expect(await complaint(write(cluster, 'nowhere', secretOf('one'), provenance))).toMatch(
        /answered 404 NotFound: namespaces "nowhere" not found\. Create the namespace nowhere first: this action writes secrets, not namespaces\.$/,
      )
    })

    it.each([
      ['to read', ['list'], 'read'],
      ['to create', ['get', 'patch'], 'write'],
      ['to patch', ['get', 'create'], 'write'],
    ])('names the verbs to grant to a login without the right %s', async (right, verbs, doing) => {
      const { namespace, get } = await scene()
      const name = `login-${right.replace(' ', '-')}-${namespace}`
      const token = await server().createToken(name)
      await grant(server(), namespace, name, { resources: ['secrets'], verbs })
      const sentence = await complaint(write(connectTo(server(), { token }), namespace, secretOf('one'), provenance))
      expect(sentence).toMatch(new RegExp(`^Could not ${doing} the secret ${namespace}/pull in the cluster practice: `))
      expect(sentence).toMatch(/answered 403 Forbidden: /)
      expect(sentence).toMatch(
        new RegExp(
          `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this`,
        ),
      )
      expect((await get()).code).toBe(404)
    })

    it('is told when the server stores something else', async () => {
      const { namespace, write } = await scene()
      const changed = { ...pullSecret('pull', '{"auths":{}}'), metadata: { name: 'pull', resourceVersion: '1' } }
      const planned = server().faults.add({
        when: { method: 'PATCH', path: new RegExp(`/${namespace}/`) },
        fault: { kind: 'status', status: 200, body: JSON.stringify(changed) },
      })
      expect(await complaint(write(secretOf('one')))).toBe(
        `The API server stored something else than was written to practice: ${namespace}/pull. An admission webhook changes secrets there: exclude this one, or ask who runs it.`,
      )
      expect(planned.met).toBe(1)
    })

    it('is tried again when the answer was lost', async () => {
      const { namespace, write, config } = await scene()
      const planned = server().faults.add({
        when: { method: 'PATCH', path: new RegExp(`/${namespace}/`) },
        fault: { kind: 'reset-after' },
      })
      await write(secretOf('one'))
      expect(planned.met).toBe(1)
      expect(JSON.parse(await config()).auths).toEqual({ [HOST]: entryOf('one') })
    })
  })

  it('stores nothing in a dry run, and refuses what the server would refuse', async () => {
    const { cluster, namespace, stored, get } = await scene()
    const target = { cluster, namespace }
    await writePullSecret(target, secretOf('one'), provenance, await stored(), true)
    expect((await get()).code).toBe(404)
    const broken = secretOf('one', { dockerConfig: () => 'no json' })
    const sentence = await complaint(writePullSecret(target, broken, provenance, await stored(), true))
    expect(sentence).toMatch(/answered 422 Invalid: /)
  })
})
