// What a cluster administrator does to a Kubernetes server in tests.
import { Agent, fetch } from 'undici'
import { credentialsOfRequest } from '../secrecy/credentials.ts'
import { knownSecrets } from '../secrecy/known-secrets.ts'
import type { KubernetesEndpoint } from './endpoint.ts'
import { kubeconfig } from './kubeconfig.ts'
import type { KubernetesServer } from './server.ts'

export interface Administrator extends Pick<KubernetesServer, 'request' | 'kubeconfig' | 'createNamespace'> {
  /** A bearer token of `system:serviceaccount:default:<name>`, who has no permissions until a test grants some. */
  createToken(name: string): Promise<string>
  readonly connections: AsyncDisposable
}

export function administrator({
  name: server,
  url,
  certificateAuthority,
  adminToken,
}: KubernetesEndpoint): Administrator {
  // On a busy machine many connections at once take longer than undici's 10 seconds.
  const agent = new Agent({ connect: { ca: certificateAuthority, timeout: 60_000 } })
  knownSecrets.add(adminToken, `token of the administrator of ${server}`)

  const request: KubernetesServer['request'] = async (method, path, body, headers = {}) => {
    const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
    knownSecrets.addAll(
      credentialsOfRequest({ headers, body: text }),
      `credential that the test stored by ${method} ${path}`,
    )
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
      dispatcher: agent,
      ...(body !== undefined && { body: text }),
    })
    const answer = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson ? JSON.parse(answer) : answer }
  }

  const create = async (path: string, object: object, mayExist = false) => {
    const { status, body } = await request('POST', path, object)
    if (status !== 201 && !(status === 409 && mayExist)) throw new Error(`POST ${path}: ${status} ${body.message}`)
    return body
  }

  return {
    request,
    kubeconfig: ({ namespace, token = adminToken, context = server } = {}) =>
      kubeconfig([{ context, server: url, certificateAuthority, user: { token }, namespace }]),
    async createNamespace(name) {
      // `default` exists from the start. Another one that exists is in use by another test, maybe of another file.
      await create('/api/v1/namespaces', { metadata: { name } }, name === 'default')
      // No controller here creates the token that a Pod of this account would mount.
      const account = { metadata: { name: 'default' }, automountServiceAccountToken: false }
      await create(`/api/v1/namespaces/${name}/serviceaccounts`, account, name === 'default')
    },
    async createToken(name) {
      const path = '/api/v1/namespaces/default/serviceaccounts'
      await create(path, { metadata: { name } }, true)
      const { status } = await create(`${path}/${name}/token`, {})
      knownSecrets.add(status.token, `token of the ServiceAccount ${name}`)
      return status.token
    },
    connections: { [Symbol.asyncDispose]: () => agent.destroy() },
  }
}

/** A server of another process, which stays when the connections to it are closed. */
export function serverAt(endpoint: KubernetesEndpoint): KubernetesServer {
  const { connections, ...administration } = administrator(endpoint)
  return { ...endpoint, ...administration, [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose]() }
}
