// Steps that wait for what can no longer happen.
import { describe, expect, it } from 'vitest'
import { runStep } from '../support/runner/runner.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios } from './harness.ts'

/** No timer keeps the process alive, so the first wait before a retry never ends. */
const WITHOUT_TIMERS = `const set = setTimeout; globalThis.setTimeout = (...a) => set(...a).unref()`
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WITHOUT_TIMERS)}` }

describeScenarios('a step that waits', (openScenario) => {
  describe('a step in which nothing can happen any more', () => {
    it('fails with an error, outputs and a summary; its post step warns', async () => {
      await using scenario = await openScenario()
      scenario.plan('tokens POST', { kind: 'status', status: 503 })

      const result = await scenario.run({}, env)

      expect(result).toMatchObject({ code: 1, outputs: { changed: 'false', targets: '[]' } })
      expect(result.annotations).toMatchObject([
        { level: 'error', message: expect.stringContaining('it waits for what can no longer happen') },
      ])
      expect(result.summary).toContain('can no longer happen')

      scenario.plan('tokens GET', { kind: 'status', status: 503 })
      const { inputs } = scenario
      const post = await runStep({ inputs, state: result.state, entry: 'post', env })
      expect(post.code).toBe(0)
      expect(post.annotations).toMatchObject([
        { level: 'warning', message: expect.stringContaining('can no longer happen') },
      ])
    })
  })

  describe('a token of the cluster', () => {
    it.each(['\n', '\r\n', ' \n\n'])('may end with %j', async (end) => {
      await using scenario = await openScenario()
      const kubeconfig = scenario.kube.kubeconfig({ token: scenario.kube.adminToken + end })
      expect(await scenario.run({ kubeconfig })).toMatchObject({ code: 0, annotations: [] })
    })

    it('with a line break in it is an input error that does not quote it', async () => {
      await using scenario = await openScenario()
      const kubeconfig = scenario.kube.kubeconfig({ token: 'hunter2\nhunter3' })
      const result = await scenario.run({ kubeconfig })
      expectOneError(result, ['has a token for its context', 'that has several lines'])
      expect(result.annotations[0]?.message).not.toMatch(/hunter/)
      expect(scenario.requests()).toEqual([])
    })
  })
})
