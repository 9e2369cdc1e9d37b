// Later runs: which token is reused or replaced, and which one is revoked.
import { expect, it, vi } from 'vitest'
import { json } from '../support/http/exchange.ts'
import type { Fault } from '../support/http/faults.ts'
import { startWebServer } from '../support/http/web-server.ts'
import { changedRecord, recordsOf, tokenIdOf } from '../support/records.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { describeScenarios, type Scenario, SECRET, type StepRequest } from './harness.ts'

// Access reviews are POSTs that change nothing.
const CHANGES = /^(tokens (POST|DELETE)|kubernetes (POST|PUT|PATCH|DELETE) (?!\S+accessreviews$))/

describeScenarios('a later run', (openScenario) => {
  it('reuses a token that is within `max-age` and works, and changes nothing', async () => {
    await using scenario = await openScenario()
    const first = await scenario.run()
    const { metadata } = await scenario.secret()
    scenario.forget()

    const second = await scenario.run()

    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(second.outputs).toMatchObject({ minted: 'false', changed: 'false', revoked: '[]', unrevoked: '[]' })
    expect(resultsOf(second)).toEqual(['unchanged'])
    expect(second.outputs['next-rotation']).toBe(inDays(await mintedAt(scenario), 30))
    for (const output of ['token', 'token-id', 'docker-config-json'] as const) {
      expect(second.outputs[output]).toBe(first.outputs[output])
    }
    // A run that reuses its token does not log in.
    expect(scenario.requests(/^(uaa|cf|tokens)/)).toEqual([])
    expect(scenario.requests(CHANGES)).toEqual([])
    expect(scenario.requests(/^kubernetes/)).toEqual([`kubernetes GET ${path(scenario, 'secrets', SECRET)}`])
    expect((await scenario.secret()).metadata.resourceVersion).toBe(metadata.resourceVersion)
  })

  it('warns when it replaces a token that became due long before', async () => {
    await using scenario = await openScenario()
    const first = await scenario.run()
    const annotations = changedRecord(await scenario.secret(), { 'minted-at': '2026-01-31T04:00:00.000Z' })
    const merge = { 'content-type': 'application/merge-patch+json' }
    const change = { metadata: { annotations } }
    expect(await scenario.kube.request('PATCH', path(scenario, 'secrets', SECRET), change, merge)).toMatchObject({
      status: 200,
    })

    const planned = await scenario.run({ 'dry-run': 'true' })
    const second = await scenario.run()

    const sentence = `Token ${first.outputs['token-id']}, minted on 2026-01-31, was due for rotation on 2026-03-02, `
    const warning = { level: 'warning', properties: { title: 'Rotation overdue' } }
    for (const result of [planned, second]) {
      expect(result).toMatchObject({ code: 0, annotations: [warning] })
      expect(result.annotations[0]?.message).toContain(sentence)
      expect(result.summary).toContain('| **Overdue** | Token ')
    }
    expect(second.outputs).toMatchObject({ minted: 'true', revoked: `["${first.outputs['token-id']}"]` })
    expect(await scenario.run()).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
  })

  it('replaces a token that is older than `max-age` in place, and revokes it after the last write', async () => {
    await using scenario = await openScenario()
    const other = await scenario.createNamespace()
    const namespaces = `${scenario.namespace},${other}`
    const first = await scenario.run({ namespaces })
    const before = await scenario.secret()
    scenario.forget()

    const second = await scenario.run({ namespaces, 'max-age': '0' })

    const [old, current] = scenario.ibm.tokens()
    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(old).toMatchObject({ id: first.outputs['token-id'], revoked: true })
    expect(current).toMatchObject({ id: second.outputs['token-id'], revoked: false })
    expect(second.outputs).toMatchObject({
      minted: 'true',
      changed: 'true',
      revoked: `["${old?.id}"]`,
      unrevoked: '[]',
    })
    expect(resultsOf(second)).toEqual(['updated', 'updated'])
    // Every run rotates with a `max-age` of 0.
    expect(second.outputs['next-rotation']).toBe(inDays(await mintedAt(scenario), 0))
    expect(scenario.requests(CHANGES).map((request) => request.replace(/[^/]*\/secrets\//, '*/secrets/'))).toEqual([
      // The rotation is recorded in one target until it is finished.
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
      'tokens POST /api/v1/tokens',
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
      `tokens DELETE /api/v1/tokens/${old?.id}`,
      `kubernetes PATCH /api/v1/namespaces/*/secrets/${SECRET}`,
    ])
    const after = await scenario.secret()
    expect(after.metadata.uid).toBe(before.metadata.uid)
    expect(await heldBy(scenario)).toBe(current?.id)
    expect(await heldBy(scenario, other)).toBe(current?.id)
  })

  it('replaces a token that was revoked', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    scenario.ibm.revokeToken(outputs['token-id'] ?? '')

    const second = await scenario.run()

    expect(second).toMatchObject({ code: 0, annotations: [] })
    expect(second.outputs).toMatchObject({ minted: 'true', changed: 'true' })
    expect(scenario.ibm.liveTokens()).toMatchObject([{ id: second.outputs['token-id'] }])
    expect(await heldBy(scenario)).toBe(second.outputs['token-id'])
  })

  it('copies the token to a new namespace, and to one that lost it, without a mint', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    const other = await scenario.createNamespace()
    const namespaces = `${scenario.namespace},${other}`

    const widened = await scenario.run({ namespaces })
    await scenario.kube.request('DELETE', `/api/v1/namespaces/${other}/secrets/${SECRET}`)
    const repaired = await scenario.run({ namespaces })

    expect([resultsOf(widened)[1], resultsOf(repaired)[1]]).toEqual(['created', 'created'])
    expect([widened.outputs.minted, repaired.outputs.minted]).toEqual(['false', 'false'])
    expect(scenario.requests(/^tokens POST/)).toHaveLength(1)
    for (const namespace of [scenario.namespace, other]) {
      expect(await heldBy(scenario, namespace)).toBe(outputs['token-id'])
    }

    const rotated = await scenario.run({ namespaces, 'max-age': '0' })
    expect(rotated.outputs).toMatchObject({ revoked: `["${outputs['token-id']}"]`, unrevoked: '[]' })
    expect(scenario.ibm.liveTokens()).toHaveLength(1)
  })

  it('keeps the token that an unlisted namespace still holds, and logs why', async () => {
    await using scenario = await openScenario()
    const other = await scenario.createNamespace()
    const { outputs } = await scenario.run({ namespaces: `${scenario.namespace},${other}` })

    const narrowed = await scenario.run({ 'max-age': '0' })

    expect(narrowed.code).toBe(0)
    expect(narrowed.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(narrowed.log).toContain(`Kept old token ${outputs['token-id']}: `)
    expect(narrowed.summary).toContain(`| **Old token** | \`${outputs['token-id']}\` still alive \\(0 days old\\): `)
    expect(await heldBy(scenario, other)).toBe(outputs['token-id'])
    expect(await scenario.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
  })

  it('revokes nothing with `revoke: never`', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()

    const second = await scenario.run({ 'max-age': '0', revoke: 'never' })

    expect(second.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(second.log).toContain('`revoke` is `never`')
    expect(scenario.ibm.liveTokens()).toHaveLength(2)
  })

  it('revokes nothing when a controller writes the old secret back within the grace period', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    const old = await scenario.secret()
    const step = scenario.start({ 'max-age': '0' })
    const isRotated = async () => {
      const { metadata } = await scenario.secret()
      expect(tokenIdOf({ metadata })).not.toBe(outputs['token-id'])
    }
    await vi.waitFor(isRotated, 60_000)
    const path = `/api/v1/namespaces/${scenario.namespace}/secrets/${SECRET}`
    const { data, metadata } = old
    const restored = { data, metadata: { annotations: metadata.annotations } }
    const merge = { 'content-type': 'application/merge-patch+json' }
    await scenario.kube.request('PATCH', `${path}?fieldManager=external-secrets`, restored, merge)

    const second = await step.result

    expect(second.code).toBe(1)
    expect(second.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(
          `^Secret ${scenario.namespace}/${SECRET} in cluster \\S+ was changed \\(other field managers: external-secrets\\) and no longer holds token `,
        ),
        properties: { title: 'Secret changed after write' },
      },
    ])
    const live = scenario.ibm.liveTokens().map(({ id }) => id)
    expect(live).toContain(outputs['token-id'])
    expect(live).toHaveLength(2)
    expect(second.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(await scenario.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)

    // The post step leaves the token that the secret holds.
    expect(await scenario.post(second, { 'max-age': '0' })).toMatchObject({ code: 0 })
    expect(scenario.ibm.liveTokens().map(({ id }) => id)).toContain(outputs['token-id'])
  })

  it('revokes nothing when a target failed', async () => {
    await using scenario = await openScenario()
    const other = await scenario.createNamespace()
    const namespaces = `${scenario.namespace},${other}`
    const { outputs } = await scenario.run({ namespaces })
    scenario.plan(`kubernetes PATCH /namespaces/${other}/`, { kind: 'status', status: 403, body: 'no' })

    const second = await scenario.run({ namespaces, 'max-age': '0' })

    expect(second.code).toBe(1)
    expect(resultsOf(second)).toEqual(['updated', 'failed'])
    expect(second.outputs).toMatchObject({ revoked: '[]', unrevoked: `["${outputs['token-id']}"]` })
    expect(await scenario.ibm.pullsWith('token', outputs.token ?? '')).toBe(200)
    expect(await heldBy(scenario, other)).toBe(outputs['token-id'])
  })

  it('plans its writes in a dry run, and the API server validates them', async () => {
    await using scenario = await openScenario()
    const deployment = { image: scenario.inputs['verify-image'] ?? '', 'pod-name': 'web' }

    const planned = await scenario.run({ ...deployment, 'dry-run': 'true' })

    expect(planned).toMatchObject({ code: 0, annotations: [] })
    expect(resultsOf(planned)).toEqual(['planned'])
    expect(JSON.parse(planned.outputs.workloads ?? '')).toMatchObject([{ kind: 'Pod', name: 'web', result: 'planned' }])
    expect(planned.outputs).toMatchObject({ changed: 'false', minted: 'false' })
    expect(Date.parse(planned.outputs['next-rotation'] ?? '')).toBeLessThanOrEqual(Date.now() + 1000)
    expect(planned.log).toContain('Dry run: this run mints, writes and revokes nothing.')
    expect(planned.summary).toMatch(
      /^## ✅ Dry run: would mint a token and write `regcred` in 1 namespace, 1 workload planned\n/,
    )
    expect(scenario.requests(/^(uaa|tokens)/)).toEqual([])
    expect(scenario.requests(/secrets/)).toContain(`kubernetes PATCH ${path(scenario, 'secrets', SECRET)}`)
    expect(await scenario.secret()).toBeUndefined()
    expect((await scenario.kube.request('GET', path(scenario, 'pods', 'web'))).status).toBe(404)
  })

  it('keeps the stored token as it is in a dry run', async () => {
    await using scenario = await openScenario()
    await scenario.run()
    const before = await scenario.secret()

    const planned = await scenario.run({ 'max-age': '0', 'dry-run': 'true' })

    expect(resultsOf(planned)).toEqual(['planned'])
    expect((await scenario.secret()).metadata.resourceVersion).toBe(before.metadata.resourceVersion)
    expect(scenario.ibm.tokens()).toMatchObject([{ revoked: false }])
  })

  it.each<[StepRequest, Fault, string]>([
    ['registry GET', { kind: 'status', status: 503, body: 'down' }, 'returned 503 down'],
    ['realm GET', { kind: 'status', status: 200, body: '{"status":"maintenance"}' }, 'its body has no usable token'],
    ['realm GET', { kind: 'status', status: 400, body: '<h1>Header Too Large</h1>' }, 'returned 400 Header Too Large'],
    ['registry GET', { kind: 'status', status: 412, body: 'policy' }, 'status 412 and no login challenge'],
  ])('fails and mints nothing when a response says nothing of the stored token: %s %o', async (which, fault, part) => {
    await using scenario = await openScenario()
    await scenario.run()
    scenario.forget()
    scenario.plan(which, fault)

    const second = await scenario.run()

    expect(second.code).toBe(1)
    expect(second.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining(part) }])
    expect(scenario.requests(CHANGES)).toEqual([])
    expect(scenario.requests(/^tokens/)).toEqual([])
    expect(scenario.ibm.liveTokens()).toHaveLength(1)
  })

  it('fails and mints nothing when its token server redirects to another one, which does not get the login', async () => {
    await using scenario = await openScenario()
    await using other = await startWebServer(() => json(200, { token: 'anonymous-token' }))
    await scenario.run()
    scenario.forget()
    scenario.plan('realm GET', { kind: 'redirect', to: other.url })

    const second = await scenario.run()

    expect(second.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('redirected there') }])
    expect(scenario.requests(CHANGES)).toEqual([])
    expect(scenario.ibm.liveTokens()).toHaveLength(1)
  })
})

function path({ namespace }: Scenario, resource: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/${resource}/${name}`
}

function resultsOf({ outputs }: StepResult): string[] {
  return (JSON.parse(outputs.targets ?? '[]') as { result: string }[]).map(({ result }) => result)
}

async function mintedAt({ secret }: Scenario): Promise<Date> {
  return new Date(recordsOf(await secret())[0]?.['minted-at'] ?? '')
}

/** As an output has it: whole seconds, never too early. */
function inDays(date: Date, days: number): string {
  const seconds = Math.ceil(date.getTime() / 1000) + days * 86_400
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** The id of the token that the secret of a namespace records. */
async function heldBy({ secret }: Scenario, namespace?: string): Promise<string | undefined> {
  return tokenIdOf(await secret(namespace))
}
