// A fake node: it acts as the kubelet for every Pod of a cluster, up to the manifest of its images.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Secret } from '../registry/docker-keyring.ts'
import { pullImage } from './image-pull.ts'
import { createKubeletApi, type KubeletApi } from './kubelet-api.ts'
import { hasEnded, isCrashing, isRunning, isWaiting, type Pod, podStatus } from './pod-status.ts'

export interface FakeNodeOptions {
  /** The Kubernetes API. */
  readonly server: string
  /** PEM, of the Kubernetes API. */
  readonly certificateAuthority: string
  /** A bearer token that may read Pods and Secrets, and write the status of Pods and Events. */
  readonly token: string
  /** PEM; not given: registries are asked by http. */
  readonly registryCertificateAuthority?: string | undefined
}

/** On a Pod: its containers exit with this code. */
export const EXIT_ANNOTATION = 'fake-node/exit'
/** On a Pod: its containers crash again and again. */
export const CRASH_ANNOTATION = 'fake-node/crash'

/** Milliseconds. A real kubelet takes ten seconds and more until it pulls again. */
const POLL = 200
const BACK_OFF = 1000

/** What happened to a Pod that has not started yet. */
interface Progress {
  readonly refusals: ReadonlyMap<string, string>
  /** Whether its status says ImagePullBackOff already. */
  readonly isBackingOff: boolean
  readonly at: number
}

export async function startFakeNode(options: FakeNodeOptions): Promise<AsyncDisposable> {
  const stop = new AbortController()
  const api = createKubeletApi(options, stop.signal)
  const progress = new Map<string, Progress>()

  async function sync(pod: Pod): Promise<void> {
    const { uid } = pod.metadata
    const before = progress.get(uid)
    if (before === undefined || (before.isBackingOff && Date.now() - before.at > BACK_OFF)) {
      const refusals = await pullImages(api, pod, options.registryCertificateAuthority)
      if (refusals.size === 0) await start(api, pod)
      else await report(api, pod, 'ErrImagePull', refusals)
      progress.set(uid, { refusals, isBackingOff: false, at: Date.now() })
    } else if (!before.isBackingOff && Date.now() - before.at > BACK_OFF / 2) {
      await report(api, pod, 'ImagePullBackOff', before.refusals)
      progress.set(uid, { ...before, isBackingOff: true, at: Date.now() })
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const pending = (await api.listPods()).filter(isPending)
        await Promise.all(pending.map(sync))
        await sleep(POLL, undefined, { signal: stop.signal })
      } catch (error) {
        // A kubelet outlives its API server; what else goes wrong should be seen.
        if (!stop.signal.aborted) process.stderr.write(`fake node: ${String(error)}\n`)
        await sleep(POLL)
      }
    }
  }

  const running = run()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
      await api[Symbol.asyncDispose]()
    },
  }
}

/** A Pod with a node selector is for other nodes: this one has no labels. */
function isPending({ metadata, spec, status }: Pod): boolean {
  const isOurs = metadata.deletionTimestamp === undefined && spec.nodeSelector === undefined
  return isOurs && (status?.phase ?? 'Pending') === 'Pending'
}

/** @returns why images were not pulled, by container */
async function pullImages(
  api: KubeletApi,
  pod: Pod,
  certificateAuthority: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const secrets = await readSecrets(api, pod)
  const refusals = new Map<string, string>()
  for (const { name, image } of pod.spec.containers) {
    await api.record(pod, 'Normal', 'Pulling', `Pulling image "${image}"`, name)
    try {
      await pullImage(image, secrets, certificateAuthority)
      await api.record(pod, 'Normal', 'Pulled', `Successfully pulled image "${image}"`, name)
    } catch (error) {
      const { message } = error as Error
      refusals.set(name, message)
      await api.record(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`, name)
    }
  }
  return refusals
}

/** A missing secret is recorded as an event and does not stop the pull. */
async function readSecrets(api: KubeletApi, pod: Pod): Promise<readonly Secret[]> {
  const names = (pod.spec.imagePullSecrets ?? []).map(({ name }) => name)
  const secrets = await Promise.all(names.map((name) => api.readSecret(pod.metadata.namespace, name)))
  const missing = names.filter((_, at) => secrets[at] === undefined)
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
    await api.record(pod, 'Warning', 'FailedToRetrieveImagePullSecret', message)
  }
  return secrets.filter((secret) => secret !== undefined)
}

async function start(api: KubeletApi, pod: Pod): Promise<void> {
  for (const { name } of pod.spec.containers) {
    await api.record(pod, 'Normal', 'Started', `Started container ${name}`, name)
  }
  const { [EXIT_ANNOTATION]: exit, [CRASH_ANNOTATION]: crash } = pod.metadata.annotations ?? {}
  if (crash !== undefined) {
    await api.writeStatus(
      pod,
      podStatus(pod, 'Running', (container) => isCrashing(pod, container)),
    )
  } else if (exit === undefined) {
    await api.writeStatus(pod, podStatus(pod, 'Running', isRunning))
  } else {
    const phase = exit === '0' ? 'Succeeded' : 'Failed'
    await api.writeStatus(
      pod,
      podStatus(pod, phase, () => hasEnded(Number(exit))),
    )
  }
}

/** Containers whose image is there wait for the others, as after the sandbox of the Pod is made. */
async function report(
  api: KubeletApi,
  pod: Pod,
  reason: 'ErrImagePull' | 'ImagePullBackOff',
  refusals: ReadonlyMap<string, string>,
): Promise<void> {
  const isBackOff = reason === 'ImagePullBackOff'
  for (const { name, image } of pod.spec.containers) {
    if (!refusals.has(name)) continue
    if (isBackOff) await api.record(pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, name)
    await api.record(pod, 'Warning', 'Failed', `Error: ${reason}`, name)
  }
  const status = podStatus(pod, 'Pending', ({ name, image }) => {
    const refusal = refusals.get(name)
    if (refusal === undefined) return isWaiting('ContainerCreating', '')
    return isWaiting(reason, isBackOff ? `Back-off pulling image "${image}"` : refusal)
  })
  await api.writeStatus(pod, status)
}
