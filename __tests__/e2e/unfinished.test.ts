// Rotations that end before they are finished, without a post step: the next run finishes them, also when it reuses.
import { describe, expect, it, vi } from 'vitest'
import { describeScenarios, type Scenario } from './harness.ts'
import { interrupt, type Moment } from './interrupt.ts'
import { expectFinished, reuse, rotate, withNamespaces } from './step.ts'

const LOGIN = /^(uaa|iam|cf|tokens) /
const WRITES = /^kubernetes (POST|PUT|PATCH|DELETE) (?!\S+accessreviews$)/

describeScenarios(
  'a rotation',
  (openScenario) => {
    describe('a rotation that is finished', () => {
      it('takes two more writes than it has targets, and is recorded in no target afterwards', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 3)
        await step.run({})
        scenario.forget()

        const rotated = await step.run(rotate)

        expect(rotated).toMatchObject({ code: 0, annotations: [] })
        expect(scenario.requests(WRITES)).toHaveLength(3 + 2)
        await expectFinished(step, rotated)
      })

      it('leaves nothing to do to a run that reuses: it sends no write and does not log in', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        await step.run({})
        await step.run(rotate)
        scenario.forget()

        const reused = await step.run(reuse)

        expect(reused).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', changed: 'false' } })
        expect(scenario.requests(WRITES)).toEqual([])
        expect(scenario.requests(LOGIN)).toEqual([])
        await expectFinished(step, reused)
      })
    })

    describe('a rotation that is killed without a post step', () => {
      describe.each(['dedicated', 'ibmcloud'] as const)('with provider: %s', (provider) => {
        it.each<[string, Moment]>([
          [
            'when the token is minted and the response is lost',
            { request: mintOf[provider], fault: { kind: 'hang-after' } },
          ],
          ['before the first of two writes', { request: WRITE, fault: { kind: 'hang' } }],
          ['after the first of two writes', { request: WRITE, fault: { kind: 'hang' }, after: 1 }],
          ['after all writes', { request: WRITE, fault: { kind: 'hang-after' }, after: 1 }],
          ['before the revocation', { request: revocationOf[provider], fault: { kind: 'hang' } }],
          ['after the revocation', { request: revocationOf[provider], fault: { kind: 'hang-after' } }],
          ['before its record is removed', { request: MARK, fault: { kind: 'hang' }, after: 1 }],
        ])('%s is finished by the next run, which reuses', async (_, moment) => {
          await using scenario = await openScenario()
          const step = await withNamespaces(scenario, 2, provider)
          await step.run({})

          const killed = await interrupt(scenario, moment, 'SIGKILL', { ...step.inputs, ...rotate })
          expect(killed.signal).toBe('SIGKILL')
          await vi.waitFor(async () => expect(await step.pending()).toHaveLength(1), 60_000)
          const next = await step.run(reuse)

          expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
          await expectFinished(step, next)
        })
      })

      it('during the grace period is finished by the next run, which reuses', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        await step.run({})
        const running = scenario.start({ ...step.inputs, ...rotate }, (line) => {
          if (line.includes('for in-flight pulls before revoking')) running.kill('SIGKILL')
        })
        expect(await running.result).toMatchObject({ signal: 'SIGKILL' })
        expect(step.liveIds()).toHaveLength(2)

        const next = await step.run(reuse)

        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        await expectFinished(step, next)
      })

      it('before the mint leaves one token, and its record until the next rotation', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        const first = await step.run({})
        await interrupt(scenario, { request: MARK, fault: { kind: 'hang-after' } }, 'SIGKILL', {
          ...step.inputs,
          ...rotate,
        })
        const id = first.outputs['token-id']

        const next = await step.run(reuse)
        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false', 'token-id': id } })
        expect(next.outputs.unrevoked).toBe('[]')
        expect(step.liveIds()).toEqual([id])
        // The run may be about to mint: it would not write its token if its record were gone.
        expect(await step.pending()).toHaveLength(1)

        await expectFinished(step, await step.run(rotate))
      })

      it.each<[string, Moment]>([
        ['after the mint', { request: 'registry GET', fault: { kind: 'hang' } }],
        ['after the first of two writes', { request: WRITE, fault: { kind: 'hang' }, after: 1 }],
      ])('%s, as the first run of all, is finished by the next run', async (_, moment) => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        await interrupt(scenario, moment, 'SIGKILL', { ...step.inputs, ...rotate })

        const next = await step.run(reuse)

        expect(next).toMatchObject({ code: 0, annotations: [] })
        await expectFinished(step, next)
      })

      it.each<[string, Moment]>([
        ['when it has ended the rotation', { request: MARK, fault: { kind: 'hang-after' } }],
        ['before the revocation', { request: 'tokens DELETE', fault: { kind: 'hang' } }],
        ['before the record is removed', { request: MARK, fault: { kind: 'hang' }, after: 1 }],
      ])('after the mint, and the run that finishes it %s, are finished by the next run', async (_, moment) => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        await step.run({})
        const inputs = { ...step.inputs, ...rotate }
        await interrupt(scenario, { request: WRITE, fault: { kind: 'hang' } }, 'SIGKILL', inputs)
        await interrupt(scenario, moment, 'SIGKILL', { ...step.inputs, ...reuse })

        const next = await step.run(reuse)

        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        await expectFinished(step, next)
      })

      it('after the mint is finished by a run that reuses for one more namespace', async () => {
        await using scenario = await openScenario()
        await scenario.run()
        await interrupt(scenario, { request: WRITE, fault: { kind: 'hang' } }, 'SIGKILL', rotate)
        const step = await withNamespaces(scenario, 2)

        const next = await step.run(reuse)

        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        await expectFinished(step, next)
      })
    })

    describe('a rotation whose workloads are not ready', () => {
      const podOf = ({ ibm }: Scenario, tag = ibm.image.tag) => ({
        image: `${ibm.registryHost}/${ibm.image.repository}:${tag}`,
        'pod-name': 'web',
      })

      it('keeps the old token, and the next run without failures revokes it', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 1)
        const first = await step.run({})

        const failed = await step.run({ ...rotate, ...podOf(scenario, 'none') })

        expect(failed).toMatchObject({
          code: 1,
          outputs: { revoked: '[]', unrevoked: `["${first.outputs['token-id']}"]` },
        })
        expect(step.liveIds()).toHaveLength(2)

        const next = await step.run({ ...reuse, ...podOf(scenario), 'recreate-pods': 'true' })
        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        expect(next.outputs.revoked).toBe(`["${first.outputs['token-id']}"]`)
        await expectFinished(step, next)
      })

      it('is finished by the next run when it is killed while it waits', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 1)
        await step.run({})
        const moment: Moment = { request: 'kubernetes GET /pods', fault: { kind: 'hang' } }
        await interrupt(scenario, moment, 'SIGKILL', { ...step.inputs, ...rotate, ...podOf(scenario) })
        expect(step.liveIds()).toHaveLength(2)

        const next = await step.run({ ...reuse, ...podOf(scenario) })

        expect(next).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'false' } })
        await expectFinished(step, next)
      })
    })

    describe('what a killed run left', () => {
      it('is revoked no earlier than five seconds after the last write of the run that finds it', async () => {
        await using scenario = await openScenario()
        const step = await withNamespaces(scenario, 2)
        await interrupt(scenario, { request: WRITE, fault: { kind: 'hang' } }, 'SIGKILL', step.inputs)
        const [left] = step.liveIds()
        scenario.forget()

        const next = await step.run({})

        expect(next.outputs.revoked).toBe(`["${left}"]`)
        const isWrite = ({ method, headers }: { method: string; headers: Record<string, unknown> }) =>
          method === 'PATCH' && `${headers['content-type']}`.includes('apply')
        const writtenAt = scenario.kube.journal.filter(isWrite).map(({ at }) => at.getTime())
        const revokedAt = scenario.ibm.journal.filter(({ method }) => method === 'DELETE').map(({ at }) => at.getTime())
        expect([writtenAt.length, revokedAt.length]).toEqual([2, 1])
        // The clocks of the servers and of the step may round differently.
        expect(Math.min(...revokedAt) - Math.max(...writtenAt)).toBeGreaterThanOrEqual(5000 - 10)
      })
    })
  },
  { onlyOnReal: true },
)

const MARK = 'kubernetes PATCH merge-patch'
const WRITE = 'kubernetes PATCH apply'

const mintOf = { dedicated: 'tokens POST', ibmcloud: 'iam POST /v1/apikeys' } as const
const revocationOf = { dedicated: 'tokens DELETE', ibmcloud: 'iam DELETE' } as const
