import { describe, expect, it } from 'vitest'
import { confirmClusters } from '../../../src/pull-secret/read-targets.ts'
import { base64, pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { annotationOf } from '../../support/records.ts'
import { HOST, owner } from './stored-record.ts'
import { configOf, entry, identitiesOf, prod, read, requestsTo, stage, uidOf, useTwoClusters } from './two-clusters.ts'

useTwoClusters()

describe('the identity that the targets record', () => {
  const SYSTEM = '/api/v1/namespaces/kube-system'
  const NAMES = ['a', 'b']
  const of = (server: ObservedKubernetesServer) => (server === prod ? 'prod' : 'stage')

  /** Targets that hold a credential with which nothing is left to do, and what is recorded of it in each. */
  async function withSecrets(
    servers: readonly ObservedKubernetesServer[],
    changes: readonly Readonly<Record<string, unknown>>[] = [],
    data: readonly string[] = [],
  ): Promise<AsyncDisposable> {
    const stack = new AsyncDisposableStack()
    const known = await read(servers.map((server) => entry(of(server), server)))
    for (const [index, server] of servers.entries()) {
      const { identity, inKubeconfig } = known[index]?.cluster ?? expect.fail('no cluster')
      const cluster = `${identity} ${inKubeconfig.identity}`
      for (const [place, name] of NAMES.entries()) {
        const record = { ...owner, id: 'token', scope: [`${identity} 2 pull sha256:ab`], cluster, ...changes[place] }
        const { pending, ...own }: Record<string, unknown> = record
        const annotations = {
          ...annotationOf(own),
          ...(pending === undefined ? {} : { 'registry-pull-secret/pending': `${pending}` }),
        }
        const metadata = {
          name: 'pull',
          annotations,
          labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' },
        }
        const config = base64(
          JSON.stringify({ auths: { [HOST]: { username: 'token', password: data[place] ?? 'x' } } }),
        )
        const secret = { ...pullSecret('pull'), metadata, data: { '.dockerconfigjson': config } }
        await server.request('POST', secretsOf(name), secret)
        stack.defer(async () => void (await server.request('DELETE', `${secretsOf(name)}/pull`)))
      }
    }
    return stack
  }

  it('saves the request for the uid, in several clusters', async () => {
    await using _ = await withSecrets([prod, stage])
    const targets = await read([entry('prod', prod), entry('stage', stage)], NAMES)
    for (const server of [prod, stage]) expect(requestsTo(server)).not.toContain(SYSTEM)
    const uids = [await uidOf(prod), await uidOf(stage)]
    expect(identitiesOf(targets)).toEqual(uids.flatMap((uid) => [uid, uid]))
    expect(targets.map(({ cluster }) => cluster.isIdentityCertain)).toEqual([false, false, false, false])
  })

  it.each<[string, Readonly<Record<string, unknown>>[], string[]?]>([
    ['another one is recorded in one target', [{}, { cluster: '0123456789abcdef 127.0.0.1:1~0123456789abcdef' }]],
    [
      'another kubeconfig wrote it',
      [{ cluster: 'x 127.0.0.1:1~0123456789abcdef' }, { cluster: 'x 127.0.0.1:1~0123456789abcdef' }],
    ],
    ['it is not recorded', [{ cluster: undefined }, { cluster: undefined }]],
    ['another token is recorded in one target', [{}, { id: 'other' }]],
    ['another password is in one target', [{}], ['x', 'y']],
    ['another owner wrote one target', [{}, { provider: 'static' }]],
    ['a token is retained', [{ retained: ['old'] }, { retained: ['old'] }]],
    ['the token was minted for another cluster', [{ scope: ['y a/pull'] }, { scope: ['y a/pull'] }]],
    [
      'a rotation is pending',
      [{ pending: JSON.stringify([{ ...owner, key: '01234567', descriptions: ['d'], superseded: [] }]) }],
    ],
  ])('does not count where %s', async (_, changes, data) => {
    await using _secrets = await withSecrets([prod], changes, data)
    const targets = await read([entry('prod', prod)], NAMES)
    expect(requestsTo(prod)).toContain(SYSTEM)
    expect(targets[0]?.cluster).toMatchObject({ identity: await uidOf(prod), isIdentityCertain: true })
  })

  it('does not count where a target holds nothing', async () => {
    await using _ = await withSecrets([prod])
    await read([entry('prod', prod)], [...NAMES, 'shop'])
    expect(requestsTo(prod)).toContain(SYSTEM)
  })

  it('does not count where it would make two clusters one', async () => {
    await using _ = await withSecrets([prod])
    const inKubeconfig = (await read([entry('stage', stage)]))[0]?.cluster.inKubeconfig.identity
    const uid = await uidOf(prod)
    const forged = { cluster: `${uid} ${inKubeconfig}`, scope: [`${uid} a/pull`] }
    await using _forged = await withSecrets([stage], [forged, forged])
    const targets = await read([entry('prod', prod), entry('stage', stage)], NAMES)
    expect(identitiesOf(targets)).toEqual([uid, uid, await uidOf(stage), await uidOf(stage)])
  })

  it('is replaced by that of the API server before anything else than reusing', async () => {
    const forged = async () => {
      const inKubeconfig = (await read([entry('prod', prod)]))[0]?.cluster.inKubeconfig.identity
      return { cluster: `0123456789abcdef ${inKubeconfig}`, scope: ['0123456789abcdef a/pull'] }
    }
    const record = await forged()
    await using _ = await withSecrets([prod], [record, record])
    const contexts = [entry('prod', prod)]
    const targets = await read(contexts, NAMES)
    expect(identitiesOf(targets)).toEqual(['0123456789abcdef', '0123456789abcdef'])
    const confirmed = await confirmClusters(targets, configOf(contexts))
    expect(identitiesOf(confirmed)).toEqual([await uidOf(prod), await uidOf(prod)])
    expect(confirmed.map(({ cluster }) => cluster.isIdentityCertain)).toEqual([true, true])
  })
})
