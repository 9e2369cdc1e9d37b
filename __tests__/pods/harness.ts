// The scene of a story with a real node: its kubelet pulls with what the action has written.

import { play, type Scene, SECRET } from '../e2e/harness.ts'
import { describeNode, describeReal } from '../support/describe-real.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import { startProxy } from '../support/kubernetes/proxy.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { busyboxContent } from '../support/node/busybox.ts'
import { existingCluster } from '../support/node/existing-cluster.ts'
import { type NodeOptions, startNode } from '../support/node/node.ts'
import { startDockerRegistry } from '../support/registry/docker-registry.ts'

export type Stories = (openScene: () => Promise<Scene>) => void

/** Tells stories on a node of our own, or on an existing one where its kubelet may be as it is. */
export function tellOnNode(title: string, stories: Stories, options?: NodeOptions): void {
  const existing = existingCluster()
  if (existing === undefined) {
    describeNode(title, () => tellOn((stage) => startCluster(stage, options), stories))
  } else if (options === undefined) {
    describeReal(['docker-registry', 'busybox'], title, () => tellOn(async (stage) => stage.use(existing), stories))
  }
}

/** The node goes past the proxy. */
function tellOn(start: (stage: AsyncDisposableStack) => Promise<KubernetesServer>, stories: Stories): void {
  const startObserved = async (stage: AsyncDisposableStack) => stage.use(await startProxy(await start(stage)))
  play(startObserved, { startRegistry: startDockerRegistry, content: busyboxContent }, stories)
}

async function startCluster(stage: AsyncDisposableStack, options?: NodeOptions): Promise<KubernetesServer> {
  const kube = stage.use(await startKubeApiserver())
  stage.use(await startNode(kube, options))
  return kube
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
