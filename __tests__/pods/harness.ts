// Scenarios with a real node: its kubelet pulls with what the action has written.
import { type OpenScenario, runScenarios, type Scenario, SECRET } from '../e2e/harness.ts'
import { describeNode, describeReal } from '../support/describe-real.ts'
import { startKubeApiserver } from '../support/kubernetes/kube-apiserver.ts'
import type { KubernetesServer } from '../support/kubernetes/server.ts'
import { busyboxContent } from '../support/node/busybox.ts'
import { existingCluster } from '../support/node/existing-cluster.ts'
import { type NodeOptions, startNode } from '../support/node/node.ts'
import { startDockerRegistry } from '../support/registry/docker-registry.ts'

export type Scenarios = (openScenario: OpenScenario) => void

/** Describes scenarios on a node of our own, or on an existing one where its kubelet may be as it is. */
export function describeOnNode(title: string, scenarios: Scenarios, options?: NodeOptions): void {
  const existing = existingCluster()
  if (existing === undefined) {
    describeNode(title, () => describeOn((resources) => startCluster(resources, options), scenarios))
  } else if (options === undefined) {
    describeReal(['docker-registry', 'busybox'], title, () =>
      describeOn(async (resources) => resources.use(existing), scenarios),
    )
  }
}

function describeOn(start: (resources: AsyncDisposableStack) => Promise<KubernetesServer>, scenarios: Scenarios): void {
  const ibm = { startRegistry: startDockerRegistry, content: busyboxContent }
  runScenarios(async (resources) => ({ cluster: await start(resources), ibm }), scenarios)
}

async function startCluster(resources: AsyncDisposableStack, options?: NodeOptions): Promise<KubernetesServer> {
  const kube = resources.use(await startKubeApiserver())
  resources.use(await startNode(kube, options))
  return kube
}

/** The image that can be pulled only with a secret. */
export function image({ ibm }: Scenario): string {
  return `${ibm.registryHost}/${ibm.image.repository}:${ibm.image.tag}`
}

export function container(scenario: Scenario) {
  return { name: 'web', image: image(scenario), imagePullPolicy: 'Always' }
}

export const withSecret = { imagePullSecrets: [{ name: SECRET }] }

/** Not through the action. @returns the Pod */
export async function createPod(scenario: Scenario, spec: object = {}) {
  const pod = { metadata: { name: 'web' }, spec: { containers: [container(scenario)], ...spec } }
  const { status, body } = await scenario.kube.request('POST', `/api/v1/namespaces/${scenario.namespace}/pods`, pod)
  if (status !== 201) throw new Error(`The Pod was not created: ${status} ${body.message}`)
  return body
}

/** `Running`, or the reason that the Pod waits. */
export async function podState({ kube, namespace }: Scenario, name = 'web'): Promise<string> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}`)
  return body.status.containerStatuses?.[0]?.state.waiting?.reason ?? body.status.phase
}

/** The events of the namespace, as `Failed: Error: ErrImagePull`. */
export async function events({ kube, namespace }: Scenario): Promise<string[]> {
  const { body } = await kube.request('GET', `/api/v1/namespaces/${namespace}/events`)
  return body.items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`)
}
