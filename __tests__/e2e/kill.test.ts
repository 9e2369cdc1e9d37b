// Runs that are killed or cancelled, and what their post steps do.
import { describe, expect, it, vi } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import { tokenIdOf } from '../support/records.ts'
import { describeScenarios, type Scenario } from './harness.ts'
import { interrupt, type Moment } from './interrupt.ts'

const before: Fault = { kind: 'hang' }
const after: Fault = { kind: 'hang-after' }

const beforeMint: Moment = { request: 'tokens POST', fault: before }
const afterMint: Moment = { request: 'tokens POST', fault: after }
const verification: Moment = { request: 'registry GET', fault: before }
const beforeWrite: Moment = { request: 'kubernetes PATCH apply', fault: before }
const afterWrite: Moment = { request: 'kubernetes PATCH apply', fault: after }
const wait: Moment = { request: 'kubernetes GET /pods', fault: before }

describeScenarios(
  'an interrupted run',
  (openScenario) => {
    describe('a run that is killed', () => {
      it.each<[string, Moment]>([
        ['before the mint is done', beforeMint],
        ['when the token is minted and the response is lost', afterMint],
        ['while the new token is verified', verification],
        ['while the secret is written, before the API server acted', beforeWrite],
      ])('%s leaves no live token after its post step', async (_, moment) => {
        await using scenario = await openScenario()

        const main = await interrupt(scenario, moment, 'SIGKILL')
        const post = await scenario.post(main)

        expect(main.signal).toBe('SIGKILL')
        expect(post).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.ibm.liveTokens()).toEqual([])
        expect(await scenario.secret()).toBeUndefined()
      })

      it.each<[string, Moment]>([
        ['when the secret is written and the response is lost', afterWrite],
        ['while its Pod is waited for', wait],
      ])('%s keeps the token that the secret holds, and the next run continues with it', async (_, moment) => {
        await using scenario = await openScenario()
        const deployment = { image: scenario.inputs['verify-image'] ?? '', 'pod-name': 'web' }

        const main = await interrupt(scenario, moment, 'SIGKILL', deployment)
        await untilWritten(scenario)
        const post = await scenario.post(main, deployment)

        expect(post).toMatchObject({ code: 0, annotations: [] })
        const [token, ...more] = scenario.ibm.liveTokens()
        expect(more).toEqual([])
        expect(tokenIdOf(await scenario.secret())).toBe(token?.id)
        expect(await scenario.ibm.pullsWith('token', token?.value ?? '')).toBe(200)

        const next = await scenario.run(deployment)
        expect(next.outputs).toMatchObject({ minted: 'false', changed: 'false', 'token-id': token?.id })
      })

      it('keeps the old token of a target when the new one was not written', async () => {
        await using scenario = await openScenario()
        const { outputs } = await scenario.run()

        const main = await interrupt(scenario, beforeWrite, 'SIGKILL', { 'max-age': '0' })
        await scenario.post(main, { 'max-age': '0' })

        expect(scenario.ibm.tokens()).toHaveLength(2)
        expect(scenario.ibm.liveTokens()).toMatchObject([{ id: outputs['token-id'] }])
        expect(tokenIdOf(await scenario.secret())).toBe(outputs['token-id'])
      })

      it('keeps a token and warns when its post step cannot read the secret', async () => {
        await using scenario = await openScenario()
        const main = await interrupt(scenario, afterWrite, 'SIGKILL')
        await untilWritten(scenario)
        scenario.plan('kubernetes GET', { kind: 'status', status: 403, body: 'no' })

        const post = await scenario.post(main)

        expect(post.code).toBe(0)
        expect(post.annotations).toMatchObject([
          {
            level: 'warning',
            message: expect.stringMatching(
              `^Nothing was revoked, because this step cannot see whether targets hold token ${idOf(scenario)}: .*Run the workflow again`,
            ),
          },
        ])
        expect(scenario.ibm.liveTokens()).toHaveLength(1)
      })

      it('names only the old token in the warning when its post step cannot revoke it', async () => {
        await using scenario = await openScenario()
        const { outputs } = await scenario.run()
        const rotate = { 'max-age': '0' }
        const main = await interrupt(scenario, afterWrite, 'SIGKILL', rotate)
        const isNew = async () => {
          const { metadata } = await scenario.secret()
          expect(tokenIdOf({ metadata })).not.toBe(outputs['token-id'])
        }
        await vi.waitFor(isNew, 60_000)
        scenario.plan('tokens DELETE', { kind: 'status', status: 403, body: 'no' })

        const post = await scenario.post(main, rotate)

        const [warning, ...more] = post.annotations
        expect(more).toEqual([])
        expect(warning?.message).toContain(`Could not revoke all superseded tokens (${outputs['token-id']}): `)
        expect(warning?.message).toMatch(/DELETE \S+\/<id> /)
        expect(scenario.ibm.liveTokens()).toHaveLength(2)
      })
    })

    describe('a run that is cancelled', () => {
      it.each(['SIGINT', 'SIGTERM'] as const)('by %s while it verifies the token revokes it', async (signal) => {
        await using scenario = await openScenario()

        const main = await interrupt(scenario, verification, signal)

        expect(main).toMatchObject({ code: 1, signal: null })
        expect(main.annotations).toMatchObject([
          { level: 'error', message: expect.stringMatching(`reach registry .*the job was cancelled \\(${signal}\\)`) },
        ])
        expect(main.log).toContain(`Revoked unused token ${idOf(scenario)}: it was not written to any namespace.`)
        expect(scenario.ibm.liveTokens()).toEqual([])

        scenario.forget()
        expect(await scenario.post(main)).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.requests()).toEqual([])
      })

      it('while it waits for the mint leaves it to the post step', async () => {
        await using scenario = await openScenario()

        const main = await interrupt(scenario, afterMint, 'SIGINT')
        const post = await scenario.post(main)

        expect(main).toMatchObject({ code: 1, signal: null })
        expect(post).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.requests(/^tokens POST/)).toHaveLength(1)
        expect(scenario.ibm.tokens()).toMatchObject([{ revoked: true }])
      })
    })

    describe('a run that is interrupted while it mints', () => {
      it.each(['SIGINT', 'SIGKILL'] as const)(
        'by %s: its post step revokes a token that is minted only afterwards',
        async (signal) => {
          await using scenario = await openScenario()
          const late = Promise.withResolvers<void>()
          const mint: Moment = { request: 'tokens POST', fault: { kind: 'late', until: late.promise } }

          const main = await interrupt(scenario, mint, signal)
          scenario.forget()
          const running = scenario.post(main)
          await vi.waitFor(() => expect(scenario.requests(/^tokens GET/)).toHaveLength(1), 60_000)
          expect(scenario.ibm.tokens()).toEqual([])
          late.resolve()
          const post = await running

          expect(post).toMatchObject({ code: 0, annotations: [] })
          expect(scenario.ibm.tokens()).toMatchObject([{ revoked: true }])
          expect(post.log).toContain(`Revoked token ${idOf(scenario)}`)
        },
      )
    })

    describe('the post step', () => {
      it('does nothing after a successful run, and nothing after one that minted nothing', async () => {
        await using scenario = await openScenario()
        const runs = [
          await scenario.run(),
          await scenario.run(),
          await scenario.run({ organization: 'Nobody', 'max-age': '0' }),
        ]
        expect(runs.map(({ code }) => code)).toEqual([0, 0, 1])
        scenario.forget()

        for (const run of runs) expect(await scenario.post(run)).toMatchObject({ code: 0, annotations: [] })

        expect(scenario.requests()).toEqual([])
      })

      it('of a run that continued with the token of a concurrent run revokes only its own mint', async () => {
        await using scenario = await openScenario()
        const main = await scenario.run()
        const own = scenario.ibm.mintToken({ description: 'own' })
        const state = {
          phase: 'writing',
          description: 'own',
          'minted-id': own.id,
        }

        const held = await scenario.post({ ...main, state: { ...state, 'current-id': main.outputs['token-id'] ?? '' } })
        expect(held).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.ibm.liveTokens()).toMatchObject([{ id: main.outputs['token-id'] }])
      })

      it('never revokes the token of a concurrent run, even if no target holds it yet', async () => {
        await using scenario = await openScenario()
        const [own, theirs] = [
          scenario.ibm.mintToken({ description: 'own' }),
          scenario.ibm.mintToken({ description: 'theirs' }),
        ]
        const main = await scenario.run({ 'dry-run': 'true' })
        const state = {
          phase: 'writing',
          description: 'own',
          'minted-id': own.id,
        }

        const post = await scenario.post({ ...main, state: { ...state, 'current-id': theirs.id } })
        expect(post).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.ibm.liveTokens()).toMatchObject([{ id: theirs.id }])
      })

      it('cannot log in again with a passcode: it warns, and names the request that revokes the token', async () => {
        await using scenario = await openScenario()
        const passcode = { username: '', password: '', passcode: scenario.ibm.login.passcode }

        const main = await interrupt(scenario, verification, 'SIGKILL', passcode)
        const post = await scenario.post(main, passcode)

        expect(post.code).toBe(0)
        expect(post.annotations).toEqual([
          { level: 'warning', message: expect.any(String), properties: { title: 'Cleanup incomplete' } },
        ])
        const [{ message = '' } = {}] = post.annotations
        for (const part of [
          idOf(scenario),
          'Invalid passcode',
          `DELETE ${scenario.ibm.registry}/api/v1/tokens/${idOf(scenario)}`,
        ]) {
          expect(message).toContain(part)
        }
      })
    })
  },
  { isLong: true },
)

/** An API server acts even when the client is gone. */
async function untilWritten({ secret }: Scenario): Promise<void> {
  await vi.waitFor(async () => expect(await secret()).toBeDefined(), 60_000)
}

/** The id of the one token that was minted. */
function idOf({ ibm }: Scenario): string {
  const [token] = ibm.tokens()
  if (token === undefined) throw new Error('No token was minted')
  return token.id
}
