// The scene of a story with a real node: its kubelet pulls with what the action has written.

import { describeNode } from '../servers/describe-real.ts'
import { startDockerRegistry } from '../servers/docker-registry.ts'
import { startKubeApiserver } from '../servers/kube-apiserver.ts'
import { startProxy } from '../servers/kubernetes/proxy.ts'
import { busyboxContent } from '../servers/node/busybox.ts'
import { type NodeOptions, startNode } from '../servers/node/node.ts'
import { play, type Scene, SECRET } from '../stories/scene.ts'

export function tellOnNode(
  title: string,
  stories: (openScene: () => Promise<Scene>) => void,
  options?: NodeOptions,
): void {
  describeNode(title, () => {
    const startCluster = async (stage: AsyncDisposableStack) => {
      const kube = stage.use(await startKubeApiserver())
      stage.use(await startNode(kube, options))
      return stage.use(await startProxy(kube))
    }
    play(startCluster, { startRegistry: startDockerRegistry, content: busyboxContent() }, stories)
  })
}

/** The image that only a secret opens. */
export function image({ ibm }: Scene): string {
  return `${ibm.registryHost}/${ibm.image.repository}:${ibm.image.tag}`
}

export function container(scene: Scene) {
  return { name: 'web', image: image(scene), imagePullPolicy: 'Always' }
}

export const withSecret = { imagePullSecrets: [{ name: SECRET }] }

/** As somebody else would. @returns the Pod */
export async function createPod(scene: Scene, spec: object = {}) {
  const pod = { metadata: { name: 'web' }, spec: { containers: [container(scene)], ...spec } }
  const { status, body } = await scene.kube.request('POST', `/api/v1/namespaces/${scene.namespace}/pods`, pod)
  if (status !== 201) throw new Error(`The Pod was not created: ${status} ${body.message}`)
  return body
}

/** Running, or the reason why not. */
export async function podState({ kube, namespace }: Scene, name = 'web'): Promise<string> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}`)
  return body.status.containerStatuses?.[0]?.state.waiting?.reason ?? body.status.phase
}

/** What happened in the namespace, as `Failed: Error: ErrImagePull`. */
export async function events({ kube, namespace }: Scene): Promise<string[]> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/events`)
  return body.items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`)
}
