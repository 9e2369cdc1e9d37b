import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { formatPending, PENDING } from '../../../src/pull-secret/pending.ts'
import { describeSecret, readEntries, readSecret, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { formatRecords, RECORDS } from '../../../src/pull-secret/record.ts'
import { refusal } from '../../../src/pull-secret/refusal.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { base64, pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { annotationOf } from '../../support/records.ts'
import { targetsOf } from '../../support/targets-of.ts'
import { HOST, otherStep, owner, recordOf } from './stored-record.ts'

const OURS = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }

const pending = { ...owner, key: 'key', descriptions: ['of a mint'], superseded: ['id-0'] }

describeServers((server) => {
  let namespaces = 0

  /** What the action reads of a secret that another client created. */
  async function readAfter(secret: object | undefined, manager = 'kubectl'): Promise<unknown> {
    const namespace = `stored-${++namespaces}`
    await server().createNamespace(namespace)
    if (secret !== undefined) {
      const { status } = await new Subject(server()).apply(`${secretsOf(namespace)}/pull`, secret, { manager })
      expect(status).toBe(201)
    }
    return await readSecret(connectTo(server()), namespace, 'pull')
  }

  it('is absent', async () => {
    expect(await readAfter(undefined)).toEqual({ kind: 'absent' })
  })

  it('is foreign without the label, even with annotations of this action', async () => {
    const annotations = { [RECORDS]: formatRecords([recordOf()]), [PENDING]: formatPending([pending]) }
    const secret = { ...pullSecret('pull', '{"auths":{"a":{"auth":"eA=="}}}'), metadata: { name: 'pull', annotations } }
    expect(await readAfter(secret, 'helm')).toEqual({
      kind: 'present',
      name: 'pull',
      cluster: 'test',
      where: expect.stringMatching(/^test: stored-\d+\/pull$/),
      type: 'kubernetes.io/dockerconfigjson',
      immutable: false,
      ours: false,
      managers: ['helm'],
      controller: undefined,
      deletion: undefined,
      resourceVersion: expect.stringMatching(/^\d+$/),
      labels: {},
      annotations,
      records: [],
      pending: [],
      data: base64('{"auths":{"a":{"auth":"eA=="}}}'),
      config: { auths: { a: { auth: 'eA==' } } },
      entries: { a: { auth: 'eA==' } },
    })
  })

  it('is ours by its label, and records its credentials and pending rotations', async () => {
    const record = recordOf({
      mintedAt: new Date('2025-11-23T10:00:00Z'),
      expiresAt: new Date('2099-12-23T10:00:00Z'),
      scopes: ['cluster shop/pull', 'elsewhere shop/pull'],
      retained: ['id-8', 'id-9'],
    })
    const records = [{ ...otherStep, mintedAt: new Date('2025-11-24T10:00:00Z') }, record]
    const annotations = { [RECORDS]: formatRecords(records), [PENDING]: formatPending([pending]) }
    const metadata = { name: 'pull', labels: OURS, annotations }
    const stored = await readAfter({ ...pullSecret('pull'), metadata }, 'registry-pull-secret')
    expect(stored).toMatchObject({ ours: true, managers: [], records, pending: [pending] })
  })

  it.each(['long ago', '2099-01-01T00:00:00.000Z'])('has an unknown time when it records %s', async (date) => {
    const { hosts, provider } = owner
    const annotations = annotationOf({ id: 'id-1', hosts: [...hosts], provider, 'minted-at': date })
    const stored = await readAfter({ ...pullSecret('pull'), metadata: { name: 'pull', labels: OURS, annotations } })
    const unknown = { mintedAt: undefined, expiresAt: undefined, run: '', repository: '', scopes: [], retained: [] }
    expect(stored).toMatchObject({ records: [{ tokenId: 'id-1', ...unknown }] })
  })

  it('gives a hint when the credential of the cluster has expired', async () => {
    const reading = readSecret(connectTo(server(), { token: 'expired' }), 'default', 'pull')
    const sentences = await reading.catch(explain)
    expect(sentences).toEqual([
      expect.stringMatching(
        /^Could not read the secret default\/pull in the cluster test: .* returned 401 Unauthorized\b.*Check `kube-token`, or the user of the context test in the kubeconfig: the token or certificate may have expired, or be for another cluster\.$/,
      ),
    ])
  })
})

describe('the entries of a docker config', () => {
  it.each([
    ['{"auths":{"b":{"auth":"dTpw"},"a":{}}}', { b: { auth: 'dTpw' }, a: {} }],
    ['{"auths":{"b":{"auth":"dTpwcA==","identitytoken":"x"}}}', { b: { auth: 'dTpwcA==', identitytoken: 'x' } }],
    ['{"auths":{}}', {}],
    ['{}', {}],
    ['{"auths":null}', {}],
    ['[]', {}],
    ['{"auths":"a"}', {}],
    ['{"auths":[{"auth":"dTpw"}]}', {}],
    [`{"auths":{"a":{"b":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`, {}],
    ['no json', {}],
    ['', {}],
  ])('of %s', (config, entries) => {
    expect(readEntries(base64(config))).toEqual(entries)
  })

  it.each(['null', '"dTpw"', '7', '[]'])('leave out what no kubelet can read: %s', (entry) => {
    expect(readEntries(base64(`{"auths":{"a":${entry},"b":{"auth":"dTpw"}}}`))).toEqual({ b: { auth: 'dTpw' } })
  })

  it('are empty when there is no text', () => {
    expect([readEntries(undefined), readEntries(5), readEntries('%%%')]).toEqual([{}, {}, {}])
  })
})

it.each([
  ['an object', { toString: 1, valueOf: 1 }],
  ['a deep list', JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
  ['null', null],
])('a secret is described where %s is in the place of a text', (_, value) => {
  const metadata = { name: value, namespace: value, resourceVersion: value, labels: value, annotations: value }
  const ownerReferences = [{ kind: value, name: value, controller: true }, value]
  const secret = { type: value, data: value, metadata: { ...metadata, ownerReferences, managedFields: [value] } }
  expect(describeSecret(secret, { name: 'lab' } as Cluster)).toMatchObject({
    where: 'lab: /',
    type: 'Opaque',
    name: '',
  })
})

describe('the refusal of a secret', () => {
  const [target] = targetsOf({ prod: 'https://prod.example.com' }, ['shop']) as [Target]
  const stored: StoredSecret = {
    kind: 'present',
    name: 'pull',
    cluster: 'prod',
    where: 'prod: shop/pull',
    type: 'kubernetes.io/dockerconfigjson',
    immutable: false,
    ours: true,
    managers: [],
    controller: undefined,
    deletion: undefined,
    resourceVersion: '1',
    labels: OURS,
    annotations: {},
    records: [otherStep, recordOf({ tokenId: 'id-0' })],
    pending: [],
    data: undefined,
    config: {},
    entries: {},
  }

  it.each<[string, Partial<StoredSecret>, boolean, RegExp | undefined]>([
    ['ours', {}, false, undefined],
    ['foreign, adopted', { ours: false, managers: ['helm'] }, true, undefined],
    [
      'foreign',
      { ours: false, managers: ['helm', 'argocd'] },
      false,
      /^Secret shop\/pull in cluster prod already exists and was not created by this action \(managed by: helm, argocd\)\. .*`adopt: true`/,
    ],
    ['foreign, of an unknown manager', { ours: false }, false, /\(managed by: unknown\)\. .*`adopt: true`/],
    [
      'foreign, of another type',
      { ours: false, type: 'Opaque', managers: ['kubectl-create'] },
      false,
      /\(managed by: kubectl-create\)\. Choose another `secret-name`.*: `adopt` does not help, because its type Opaque cannot be changed/,
    ],
    [
      'foreign, immutable',
      { ours: false, immutable: true },
      false,
      /\(managed by: unknown\)\. .*: `adopt` does not help, because it is immutable/,
    ],
    ['ours, of another type', { type: 'Opaque' }, false, /has the type Opaque, which cannot be changed/],
    [
      'ours, with a controller',
      { controller: 'SealedSecret theirs' },
      true,
      /^Secret shop\/pull in cluster prod belongs to SealedSecret theirs, whose controller would revert it\. Choose another/,
    ],
    [
      'foreign, with a controller',
      { ours: false, managers: ['helm'], controller: 'ExternalSecret theirs' },
      false,
      /belongs to ExternalSecret theirs.*`adopt` does not help here/,
    ],
    [
      'foreign, of the legacy type',
      { ours: false, type: 'kubernetes.io/dockercfg' },
      false,
      /has the legacy type kubernetes\.io\/dockercfg, which cannot be changed\. Choose another `secret-name`/,
    ],
    [
      'ours, with hosts that another provider keeps',
      { records: [{ ...otherStep, hosts: ['ghcr.io', HOST] }] },
      false,
      /^Secret shop\/pull in cluster prod already has a credential for registry\.example\.com that `provider: static` of acme\/shop keeps, last run: https:\/\/github\.com\/acme\/shop\/actions\/runs\/7\. .*`adopt: true`/,
    ],
    [
      'ours, with hosts that another repository keeps',
      { records: [otherStep, recordOf({ repository: 'acme/other' })] },
      false,
      /a credential for registry\.example\.com that `provider: dedicated` of acme\/other keeps\. .*`adopt: true`.*not revoked/,
    ],
    [
      'ours, with hosts that an unknown repository keeps',
      { records: [recordOf({ repository: '' })] },
      false,
      /of an unknown repository keeps/,
    ],
    [
      'ours, with hosts of another owner, adopted',
      { records: [recordOf({ repository: 'acme/other' })] },
      true,
      undefined,
    ],
    [
      'foreign, with records that anyone can write',
      { ours: false, records: [] },
      false,
      /was not created by this action \(managed by: unknown\)/,
    ],
    [
      'ours, being deleted',
      { deletion: 'is being deleted (finalizers: example.com/backup)' },
      true,
      /^Secret shop\/pull in cluster prod is being deleted \(finalizers: example\.com\/backup\): what is written to it would be lost\. Run again when it is gone/,
    ],
    ['ours, immutable', { immutable: true }, true, /is immutable: its content cannot be changed/],
  ])('%s', (_, change, adopt, sentence) => {
    const refused = refusal({ ...target, stored: { ...stored, ...change } }, { name: 'pull', adopt, owner })
    if (sentence === undefined) return expect(refused).toBeUndefined()
    expect(explain(refused)).toEqual([expect.stringMatching(sentence)])
    expect(refused?.details).toEqual({ cluster: 'prod', namespace: 'shop', resource: 'secrets/pull' })
  })

  it('is undefined where there is no secret', () => {
    expect(refusal({ ...target, stored: { kind: 'absent' } }, { name: 'pull', adopt: false, owner })).toBeUndefined()
  })
})
