import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import { type Place, resolveTargets, survey, type Unusable } from '../../../src/pull-secret/targets.ts'
import type { Target } from '../../../src/pull-secret/write.ts'
import { connectTo } from '../../support/connect-to.ts'
import { grant } from '../../support/grant.ts'
import { pullSecret, secretsOf } from '../../support/kubernetes/conformance/subject.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'
import { placeOf } from '../../support/targets-of.ts'

const namesOf = (targets: readonly Target[]) => targets.map(({ cluster, namespace }) => `${cluster.name}/${namespace}`)

describe('the targets of a run', () => {
  const servers = { prod: 'https://prod.example.com', test: 'https://test.example.com' }
  const resolve = (place: Place) => resolveTargets(place, 1, new AbortController().signal)

  it('are the namespaces of the contexts, else `default`', async () => {
    expect(namesOf(await resolve(placeOf(servers)))).toEqual(['prod/shop', 'test/default'])
  })

  it('are each namespace of each cluster', async () => {
    expect(namesOf(await resolve(placeOf(servers, ['b', 'a'])))).toEqual(['prod/b', 'prod/a', 'test/b', 'test/a'])
  })

  it('are there once, though two contexts lead to the same cluster', async () => {
    const same = { prod: 'https://prod.example.com', alias: 'https://prod.example.com/' }
    expect(namesOf(await resolve(placeOf(same, ['a'])))).toEqual(['prod/a'])
  })
})

describeServers((server) => {
  let namespaces = 0
  async function createNamespace(): Promise<string> {
    const namespace = `survey-${++namespaces}`
    await server().createNamespace(namespace)
    return namespace
  }
  const look = async (names: readonly string[], adopt = false, cluster: Cluster = connectTo(server())) =>
    await survey(
      names.map((namespace) => ({ cluster, namespace })),
      'pull',
      adopt,
    )
  const complaintOf = (target: unknown) => explain((target as Unusable).failure).join('\n')

  it('reads what each target holds, and one that cannot be used fails alone', async () => {
    const [empty, theirs] = [await createNamespace(), await createNamespace()]
    await server().request('POST', secretsOf(theirs), pullSecret('pull'))
    const [absent, foreign, nowhere] = await look([empty, theirs, 'nowhere'])
    expect(absent).toMatchObject({ namespace: empty, stored: { kind: 'absent' } })
    expect(foreign).toMatchObject({ namespace: theirs, result: 'failed', mayHold: false })
    expect(complaintOf(foreign)).toContain(`The secret practice: ${theirs}/pull is not ours`)
    expect(nowhere).toMatchObject({ namespace: 'nowhere', result: 'failed', mayHold: false })
    expect(complaintOf(nowhere)).toBe(
      'The namespace nowhere is not in the cluster practice. Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces.',
    )
    expect(await look([theirs], true)).toMatchObject([{ namespace: theirs, stored: { kind: 'present', ours: false } }])
  })

  it('leaves out what is terminating, and fails when nothing else is left', async () => {
    const [staying, going] = [await createNamespace(), await createNamespace()]
    await server().request('DELETE', `/api/v1/namespaces/${going}`)
    using captured = captureLog()
    expect(await look([staying, going])).toMatchObject([{ namespace: staying, stored: { kind: 'absent' } }])
    expect(captured.log.text).toContain(`The namespace ${going} of practice is terminating: it is left out.`)
    const [left] = await look([going])
    expect(complaintOf(left)).toContain(`The namespace ${going} of the cluster practice is terminating. Take it off`)
  })

  it('takes a namespace for there when it may not look at namespaces', async () => {
    const namespace = await createNamespace()
    const token = await server().createToken(namespace)
    await grant(server(), namespace, namespace, { resources: ['secrets'], verbs: ['get', 'create', 'patch'] })
    const targets = await look([namespace], false, connectTo(server(), { token }))
    expect(targets).toMatchObject([{ namespace, stored: { kind: 'absent' } }])
  })

  describe('many of them', () => {
    const many = 9

    async function createMany(): Promise<string[]> {
      const names = await Promise.all(Array.from({ length: many }, createNamespace))
      await server().request('POST', secretsOf(names[0] ?? ''), pullSecret('pull'))
      await server().request('POST', secretsOf(names[1] ?? ''), pullSecret('other'))
      server().journal.length = 0
      return names
    }

    const summary = (targets: Awaited<ReturnType<typeof look>>) =>
      targets.map((target) => ('stored' in target ? target.stored.kind : complaintOf(target)))

    const expected = (names: readonly string[]) => [
      expect.stringContaining(`The secret practice: ${names[0]}/pull is not ours`),
      ...names.slice(1).map(() => 'absent'),
      expect.stringContaining('The namespace nowhere is not in the cluster practice'),
    ]

    it('are read by few lists', async () => {
      const names = await createMany()
      const going = await createNamespace()
      await server().request('DELETE', `/api/v1/namespaces/${going}`)
      server().journal.length = 0
      expect(summary(await look([...names, going, 'nowhere']))).toEqual(expected(names))
      expect(server().journal.map(({ path }) => path)).toEqual(['/api/v1/secrets', '/api/v1/namespaces'])
    })

    it('are read one by one by a login that may not list', async () => {
      const names = await createMany()
      const token = await server().createToken(names[0] ?? '')
      const account = names[0] ?? ''
      for (const name of names) {
        await grant(server(), name, account, { resources: ['secrets'], verbs: ['get'] })
      }
      const targets = await look([...names, 'nowhere'], false, connectTo(server(), { token }))
      // Nor may it look at namespaces: what is missing is told as a right that is.
      expect(summary(targets)).toEqual([
        ...expected(names).slice(0, -1),
        expect.stringMatching(/^Could not read the secret nowhere\/pull .* 403 Forbidden/),
      ])
    })

    it('fail together when their cluster does not answer', async () => {
      const names = await createMany()
      server().faults.add({ when: { path: '/api/v1/secrets' }, times: 9, fault: { kind: 'status', status: 401 } })
      const targets = await look(names)
      expect(targets.map(({ namespace }) => namespace)).toEqual(names)
      for (const target of targets)
        expect(complaintOf(target)).toMatch(/^Could not list the secrets pull .* answered 401/)
      server().faults.clear()
    })
  })

  it('only reads', async () => {
    const namespace = await createNamespace()
    server().journal.length = 0
    await look([namespace, 'nowhere'])
    expect(new Set(server().journal.map(({ method }) => method))).toEqual(new Set(['GET']))
  })
})
