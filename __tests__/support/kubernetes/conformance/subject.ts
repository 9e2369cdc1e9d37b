// The server under test and the requests that the suites make.
import { Agent, fetch } from 'undici'
import type { KubernetesObject } from '../resources.ts'
import type { KubernetesResponse, KubernetesServer } from '../server.ts'

export interface ConformingServer extends KubernetesServer {
  createToken(name: string): Promise<string>
}

export interface ApplyOptions {
  readonly manager?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
}

export class Subject {
  readonly server: ConformingServer
  #count = 0

  constructor(server: ConformingServer) {
    this.server = server
  }

  /** A namespace that no other test knows. */
  async namespace(): Promise<string> {
    this.#count += 1
    const name = `test-${this.#count}`
    await this.server.createNamespace(name)
    return name
  }

  apply(path: string, object: unknown, { manager = 'tester', query = '', headers = {} }: ApplyOptions = {}) {
    const contentType = { 'content-type': 'application/apply-patch+yaml' }
    return this.server.request('PATCH', `${path}?fieldManager=${manager}${query}`, object, {
      ...contentType,
      ...headers,
    })
  }

  patch(path: string, type: 'json-patch' | 'merge-patch' | 'strategic-merge-patch', patch: unknown) {
    return this.server.request('PATCH', path, patch, { 'content-type': `application/${type}+json` })
  }

  as(token: string, method: string, path: string, body?: unknown): Promise<KubernetesResponse> {
    return this.server.request(method, path, body, { authorization: `Bearer ${token}` })
  }

  /** The events of a watch that lasts a second; `act` is called once it is open. */
  async watch(path: string, query: string, act?: () => Promise<unknown>): Promise<KubernetesObject[]> {
    const { url, certificateAuthority, adminToken } = this.server
    await using connections = new AsyncDisposableStack()
    const dispatcher = connections.adopt(new Agent({ connect: { ca: certificateAuthority } }), (agent) => agent.close())
    const response = await fetch(`${url}${path}?watch=true&timeoutSeconds=1&${query}`, {
      headers: { authorization: `Bearer ${adminToken}` },
      dispatcher,
    })
    await act?.()
    const lines = (await response.text()).split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line))
  }
}

export const secretsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`
export const podsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`

export const base64 = (text: string) => Buffer.from(text).toString('base64')

export const pullSecret = (name: string, config: string = '{"auths":{}}'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': base64(config) },
})

export const pod = (name: string, image: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'app', image }] },
})
