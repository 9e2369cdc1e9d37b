import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Scenario } from '../e2e/harness.ts'
import { container, describeOnNode, events, type Scenarios, withSecret } from './harness.ts'

const ROTATIONS = 5

const scenarios: Scenarios = (openScenario) => {
  it('fails no pull of Pods that are restarted all the time', async () => {
    await using scenario = await openScenario()
    await scenario.run()
    await createDeployment(scenario)
    await using _ = restartPods(scenario)

    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await pullsTwice(scenario)
      const result = await scenario.run({ 'max-age': '0' })
      expect(result).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
    }
    await pullsTwice(scenario)

    // A kubelet that watches secrets can pull without a token at first: such pulls are not counted.
    const refused = scenario.ibm.journal.filter(({ server, status }) => server === 'realm' && status === 401)
    expect(refused).toEqual([])
    expect(scenario.ibm.liveTokens()).toHaveLength(1)
  })
}

describeOnNode('a rotation', scenarios)
describeOnNode('a rotation, with a kubelet that reads the secret for each Pod', scenarios, { secretDetection: 'Get' })

async function createDeployment(scenario: Scenario): Promise<void> {
  const { kube, namespace } = scenario
  const labels = { app: 'web' }
  const containers = [container(scenario)]
  const template = { metadata: { labels }, spec: { containers, terminationGracePeriodSeconds: 1, ...withSecret } }
  const deployment = { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } }
  const { status } = await kube.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment)
  expect(status).toBe(201)
}

/** Deletes every Pod as soon as it runs. */
function restartPods({ kube, namespace }: Scenario): AsyncDisposable {
  const stop = new AbortController()
  const restart = async () => {
    const path = `/api/v1/namespaces/${namespace}/pods`
    while (!stop.signal.aborted) {
      const { body } = await kube.request('GET', path)
      for (const { metadata, status } of body.items) {
        if (status.phase === 'Running') await kube.request('DELETE', `${path}/${metadata.name}`)
      }
      await delay(100)
    }
  }
  const running = restart()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/** Waits for two pulls, because the first one may have started before. */
async function pullsTwice(scenario: Scenario): Promise<void> {
  const count = async () => (await events(scenario)).filter((event) => event.startsWith('Pulled: ')).length
  const before = await count()
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(before + 1)
}
