// What a real kubelet does with the secret.
import { expect, it } from 'vitest'
import { createPod, events, image, podState, tellOnNode, withSecret } from './harness.ts'

/** A kubelet waits 10 seconds after the first failed pull, then 20, then 40. */
const patiently = { timeout: 90_000, interval: 500 }

tellOnNode('a node', (openScene) => {
  it('pulls the image of the document with the secret, and runs it', async () => {
    await using scene = await openScene()

    const result = await scene.run({ image: image(scene), 'pod-name': 'web' })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ kind: 'Pod', name: 'web', result: 'ready' }])
    expect(await podState(scene)).toBe('Running')
    expect(await events(scene)).toContainEqual(
      expect.stringContaining(`Pulled: Successfully pulled image "${image(scene)}"`),
    )
  })

  it('is refused the same image without the secret', async () => {
    await using scene = await openScene()
    await scene.run()

    await createPod(scene)

    await expect.poll(() => podState(scene), patiently).toBe('ImagePullBackOff')
    expect(await events(scene)).toContainEqual(expect.stringContaining(`Failed to pull image "${image(scene)}"`))
  })

  it('heals a Pod that is stuck on a revoked token after the next run, by itself', async () => {
    await using scene = await openScene()
    const { outputs } = await scene.run()
    scene.ibm.revokeToken(outputs['token-id'] ?? '')
    const { metadata } = await createPod(scene, withSecret)
    await expect.poll(() => podState(scene), patiently).toBe('ImagePullBackOff')

    const result = await scene.run()

    expect(result).toMatchObject({ code: 0, outputs: { minted: 'true', changed: 'true' } })
    await expect.poll(() => podState(scene), patiently).toBe('Running')
    const { body: pod } = await scene.kube.request('GET', `/api/v1/namespaces/${scene.namespace}/pods/web`)
    expect(pod.metadata.uid).toBe(metadata.uid)
  })

  it('pulls for a Pod of a service account that has the secret', async () => {
    await using scene = await openScene()
    await scene.run({ 'service-accounts': 'default' })

    const { spec } = await createPod(scene)

    expect(spec).toMatchObject(withSecret)
    await expect.poll(() => podState(scene), patiently).toBe('Running')
  })
})
