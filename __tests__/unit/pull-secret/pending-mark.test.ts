import { expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { MAX_CONFLICTS } from '../../../src/kubernetes/conflict.ts'
import { PENDING, type PendingRotation } from '../../../src/pull-secret/pending.ts'
import { changePending } from '../../../src/pull-secret/pending-mark.ts'
import { readSecret, type StoredSecret } from '../../../src/pull-secret/read.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { pullSecret, Subject, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { owner } from './stored-record.ts'

const rotation = (key: string): PendingRotation => ({
  ...owner,
  key,
  descriptions: [`of ${key}`],
  superseded: ['id-1'],
})

describeServers((server) => {
  let namespaces = 0

  /** A secret of this action in a namespace of its own. */
  async function setUp() {
    const namespace = `pending-${++namespaces}`
    await server().createNamespace(namespace)
    const metadata = { name: 'pull', labels: { 'app.kubernetes.io/managed-by': 'registry-pull-secret' } }
    const path = `${secretsOf(namespace)}/pull`
    const subject = new Subject(server())
    await subject.apply(path, { ...pullSecret('pull'), metadata }, { manager: 'registry-pull-secret' })
    const cluster = connectTo(server())
    const read = async () => (await readSecret(cluster, namespace, 'pull')) as StoredSecret
    const get = async () => (await server().request('GET', path)).body
    const edit = (note: string) => subject.patch(path, 'merge-patch', { metadata: { annotations: { note } } })
    const target = { cluster, namespace, stored: await read() }
    server().journal.length = 0
    return { namespace, path, read, get, edit, target, cluster }
  }

  const add =
    (key: string) =>
    ({ pending }: StoredSecret) => [...pending, rotation(key)]
  const methods = () => server().journal.map(({ method }) => method)

  it('is added to what is recorded, by one request, and nothing else is changed', async () => {
    const { target, get, read } = await setUp()
    const before = await get()
    const after = await changePending(target, 'pull', add('one'))
    expect(methods()).toEqual(['GET', 'PATCH'])
    expect(after).toEqual(await read())
    expect(after.pending).toEqual([rotation('one')])
    const { metadata, ...content } = await get()
    expect(content).toEqual({ ...before, metadata: undefined })
    expect(metadata.labels).toEqual(before.metadata.labels)
    expect(metadata.annotations).toEqual({ [PENDING]: JSON.stringify([rotation('one')]) })
    await changePending({ ...target, stored: after }, 'pull', add('two'))
    expect((await read()).pending).toEqual([rotation('one'), rotation('two')])
  })

  it('is removed with the last rotation', async () => {
    const { target, get, edit } = await setUp()
    await edit('theirs')
    await changePending({ ...target, stored: await changePending(target, 'pull', add('one')) }, 'pull', () => [])
    expect((await get()).metadata.annotations).toEqual({ note: 'theirs' })
  })

  it('stays without a request when there is no change', async () => {
    const { target } = await setUp()
    expect(await changePending(target, 'pull', () => undefined)).toBe(target.stored)
    expect(methods()).toEqual([])
  })

  it('is changed as it is by then when another client was faster', async () => {
    const { target, edit, read } = await setUp()
    await changePending(target, 'pull', add('theirs'))
    await edit('theirs')
    const seen: string[][] = []
    const after = await changePending(target, 'pull', (stored) => {
      seen.push(stored.pending.map(({ key }) => key))
      return add('own')(stored)
    })
    expect(seen).toEqual([[], ['theirs']])
    expect(after.pending.map(({ key }) => key)).toEqual(['theirs', 'own'])
    expect((await read()).annotations).toMatchObject({ note: 'theirs' })
  })

  it('stays when another client was faster and there is no change any more', async () => {
    const { target, read } = await setUp()
    await changePending(target, 'pull', add('theirs'))
    const after = await changePending(target, 'pull', ({ pending }) =>
      pending.length === 0 ? [rotation('own')] : undefined,
    )
    expect(after.pending).toEqual([rotation('theirs')])
    expect(await read()).toEqual(after)
  })

  it('keeps all rotations that begin at the same time', async () => {
    const { target, read } = await setUp()
    const keys = Array.from({ length: 5 }, (_, index) => `key-${index}`)
    await Promise.all(keys.map((key) => changePending(target, 'pull', add(key))))
    expect((await read()).pending.map(({ key }) => key).sort()).toEqual(keys)
  })

  it('is given up when another client changes the secret each time', async () => {
    const { target, edit, read, cluster } = await setUp()
    let edits = 0
    const busy: Cluster = {
      ...cluster,
      request: async (request) => {
        if (request.method === 'PATCH') await edit(String(++edits))
        return await cluster.request(request)
      },
    }
    const changing = changePending({ ...target, cluster: busy }, 'pull', add('one'))
    expect(await changing.catch(explain)).toEqual([
      expect.stringMatching(/^Could not record the pending rotation in the secret pending-\d+\/pull .* returned 409/),
    ])
    expect(edits).toBe(MAX_CONFLICTS)
    expect((await read()).pending).toEqual([])
  })

  it('is given up when the secret was deleted meanwhile, and does not create it', async () => {
    const { target, edit, path, cluster, namespace } = await setUp()
    await edit('theirs')
    const late: Cluster = {
      ...cluster,
      request: async (request) => {
        if (request.method !== 'PATCH') await server().request('DELETE', path)
        return await cluster.request(request)
      },
    }
    const changing = changePending({ ...target, cluster: late }, 'pull', add('one'))
    expect(await changing.catch(explain)).toEqual([expect.stringContaining('returned 409')])
    expect(await readSecret(cluster, namespace, 'pull')).toEqual({ kind: 'absent' })
    const gone = changePending(target, 'pull', add('one'))
    expect(await gone.catch(explain)).toEqual([expect.stringMatching(/ returned (404|409) /)])
    expect(await readSecret(cluster, namespace, 'pull')).toEqual({ kind: 'absent' })
  })

  it('names the verbs to grant to a user who is not allowed to patch', async () => {
    const { target, namespace, read } = await setUp()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get', 'create'] })
    const changing = changePending({ ...target, cluster: connectTo(server(), { token }) }, 'pull', add('one'))
    expect(await changing.catch(explain)).toEqual([
      expect.stringMatching(
        new RegExp(
          `returned 403 Forbidden: .*Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}\\.$`,
        ),
      ),
    ])
    expect((await read()).pending).toEqual([])
  })
})
