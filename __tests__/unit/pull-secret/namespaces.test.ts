import { beforeAll, expect, it } from 'vitest'
import { explain } from '../../../src/core/errors.ts'
import { chooseNamespaces } from '../../../src/pull-secret/namespaces.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

describeServers((server) => {
  const choose = (patterns: readonly string[], selector?: string) =>
    chooseNamespaces(connectTo(server(), { namespace: 'team-a' }), { patterns, selector })

  beforeAll(async () => {
    for (const name of ['team-a', 'team-b', 'team-b-test', 'other', 'team-gone']) await server().createNamespace(name)
    const merge = { 'content-type': 'application/merge-patch+json' }
    for (const name of ['team-a', 'other']) {
      await server().request('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels: { tier: 'prod' } } }, merge)
    }
    // Nobody here ends what is terminating.
    await server().request('DELETE', '/api/v1/namespaces/team-gone')
  })

  it.each<[string, string[], string | undefined, string[]]>([
    ['nothing means the one of the context', [], undefined, ['team-a']],
    ['names mean themselves, there or not', ['nowhere', 'team-a'], undefined, ['nowhere', 'team-a']],
    ['a glob means all that match', ['team-*'], undefined, ['team-a', 'team-b', 'team-b-test']],
    ['a star in the middle counts, too', ['t*-b'], undefined, ['team-b']],
    ['exclusions leave out', ['team-*', '!team-b', '!*-test'], undefined, ['team-a']],
    ['exclusions leave out names, too', ['team-a', 'team-b', '!*-b'], undefined, ['team-a']],
    [
      'a name beside a glob is taken, there or not',
      ['team-b*', 'nowhere'],
      undefined,
      ['nowhere', 'team-b', 'team-b-test'],
    ],
    ['a selector means all with these labels', [], 'tier=prod', ['other', 'team-a']],
    ['a selector and names mean what passes both', ['team-*', 'nowhere'], 'tier=prod', ['team-a']],
    ['a selector and an exclusion, too', ['!team-*'], 'tier in (prod,test)', ['other']],
  ])('%s', async (_, patterns, selector, expected) => {
    expect(await choose(patterns, selector)).toEqual(expected)
  })

  it('takes all for a star, but what is terminating, and says so', async () => {
    using captured = captureLog()
    const all = await choose(['*'])
    expect(all).toEqual(expect.arrayContaining(['default', 'other', 'team-a', 'team-b', 'team-b-test']))
    expect(all).not.toContain('team-gone')
    expect(captured.log.text).toContain('The namespace team-gone of practice is terminating: it is left out.')
  })

  it('lists namespaces only when a glob or a selector needs it', async () => {
    server().journal.length = 0
    await choose(['team-a', 'team-b', '!*-b'])
    expect(server().journal).toEqual([])
    await choose(['team-*'])
    expect(server().journal.map(({ path }) => path)).toEqual(['/api/v1/namespaces'])
  })

  it('finds nothing in names that are all excluded', async () => {
    const failure = await choose(['team-a', '!team-*']).catch((error: unknown) => error)
    expect(explain(failure)).toEqual([expect.stringContaining('matches team-a, !team-*')])
  })

  it('does not take no namespace for none to do', async () => {
    const failure = await choose(['squad-*', '!squad-x']).catch((error: unknown) => error)
    expect(explain(failure)).toEqual([
      'No namespace of the cluster practice matches squad-*, !squad-x. Check `namespaces` and `namespace-selector`.',
    ])
    expect(explain(await choose([], 'tier=none').catch((error: unknown) => error))[0]).toContain('the labels tier=none')
  })

  it('says what is wrong with a selector, and which right is missing', async () => {
    expect(explain(await choose([], 'tier in prod').catch((error: unknown) => error))[0]).toMatch(
      /400 .* Check `namespace-selector`/,
    )
    const token = await server().createToken('nobody')
    const cluster = connectTo(server(), { token })
    const failure = await chooseNamespaces(cluster, { patterns: ['*'], selector: undefined }).catch((error) => error)
    expect(explain(failure)[0]).toMatch(/403 Forbidden.* Grant the verb list on namespaces/)
  })
})
