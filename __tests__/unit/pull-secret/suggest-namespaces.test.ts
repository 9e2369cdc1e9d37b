import { describe, expect, it } from 'vitest'
import { chooseNamespaces } from '../../../src/pull-secret/namespaces.ts'
import { observeTargets } from '../../../src/pull-secret/targets.ts'
import { connectTo } from '../../support/connect-to.ts'
import type { Fault } from '../../support/http/faults.ts'
import { describeServers } from '../../support/kubernetes/describe-servers.ts'
import { owner } from './stored-record.ts'

describeServers((server) => {
  const hintsOf = async (names: readonly string[]) => {
    const cluster = connectTo(server())
    const targets = names.map((namespace) => ({ cluster, namespace }))
    const states = await observeTargets(targets, { name: 'pull', adopt: false, owner })
    return states.map((one) => (one.status === 'failed' ? one.error.hint : undefined))
  }
  const lists = () => server().journal.filter(({ path }) => path === '/api/v1/namespaces')

  describe('the error of a namespace that does not exist', () => {
    it('offers those that are near, and no others', async () => {
      await server().createNamespace('suggested-shop')
      server().journal.length = 0
      const [near, far, existing] = await hintsOf(['suggested-shpo', 'qqqqqqqqqq', 'suggested-shop'])
      expect(near).toMatch(
        /`create-namespaces: true`\. Namespaces of the cluster near "suggested-shpo": "suggested-shop"/,
      )
      expect(far).toMatch(/`create-namespaces: true`\.$/)
      expect(existing).toBeUndefined()
      // All of them by one list, of the metadata of one page.
      expect(lists().map(({ query }) => query.get('limit'))).toEqual(['500'])
      expect(lists()[0]?.headers.accept).toContain('PartialObjectMetadataList')
    })

    it.each<Fault>([
      { kind: 'status', status: 403 },
      { kind: 'status', status: 500 },
      { kind: 'truncated-json' },
      { kind: 'reset-after' },
      { kind: 'hang' },
    ])(
      'is the same where the list fails: %j',
      async (fault) => {
        const planned = server().faults.add({ when: { path: '/api/v1/namespaces' }, fault, times: 10 })
        const [hint] = await hintsOf(['suggested-shpo'])
        server().faults.clear()
        expect(hint).toMatch(/`create-namespaces: true`\.$/)
        expect(planned.met).toBe(1)
      },
      20_000,
    )

    it('shows no names that a namespace cannot have', async () => {
      const items = ['suggested-shpo\n::error::planted', '../suggested-shpo', 7].map((name) => ({ metadata: { name } }))
      const body = JSON.stringify({ kind: 'NamespaceList', items, metadata: { continue: 'more' } })
      server().faults.add({ when: { path: '/api/v1/namespaces' }, fault: { kind: 'status', status: 200, body } })
      expect(await hintsOf(['suggested-shpo'])).toEqual([expect.stringMatching(/`create-namespaces: true`\.$/)])
      server().faults.clear()
    })
  })

  it('a glob that matches nothing: the error offers what is near', async () => {
    await server().createNamespace('suggested-web')
    const failure = chooseNamespaces(connectTo(server()), { patterns: ['sugested-web*'], selector: undefined })
    await expect(failure).rejects.toMatchObject({
      hint: expect.stringContaining('Namespaces of the cluster near "sugested-web": "suggested-web"'),
    })
  })
})
