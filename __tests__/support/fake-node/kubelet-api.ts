// What a kubelet asks of the Kubernetes API.
import { Agent, type Dispatcher, request } from 'undici'
import type { Secret } from '../registry/docker-keyring.ts'
import { now, type Pod } from './pod-status.ts'

export interface KubeletApi extends AsyncDisposable {
  listPods(): Promise<readonly Pod[]>
  readSecret(namespace: string, name: string): Promise<Secret | undefined>
  writeStatus(pod: Pod, status: object): Promise<void>
  /** Writes an Event about a Pod, or about one of its containers. */
  record(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): Promise<void>
}

interface KubeletApiOptions {
  readonly server: string
  readonly certificateAuthority: string
  readonly token: string
}

let events = 0n

/** Nanoseconds, different for each event: a list by name is then one by time. */
function eventTime(): bigint {
  events++
  return BigInt(Date.now()) * 1_000_000n + events
}

export function createKubeletApi(
  { server, certificateAuthority, token }: KubeletApiOptions,
  signal: AbortSignal,
): KubeletApi {
  const dispatcher = new Agent({ connect: { ca: certificateAuthority } })

  /** @returns undefined when the object is not there any more */
  async function ask(method: Dispatcher.HttpMethod, path: string, body?: object, type = 'application/json') {
    const { statusCode: status, body: answer } = await request(server + path, {
      dispatcher,
      signal,
      method,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'fake kubelet', 'content-type': type },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.text()
    if (status === 404) return undefined
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`)
    return JSON.parse(text)
  }

  return {
    async listPods() {
      return (await ask('GET', '/api/v1/pods')).items
    },
    async readSecret(namespace, name) {
      return await ask('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`)
    },
    async writeStatus({ metadata: { namespace, name, uid } }, status) {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`
      // With its uid, so that a Pod that was recreated meanwhile is not meant.
      await ask('PATCH', path, { metadata: { uid }, status }, 'application/merge-patch+json')
    },
    async record({ metadata: { namespace, name, uid, resourceVersion } }, type, reason, message, container) {
      await ask('POST', `/api/v1/namespaces/${namespace}/events`, {
        metadata: { namespace, name: `${name}.${eventTime().toString(16)}` },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace,
          name,
          uid,
          resourceVersion,
          ...(container !== undefined && { fieldPath: `spec.containers{${container}}` }),
        },
        type,
        reason,
        message,
        source: { component: 'kubelet', host: 'fake-node' },
        firstTimestamp: now(),
        lastTimestamp: now(),
        count: 1,
      })
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.close()
    },
  }
}
