// Pulls of a real kubelet with the secret.
import { expect, it } from 'vitest'
import { createPod, describeOnNode, events, image, podState, withSecret } from './harness.ts'

/** A kubelet waits 10 seconds after the first failed pull, then 20, then 40. */
const backoff = { timeout: 90_000, interval: 500 }

describeOnNode('a node', (openScenario) => {
  it('pulls the image of the document with the secret, and runs it', async () => {
    await using scenario = await openScenario()

    const result = await scenario.run({ image: image(scenario), 'pod-name': 'web' })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ kind: 'Pod', name: 'web', result: 'ready' }])
    expect(await podState(scenario)).toBe('Running')
    expect(await events(scenario)).toContainEqual(
      expect.stringContaining(`Pulled: Successfully pulled image "${image(scenario)}"`),
    )
  })

  it('cannot pull the same image without the secret', async () => {
    await using scenario = await openScenario()
    await scenario.run()

    await createPod(scenario)

    await expect.poll(() => podState(scenario), backoff).toBe('ImagePullBackOff')
    expect(await events(scenario)).toContainEqual(expect.stringContaining(`Failed to pull image "${image(scenario)}"`))
  })

  it('starts a Pod that could not pull with a revoked token, after the next run', async () => {
    await using scenario = await openScenario()
    const { outputs } = await scenario.run()
    scenario.ibm.revokeToken(outputs['token-id'] ?? '')
    const { metadata } = await createPod(scenario, withSecret)
    await expect.poll(() => podState(scenario), backoff).toBe('ImagePullBackOff')

    const result = await scenario.run()

    expect(result).toMatchObject({ code: 0, outputs: { minted: 'true', changed: 'true' } })
    await expect.poll(() => podState(scenario), backoff).toBe('Running')
    const { body: pod } = await scenario.kube.request('GET', `/api/v1/namespaces/${scenario.namespace}/pods/web`)
    expect(pod.metadata.uid).toBe(metadata.uid)
  })

  it('pulls for a Pod of a service account that has the secret', async () => {
    await using scenario = await openScenario()
    await scenario.run({ 'service-accounts': 'default' })

    const { spec } = await createPod(scenario)

    expect(spec).toMatchObject(withSecret)
    await expect.poll(() => podState(scenario), backoff).toBe('Running')
  })
})
