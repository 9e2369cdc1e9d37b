import { describe, expect, it } from 'vitest'
import { annotationsOf } from '../../../src/pull-secret/provenance.ts'
import { readEntries, readSecret, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { refusal } from '../../../src/pull-secret/refusal.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { base64, pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { targetsOf } from '../../support/targets-of.ts'

const OURS = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }

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
    const annotations = { 'registry-pull-secret/token-id': 'id-1' }
    const secret = { ...pullSecret('pull', '{"auths":{"a":{"auth":"eA=="}}}'), metadata: { name: 'pull', annotations } }
    expect(await readAfter(secret, 'helm')).toEqual({
      kind: 'present',
      where: expect.stringMatching(/^test: stored-\d+\/pull$/),
      type: 'kubernetes.io/dockerconfigjson',
      immutable: false,
      ours: false,
      managers: ['helm'],
      controller: undefined,
      resourceVersion: expect.stringMatching(/^\d+$/),
      labels: {},
      annotations,
      provenance: undefined,
      data: base64('{"auths":{"a":{"auth":"eA=="}}}'),
      config: { auths: { a: { auth: 'eA==' } } },
      entries: { a: { auth: 'eA==' } },
    })
  })

  it('is ours by its label, and records its credential', async () => {
    const provenance = {
      tokenId: 'id-1',
      mintedAt: new Date('2026-11-23T10:00:00Z'),
      expiresAt: new Date('2026-12-23T10:00:00Z'),
      run: 'https://github.com/acme/shop/actions/runs/1',
      scopes: ['cluster/shop/pull', 'elsewhere'],
      retained: ['id-8', 'id-9'],
    }
    const metadata = { name: 'pull', labels: OURS, annotations: annotationsOf(provenance) }
    const stored = await readAfter({ ...pullSecret('pull'), metadata }, 'registry-pull-secret')
    expect(stored).toMatchObject({ ours: true, managers: [], provenance })
  })

  it.each(['long ago', '2099-01-01T00:00:00.000Z'])(
    'is ours and counts as minted in 1970 when it records as its date %s',
    async (date) => {
      const annotations = { 'registry-pull-secret/token-id': 'id-1', 'registry-pull-secret/minted-at': date }
      const stored = await readAfter({ ...pullSecret('pull'), metadata: { name: 'pull', labels: OURS, annotations } })
      expect(stored).toMatchObject({
        provenance: {
          tokenId: 'id-1',
          mintedAt: new Date(0),
          expiresAt: undefined,
          run: '',
          scopes: [''],
          retained: [],
        },
      })
    },
  )

  it('gives a hint when the credential of the cluster has expired', async () => {
    const reading = readSecret(connectTo(server(), { token: 'expired' }), 'default', 'pull')
    const sentences = await reading.catch(explain)
    expect(sentences).toEqual([
      expect.stringMatching(
        /^Could not read the secret default\/pull in the cluster test: .* returned 401 Unauthorized\b.*Check the user of the context test in the kubeconfig: its token or certificate may have expired\.$/,
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

describe('the refusal of a secret', () => {
  const [target] = targetsOf({ prod: 'https://prod.example.com' }, ['shop']) as [Target]
  const stored: StoredSecret = {
    kind: 'present',
    where: 'prod: shop/pull',
    type: 'kubernetes.io/dockerconfigjson',
    immutable: false,
    ours: true,
    managers: [],
    controller: undefined,
    resourceVersion: '1',
    labels: OURS,
    annotations: {},
    provenance: undefined,
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
    ['ours, immutable', { immutable: true }, true, /is immutable: its content cannot be changed/],
  ])('%s', (_, change, adopt, sentence) => {
    const refused = refusal({ ...target, stored: { ...stored, ...change } }, { name: 'pull', adopt })
    if (sentence === undefined) return expect(refused).toBeUndefined()
    expect(explain(refused)).toEqual([expect.stringMatching(sentence)])
    expect(refused?.details).toEqual({ cluster: 'prod', namespace: 'shop', resource: 'secrets/pull' })
  })

  it('is undefined where there is no secret', () => {
    expect(refusal({ ...target, stored: { kind: 'absent' } }, { name: 'pull', adopt: false })).toBeUndefined()
  })
})
