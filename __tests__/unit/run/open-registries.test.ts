import { expect, it } from 'vitest'
import type { RunContext } from '../../../src/run/context.ts'
import { run } from '../../../src/run/main.ts'
import { type Harness, startHarness } from './harness.ts'

/** How many requests only asked what the registry is: a login goes to the same path. */
function pings({ ibm }: Harness): number {
  return ibm.journal.filter(
    ({ server, path, headers }) => server === 'registry' && path === '/v2/' && headers.authorization === undefined,
  ).length
}

/** A context whose clusters respond to nothing until `isReady`. */
function withSlowClusters(context: RunContext, isReady: () => boolean): RunContext {
  const clusters = context.clusters.map((cluster): typeof cluster => ({
    ...cluster,
    async request(request) {
      await expect.poll(isReady).toBe(true)
      return await cluster.request(request)
    },
  }))
  return { ...context, clusters }
}

it('a run asks its registry what it is while it reads the targets, and not again', async () => {
  await using harness = await startHarness(2)
  const isAsked = () => pings(harness) > 0
  expect(await run(withSlowClusters(await harness.context(), isAsked))).toEqual([])
  expect(pings(harness)).toBe(1)

  harness.ibm.journal.length = 0
  expect(await run(withSlowClusters(await harness.context(), isAsked))).toEqual([])
  expect(pings(harness)).toBe(1)

  // The stored token is refused, so two credentials are verified.
  harness.ibm.journal.length = 0
  harness.ibm.revokeToken((await harness.heldIn(harness.namespaces[0] ?? '')) ?? '')
  expect(await run(withSlowClusters(await harness.context(), isAsked))).toEqual([])
  expect(pings(harness)).toBe(1)
})

it('a registry that does not respond at first is asked again where the credential is verified', async () => {
  await using harness = await startHarness()
  const fault = { kind: 'status', status: 503, body: '' } as const
  harness.ibm.faults.add({ when: { server: 'registry', path: '/v2/' }, fault })
  expect(await run(await harness.context())).toEqual([])
  expect(pings(harness)).toBe(2)
})

it('with `verify: false` the registry is not asked', async () => {
  await using harness = await startHarness()
  expect(await run(await harness.context({ verify: 'false' }))).toEqual([])
  expect(harness.ibm.journal.filter(({ server }) => server === 'registry')).toEqual([])
})
