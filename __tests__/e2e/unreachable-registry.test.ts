// A registry that does not let the runner in, and runs that do not ask it.
import { expect, it } from 'vitest'
import { describeScenarios, type Scenario } from './harness.ts'
import { expectFinished, reuse, rotate, withNamespaces } from './step.ts'

const unasked = { verify: 'false', 'verify-image': '' }
const firewall = { errors: [{ code: 'DENIED', message: "client with IP '192.0.2.1' is not allowed access." }] }

describeScenarios('a registry that does not let this runner in', (openScenario) => {
  it('is an error with its own words, and `verify: false` does without it', async () => {
    await using scenario = await openScenario()
    close(scenario)

    const refused = await scenario.run()

    expect(refused.code).toBe(1)
    expect(refused.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(
          /^Could not reach registry .* returned 403 DENIED: client with IP '192\.0\.2\.1' is not allowed access\..*not reachable from this runner.*`verify: false`/,
        ),
        properties: { title: 'Registry unreachable' },
      },
    ])
    expect(await scenario.secret()).toBeUndefined()
    expect(scenario.ibm.liveTokens()).toEqual([])
    scenario.forget()

    const written = await scenario.run(unasked)

    expect(written).toMatchObject({ code: 0, outputs: { minted: 'true', changed: 'true', unrevoked: '[]' } })
    expect(written.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining(`Token ${written.outputs['token-id']} was not verified`) },
    ])
    expect(scenario.requests(/^(registry|realm)/)).toEqual([])
    expect(written.summary).toContain('was not verified')
    expect(`${written.log}${written.summary}`).not.toMatch(/accepted by the registry|accepts this credential/)
  })

  it('cannot combine `verify: false` with `verify-image`', async () => {
    await using scenario = await openScenario()
    const result = await scenario.run({ verify: 'false' })
    expect(result.annotations).toMatchObject([
      { message: expect.stringContaining('`verify` cannot be combined with `verify-image`') },
    ])
    expect(scenario.requests()).toEqual([])
  })
})

describeScenarios('a run with `verify: false`', (openScenario) => {
  it('reuses a stored token by its age alone', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    scenario.ibm.revokeToken(outputs['token-id'] ?? '')
    scenario.forget()

    const second = await scenario.run(unasked)

    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', 'token-id': outputs['token-id'] } })
    expect(second.log).toContain(`Reusing token ${outputs['token-id']}: 0 days old (limit 30), not verified.`)
    expect(scenario.requests(/^(registry|realm|uaa|tokens)/)).toEqual([])
  })

  it('revokes nothing, and the next run that verifies does', async () => {
    await using scenario = await openScenario()
    const step = await withNamespaces(scenario, 2)
    const { outputs } = await step.run({})

    const second = await step.run({ ...rotate, ...unasked })

    const old = outputs['token-id']
    expect(second).toMatchObject({ code: 0, outputs: { minted: 'true', revoked: '[]', unrevoked: `["${old}"]` } })
    expect(second.log).toContain(`Kept old token ${old}: this run did not verify the token that replaces it`)
    expect(second.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('was not verified'),
      expect.stringMatching(/^Old tokens are still alive: .* The next run with `verify: true` tries again\./),
    ])
    expect(await scenario.post(second, { ...step.inputs, ...rotate, ...unasked })).toMatchObject({ code: 0 })
    expect(step.liveIds()).toHaveLength(2)
    expect(await step.pending()).toHaveLength(1)

    const third = await step.run({ ...reuse, ...unasked })
    expect(third).toMatchObject({ code: 0, outputs: { changed: 'false', unrevoked: `["${old}"]` } })

    const verified = await step.run(reuse)
    expect(verified).toMatchObject({ code: 0, annotations: [], outputs: { revoked: `["${old}"]` } })
    await expectFinished(step, verified)
  })
})

function close(scenario: Scenario): void {
  scenario.plan('registry GET', { kind: 'status', status: 403, body: JSON.stringify(firewall) })
}
