// On fake API servers: each test needs clusters of its own, and what they are asked for is what matters.
import { describe, expect, it } from 'vitest'
import { confirmClusters } from '../../../src/pull-secret/read-targets.ts'
import { isFailed, type TargetState } from '../../../src/pull-secret/target.ts'
import { errorOf } from '../../support/error-of.ts'
import { grant } from '../../support/grant.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import type { ObservedKubernetesServer } from '../../support/kubernetes/observed-server.ts'
import { startPathProxy } from '../../support/kubernetes/proxy.ts'
import { annotationOf } from '../../support/records.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { owner } from './stored-record.ts'
import {
  configOf,
  entry,
  identitiesOf,
  namesOf,
  prod,
  read,
  requestsTo,
  stage,
  uidOf,
  useTwoClusters,
} from './two-clusters.ts'

useTwoClusters()

describe('the targets', () => {
  it('are the namespaces of the contexts, else `default`', async () => {
    const targets = await read([entry('prod', prod, { namespace: 'shop' }), entry('stage', stage)], [])
    expect(namesOf(targets)).toEqual(['prod/shop ready', 'stage/default ready'])
  })

  it('are each namespace of each cluster', async () => {
    const targets = await read([entry('prod', prod), entry('stage', stage)], ['b', 'a'])
    expect(namesOf(targets)).toEqual(['prod/b ready', 'prod/a ready', 'stage/b ready', 'stage/a ready'])
  })

  it('are not read when no secret was asked for', async () => {
    const [target] = await read([entry('prod', prod)], ['a'], { isSecretRead: false })
    expect(target).toMatchObject({ status: 'ready', stored: { kind: 'absent' } })
    expect(requestsTo(prod)).toEqual(['/api/v1/namespaces/kube-system'])
  })

  it('of a cluster that cannot list its namespaces are one that fails, and the others are read', async () => {
    const token = await prod.createToken('lists-nothing')
    const targets = await read([entry('prod', prod, { user: { token } }), entry('stage', stage)], ['a*'])
    expect(namesOf(targets)).toEqual(['stage/a ready', 'prod/* failed'])
  })
})

describe('the identity of a cluster', () => {
  it('comes from its uid, also behind one address', async () => {
    await using proxy = await startPathProxy({ prod, stage })
    const at = (name: string) => ({ server: `${proxy.url}/${name}`, certificateAuthority: proxy.certificateAuthority })
    const targets = await read([entry('one', prod, at('prod')), entry('two', stage, at('stage'))])
    expect(namesOf(targets)).toEqual(['one/a ready', 'two/a ready'])
    expect(identitiesOf(targets)).toEqual([await uidOf(prod), await uidOf(stage)])
    expect(targets.map(({ cluster }) => cluster.isIdentityCertain)).toEqual([true, true])
  })

  it('comes from the kubeconfig where the user may not read the uid', async () => {
    const token = await prod.createToken('reader')
    await grant(prod, 'a', 'reader', { resources: ['secrets'], verbs: ['get'] })
    const [target] = await read([entry('prod', prod, { user: { token } })])
    expect(target).toMatchObject({ status: 'ready', cluster: { isIdentityCertain: false } })
    expect(target?.cluster.identity).toMatch(/^127\.0\.0\.1:\d+~[0-9a-f]{16}$/)
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['by one more request', ['a'], ['/api/v1/namespaces/a', '/api/v1/namespaces/a/secrets/pull']],
    ['with the list of namespaces', ['shop*'], ['/api/v1/namespaces/shop', '/api/v1/namespaces/shop/secrets/pull']],
  ])('is read %s', async (how, patterns, others) => {
    await read([entry('prod', prod)], patterns)
    const uid = how === 'by one more request' ? '/api/v1/namespaces/kube-system' : '/api/v1/namespaces'
    expect(requestsTo(prod)).toEqual([uid, ...others].sort())
  })

  it('is read once for contexts that differ only in their namespace', async () => {
    const same = { userName: 'deployer' }
    const config = [entry('one', prod, { ...same, namespace: 'a' }), entry('two', prod, { ...same, namespace: 'b' })]
    using captured = captureLog()
    expect(namesOf(await read(config, []))).toEqual(['one/a ready', 'two/b ready'])
    expect(requestsTo(prod).filter((path) => path.endsWith('kube-system'))).toHaveLength(1)
    expect(captured.log.text).not.toContain('same cluster')
  })
})

describe('two contexts of one cluster', () => {
  const byName = (server: ObservedKubernetesServer) => ({ server: server.url.replace('127.0.0.1', 'localhost') })

  it('at two addresses are one set of targets', async () => {
    using captured = captureLog()
    const same = { userName: 'deployer' }
    const targets = await read([entry('one', prod, same), entry('two', prod, { ...byName(prod), ...same })], ['a', 'b'])
    expect(namesOf(targets)).toEqual(['one/a ready', 'one/b ready'])
    expect(captured.log.text).toContain('Contexts one and two are the same cluster: each namespace is written once.')
  })

  it.each([
    ['at two addresses', byName],
    ['at one address', () => ({})],
  ])('with two users are an error %s', async (_, change) => {
    const config = [entry('one', prod), entry('other', stage), entry('two', prod, change(prod))]
    expect(await errorOf(read(config))).toMatchObject({
      code: 'contexts-same-cluster',
      message: 'Contexts one and two are the same cluster with different users',
      hint: expect.stringContaining('List one of them in `contexts`'),
    })
  })

  it('with two users are two clusters where the users may not read the uid', async () => {
    const [one, two] = [await prod.createToken('one'), await prod.createToken('two')]
    const config = [entry('one', prod, { user: { token: one } }), entry('two', prod, { user: { token: two } })]
    expect(new Set(identitiesOf(await read(config))).size).toBe(2)
  })
})

describe('a cluster that does not respond', () => {
  const contexts = () => [entry('prod', prod), entry('stage', stage)]

  async function readWhileStageIsDown(scope: string): Promise<TargetState[]> {
    const annotations = annotationOf({
      ...owner,
      id: 'token',
      'minted-at': '2026-01-01T00:00:00.000Z',
      scope: scope.split('; '),
    })
    const metadata = { name: 'pull', annotations, labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' } }
    await prod.request('POST', secretsOf('a'), { ...pullSecret('pull'), metadata })
    const when = () => true
    stage.faults.add({ when, times: Number.POSITIVE_INFINITY, fault: { kind: 'status', status: 503 } })
    try {
      return await read(contexts())
    } finally {
      stage.faults.clear()
      await prod.request('DELETE', `${secretsOf('a')}/pull`)
    }
  }

  it.each<[string, (path: string) => boolean]>([
    ['at all', () => true],
    ['any more', (path) => path !== '/api/v1/namespaces'],
  ])('%s is not asked which one it is after its secrets, nor by a run that mints', async (_, isAffected) => {
    const when = ({ path }: { readonly path: string }) => isAffected(path)
    stage.faults.add({ when, times: Number.POSITIVE_INFINITY, fault: { kind: 'reset-before' } })
    try {
      const targets = await read(contexts(), isAffected('/api/v1/namespaces') ? ['a'] : ['a', 'shop*', '!shop'])
      expect(namesOf(targets)).toEqual(['prod/a ready', 'stage/a failed'])
      await confirmClusters(
        targets.map((target) => ({ ...target, cluster: { ...target.cluster, isIdentityRecorded: true } })),
        configOf(contexts()),
      )
      const [failed] = targets.filter(isFailed)
      expect(failed?.error).toMatchObject({
        code: 'cluster-unreachable',
        details: { cluster: 'stage', namespace: 'a' },
      })
      expect(requestsTo(stage)).toContain('/api/v1/namespaces/a/secrets/pull')
      expect(requestsTo(stage)).not.toContain('/api/v1/namespaces/kube-system')
      expect(requestsTo(prod)).toContain('/api/v1/namespaces/kube-system')
    } finally {
      stage.faults.clear()
    }
  })

  it('fails alone, and has the identity that the others record', async () => {
    const [uid, other] = [await uidOf(prod), await uidOf(stage)]
    const targets = await readWhileStageIsDown(`${uid} a/pull; ${[uid, other].sort()} 2 pull sha256:0123456789abcdef`)
    expect(namesOf(targets)).toEqual(['prod/a ready', 'stage/a failed'])
    expect(identitiesOf(targets)).toEqual([uid, other])
    expect(targets[1]?.cluster.isIdentityCertain).toBe(false)
  })

  it.each([
    ['no other cluster', (uid: string) => `${uid} a/pull`],
    ['several others', (uid: string) => `${uid},0123456789abcdef,123456789abcdef0 3 pull sha256:0123456789abcdef`],
    ['another form', (uid: string) => `${uid},x\u200b 2 pull sha256:0123456789abcdef`],
    ['not this cluster', () => '0123456789abcdef,123456789abcdef0 2 pull sha256:0123456789abcdef'],
  ])('has the identity in the kubeconfig when they record %s', async (_, scopeOf) => {
    const targets = await readWhileStageIsDown(scopeOf(await uidOf(prod)))
    expect(targets[1]?.cluster.identity).toMatch(/^127\.0\.0\.1:\d+~[0-9a-f]{16}$/)
  })
})
