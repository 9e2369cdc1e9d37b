import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Scene } from '../e2e/harness.ts'
import { container, events, type Stories, tellOnNode, withSecret } from './harness.ts'

const ROTATIONS = 5

const stories: Stories = (openScene) => {
  it('fails no pull of Pods that start all the time', async () => {
    await using scene = await openScene()
    await scene.run()
    await createDeployment(scene)
    await using _ = restartPods(scene)

    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await pullsTwice(scene)
      const result = await scene.run({ 'max-age': '0' })
      expect(result).toMatchObject({ code: 0, annotations: [], outputs: { minted: 'true' } })
    }
    await pullsTwice(scene)

    // A kubelet that watches may pull without any token at first, which is none of ours.
    const refused = scene.ibm.journal.filter(({ server, status }) => server === 'realm' && status === 401)
    expect(refused).toEqual([])
    expect(scene.ibm.liveTokens()).toHaveLength(1)
  })
}

tellOnNode('a rotation', stories)
tellOnNode('a rotation, with a kubelet that asks for the secret each time', stories, { secretDetection: 'Get' })

async function createDeployment(scene: Scene): Promise<void> {
  const { kube, namespace } = scene
  const labels = { app: 'web' }
  const containers = [container(scene)]
  const template = { metadata: { labels }, spec: { containers, terminationGracePeriodSeconds: 1, ...withSecret } }
  const deployment = { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } }
  const { status } = await kube.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment)
  expect(status).toBe(201)
}

/** Deletes every Pod as soon as it runs. */
function restartPods({ kube, namespace }: Scene): AsyncDisposable {
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

/** The first of them may have begun before. */
async function pullsTwice(scene: Scene): Promise<void> {
  const count = async () => (await events(scene)).filter((event) => event.startsWith('Pulled: ')).length
  const before = await count()
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(before + 1)
}
