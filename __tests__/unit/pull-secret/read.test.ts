import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { annotationsOf } from '../../../src/pull-secret/provenance.ts'
import { readEntries, readSecret, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { refusal } from '../../../src/pull-secret/refusal.ts'
import { connectTo } from '../../support/connect-to.ts'
import { base64, pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'

const OURS = { 'app.kubernetes.io/managed-by': 'registry-pull-secret' }

describeServers((server) => {
  let namespaces = 0

  /** What we read of a secret that somebody has created. */
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

  it('is of somebody else, whatever its annotations say', async () => {
    const annotations = { 'registry-pull-secret/token-id': 'id-1' }
    const secret = { ...pullSecret('pull', '{"auths":{"a":{"auth":"eA=="}}}'), metadata: { name: 'pull', annotations } }
    expect(await readAfter(secret, 'helm')).toEqual({
      kind: 'present',
      where: expect.stringMatching(/^practice: stored-\d+\/pull$/),
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

  it('is ours by its label, and tells where its credential came from', async () => {
    const provenance = {
      tokenId: 'id-1',
      mintedAt: new Date('2026-11-23T10:00:00Z'),
      expiresAt: new Date('2026-12-23T10:00:00Z'),
      run: 'https://github.com/acme/shop/actions/runs/1',
      scopes: ['cluster/shop/pull', 'elsewhere'],
      spared: ['id-8', 'id-9'],
    }
    const metadata = { name: 'pull', labels: OURS, annotations: annotationsOf(provenance) }
    const stored = await readAfter({ ...pullSecret('pull'), metadata }, 'registry-pull-secret')
    expect(stored).toMatchObject({ ours: true, managers: [], provenance })
  })

  it.each(['long ago', '2099-01-01T00:00:00.000Z'])(
    'is ours and as old as can be when it was minted %s',
    async (date) => {
      const annotations = { 'registry-pull-secret/token-id': 'id-1', 'registry-pull-secret/minted-at': date }
      const stored = await readAfter({ ...pullSecret('pull'), metadata: { name: 'pull', labels: OURS, annotations } })
      expect(stored).toMatchObject({
        provenance: { tokenId: 'id-1', mintedAt: new Date(0), expiresAt: undefined, run: '', scopes: [''], spared: [] },
      })
    },
  )

  it('says what to do when the login of the cluster has ended', async () => {
    const reading = readSecret(connectTo(server(), { token: 'ended' }), 'default', 'pull')
    const sentences = await reading.catch(explain)
    expect(sentences).toEqual([
      expect.stringMatching(
        /^Could not read the secret default\/pull in the cluster practice: .* answered 401 Unauthorized\b.*Check the login of the cluster practice in the kubeconfig: its token or certificate may have ended\.$/,
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

  it.each(['null', '"dTpw"', '7', '[]'])('leave out what no node can read: %s', (entry) => {
    expect(readEntries(base64(`{"auths":{"a":${entry},"b":{"auth":"dTpw"}}}`))).toEqual({ b: { auth: 'dTpw' } })
  })

  it('are none when there is no text', () => {
    expect([readEntries(undefined), readEntries(5), readEntries('%%%')]).toEqual([{}, {}, {}])
  })
})

describe('the refusal of a secret', () => {
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
    ['somebody else’s, adopted', { ours: false, managers: ['helm'] }, true, undefined],
    [
      'somebody else’s',
      { ours: false, managers: ['helm', 'argocd'] },
      false,
      /^The secret prod: shop\/pull is not ours: it is managed by helm, argocd\. .*`adopt: true`/,
    ],
    ['nobody’s', { ours: false }, false, /is not ours: it is of nobody we know\. .*`adopt: true`/],
    ['ours, of another type', { type: 'Opaque' }, false, /has the type Opaque, which cannot be changed/],
    [
      'ours, kept by a controller by now',
      { controller: 'SealedSecret theirs' },
      true,
      /^The secret prod: shop\/pull belongs to the SealedSecret theirs, whose controller would write it back\. Choose another/,
    ],
    [
      'somebody else’s, kept by a controller',
      { ours: false, managers: ['helm'], controller: 'ExternalSecret theirs' },
      false,
      /belongs to the ExternalSecret theirs.*`adopt` does not help here/,
    ],
    [
      'somebody else’s, of the old form',
      { ours: false, type: 'kubernetes.io/dockercfg' },
      false,
      /is a pull secret of the old form, kubernetes\.io\/dockercfg, .*cannot be changed\. Choose another `secret-name`/,
    ],
    ['ours, immutable', { immutable: true }, true, /is immutable: its content can never be changed/],
  ])('%s', (_, change, adopt, says) => {
    const failure = refusal({ ...stored, ...change }, adopt)
    if (says === undefined) expect(failure).toBeUndefined()
    else expect(explain(failure)).toEqual([expect.stringMatching(says)])
  })

  it('is none where there is no secret', () => {
    expect(refusal({ kind: 'absent' }, false)).toBeUndefined()
  })
})
