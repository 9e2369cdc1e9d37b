// Which connections a run opens before it sends a request there. Those of `early-connections.test.ts` say what they save.
import { describe, expect, it } from 'vitest'
import { run } from '../../../src/run/main.ts'
import { type Harness, startHarness } from './harness.ts'

const REGISTRY = 'registry.example.com'

/** What a run did: the connections that it opened early, and its requests, in this order. */
async function runWith({ context }: Harness, inputs: Readonly<Record<string, string>> = {}) {
  const events: string[] = []
  const created = await context(inputs)
  const { registry } = created.inputs
  const clusters = created.clusters.map((cluster) => ({
    ...cluster,
    async request(request: Parameters<typeof cluster.request>[0]) {
      events.push(/selfsubjectaccessreviews$/.test(request.path) ? 'review' : 'cluster')
      return await cluster.request(request)
    },
  }))
  // The registry of the harness is on this machine, in clear text; this one answers nothing.
  const servers = inputs.verify === 'false' ? [REGISTRY] : [...registry.servers, REGISTRY]
  await run({
    ...created,
    inputs: { ...created.inputs, registry: { ...registry, servers } },
    clusters,
    openEarly: ({ host }) => events.push(host === REGISTRY ? 'to registry' : 'to issuer'),
    send: async (request) => {
      if (new URL(request.url).host === REGISTRY) throw new Error(`a request to ${request.url}`)
      events.push(request.service)
      return await created.send(request)
    },
  }).catch(() => {})
  return events
}

const firstOf = (events: readonly string[], event: string) => {
  const index = events.indexOf(event)
  return index === -1 ? Number.POSITIVE_INFINITY : index
}

describe('a run connects early', () => {
  it('to the registries before it reads the targets, and to the issuer before it checks the permissions', async () => {
    await using harness = await startHarness()
    const events = await runWith(harness)
    expect(firstOf(events, 'to registry')).toBeLessThan(firstOf(events, 'cluster'))
    expect(firstOf(events, 'to issuer')).toBeLessThan(firstOf(events, 'review'))
    expect(firstOf(events, 'review')).toBeLessThan(firstOf(events, 'issuer'))
  })

  it('not to the issuer when a stored token is reused', async () => {
    await using harness = await startHarness()
    expect(await run(await harness.context())).toEqual([])
    const context = await harness.context()
    const opened: URL[] = []
    expect(await run({ ...context, openEarly: (url) => opened.push(url) })).toEqual([])
    expect(opened).toEqual([])
  })

  it('nowhere in a dry run', async () => {
    await using harness = await startHarness()
    const events = await runWith(harness, { 'dry-run': 'true' })
    expect(events.filter((event) => event.startsWith('to '))).toEqual([])
    expect(events).toContain('cluster')
  })

  it('not to the registries when they are not asked', async () => {
    await using harness = await startHarness()
    const events = await runWith(harness, { verify: 'false' })
    expect(events).toContain('to issuer')
    expect(events).not.toContain('to registry')
  })

  it.each([
    ['the registry, which mints, where neither the login nor the organization is to be asked for', true],
    ['the Cloud Foundry API else', false],
  ])('to %s', async (_, isGiven) => {
    await using harness = await startHarness()
    const { ibm } = harness
    const guid = { organization: '', 'organization-guid': ibm.organization.guid }
    const given = { ...guid, username: '', password: '', 'oauth-token': ibm.login.uaaToken, 'api-endpoint': '' }
    const context = await harness.context(isGiven ? given : guid)
    const opened: string[] = []
    expect(await run({ ...context, openEarly: ({ origin }) => opened.push(origin) })).toEqual([])
    expect(opened).toEqual([new URL(isGiven ? ibm.registry : ibm.api).origin])
  })
})
