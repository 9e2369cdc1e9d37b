import { beforeAll, expect, it } from 'vitest'
import { parseSelector } from '../../../src/inputs/label-selector.ts'
import { chooseNamespaces, listsAllNamespaces } from '../../../src/pull-secret/namespaces.ts'
import { explain } from '../../../src/report/error-text.ts'
import { connectTo } from '../../support/connect-to.ts'
import { describeOwnServers } from '../../support/kubernetes/describe-servers.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const parsed = (selector: string | undefined) => (selector === undefined ? undefined : parseSelector(selector))

describeOwnServers((server) => {
  const chosen = (patterns: readonly string[], selector?: string) =>
    chooseNamespaces(connectTo(server(), { namespace: 'team-a' }), { patterns, selector: parsed(selector) })
  const choose = async (patterns: readonly string[], selector?: string) => (await chosen(patterns, selector)).names

  beforeAll(async () => {
    for (const name of ['team-a', 'team-b', 'team-b-test', 'other', 'team-gone']) await server().createNamespace(name)
    const merge = { 'content-type': 'application/merge-patch+json' }
    for (const name of ['team-a', 'other']) {
      await server().request('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels: { tier: 'prod' } } }, merge)
    }
    // No controller runs here that would finish the deletion.
    await server().request('DELETE', '/api/v1/namespaces/team-gone')
  })

  it.each<[string, string[], string | undefined, string[]]>([
    ['no pattern selects the namespace of the context', [], undefined, ['team-a']],
    ['names select themselves, even if they do not exist', ['nowhere', 'team-a'], undefined, ['nowhere', 'team-a']],
    ['a glob selects all that match', ['team-*'], undefined, ['team-a', 'team-b', 'team-b-test']],
    ['a star in the middle is a glob', ['t*-b'], undefined, ['team-b']],
    ['exclusions remove matches of a glob', ['team-*', '!team-b', '!*-test'], undefined, ['team-a']],
    ['exclusions remove names', ['team-a', 'team-b', '!*-b'], undefined, ['team-a']],
    [
      'a name together with a glob is selected, even if it does not exist',
      ['team-b*', 'nowhere'],
      undefined,
      ['nowhere', 'team-b', 'team-b-test'],
    ],
    ['a selector selects all with these labels', [], 'tier=prod', ['other', 'team-a']],
    ['a selector and names select what matches both', ['team-*', 'nowhere'], 'tier=prod', ['team-a']],
    ['a selector and an exclusion select what matches both', ['!team-*'], 'tier in (prod,test)', ['other']],
  ])('%s', async (_, patterns, selector, expected) => {
    expect(await choose(patterns, selector)).toEqual(expected)
  })

  it('selects the Namespaces of the manifests that a glob, a name or the selector includes', async () => {
    const inManifest = new Map([
      ['team-new', { tier: 'prod' }],
      ['new', { tier: 'test' }],
      // It is there, with other labels.
      ['team-b', { tier: 'prod' }],
    ])
    const chosenWith = async (patterns: readonly string[], selector?: string) => {
      const choice = { patterns, selector: parsed(selector), creation: { isRequested: false, inManifest } }
      return (await chooseNamespaces(connectTo(server()), choice)).names
    }
    expect(await chosenWith(['team-*', '!*-test'])).toEqual(['team-a', 'team-b', 'team-new'])
    expect(await chosenWith(['new'])).toEqual(['new'])
    expect(await chosenWith(['team-*'], 'tier=prod')).toEqual(['team-a', 'team-b', 'team-new'])
    expect(await chosenWith([], 'tier in (prod,test),tier!=test')).toEqual(['other', 'team-a', 'team-b', 'team-new'])
    expect(await chosenWith(['!team-*'], 'tier')).toEqual(['new', 'other'])
  })

  it.each([
    'tier',
    '!tier',
    'tier=prod',
    'tier!=prod',
    'tier in (prod,)',
    'tier notin (prod)',
    'tier=',
    'size>9',
    'size<10',
    'size>9,tier',
    'size!=',
  ])('labels match the selector %s as the API server has it', async (selector) => {
    const cluster = connectTo(server())
    const labels: Record<string, Record<string, string>> = {
      'match-a': { tier: 'prod', size: '9' },
      'match-b': { tier: '', size: '10' },
      'match-c': { size: '0100' },
      'match-d': { tier: 'test', size: 'x' },
      'match-e': {},
    }
    for (const [name, own] of Object.entries(labels)) {
      await server().request('POST', '/api/v1/namespaces', { metadata: { name, labels: own } })
    }
    const { names } = await chooseNamespaces(cluster, {
      patterns: ['match-*', 'default'],
      selector: parsed(selector),
    }).catch(() => ({ names: [] as readonly string[] }))
    const { matches } = parseSelector(selector)
    const matching = Object.keys(labels).filter((name) => matches(labels[name] ?? {}))
    expect(names.filter((name) => name !== 'default')).toEqual(matching)
  })

  it('selects all for a star except terminating ones, and logs those', async () => {
    using captured = captureLog()
    const all = await choose(['*'])
    expect(all).toEqual(expect.arrayContaining(['default', 'other', 'team-a', 'team-b', 'team-b-test']))
    expect(all).not.toContain('team-gone')
    expect(captured.log.text).toContain('Skipped namespace team-gone of cluster test: it is terminating.')
  })

  it('lists namespaces only when a glob or a selector needs it', async () => {
    server().journal.length = 0
    await choose(['team-a', 'team-b', '!*-b'])
    expect(server().journal).toEqual([])
    await choose(['team-*'])
    expect(server().journal.map(({ path }) => path)).toEqual(['/api/v1/namespaces'])
  })

  it.each<[string, readonly string[], string?]>([
    ['all namespaces are listed', ['team-*']],
    ['they are not listed', ['team-a']],
    ['only some are listed', ['team-*'], 'tier=prod'],
  ])('finds the uid of the cluster when %s, if at all', async (_, patterns, selector) => {
    const { body } = await server().request('GET', '/api/v1/namespaces/kube-system')
    const isFound = listsAllNamespaces({ patterns, selector: parsed(selector) })
    expect((await chosen(patterns, selector)).clusterUid).toBe(isFound ? body.metadata.uid : undefined)
  })

  it('fails when all names are excluded', async () => {
    const failure = await choose(['team-a', '!team-*']).catch((error: unknown) => error)
    expect(explain(failure)).toEqual([expect.stringContaining('matches team-a, !team-*')])
  })

  it('fails when no namespace matches', async () => {
    const failure = await choose(['squad-*', '!squad-x']).catch((error: unknown) => error)
    expect(explain(failure)).toEqual([
      'No namespace of cluster test matches squad-*, !squad-x. Check `namespaces` and `namespace-selector`.',
    ])
    expect(explain(await choose([], 'tier=none').catch((error: unknown) => error))[0]).toContain('the labels tier=none')
  })

  it('gives a hint for an invalid selector, and for a missing permission', async () => {
    // The inputs refuse it first: this is what an API server with another grammar would lead to.
    const selector = { text: 'tier in prod', matches: () => false }
    const refused = await chooseNamespaces(connectTo(server()), { patterns: [], selector }).catch((error) => error)
    expect(explain(refused)[0]).toMatch(/400 .* Check `namespace-selector`/)
    const token = await server().createToken('unprivileged')
    const cluster = connectTo(server(), { token })
    const failure = await chooseNamespaces(cluster, { patterns: ['*'], selector: undefined }).catch((error) => error)
    expect(explain(failure)[0]).toMatch(/403 Forbidden.* Grant the user of this kubeconfig the verb list on namespaces/)
  })
})
