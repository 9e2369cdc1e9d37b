// An existing cluster: the demo creates a namespace there, and deletes it at the end.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type RequestOptions, request as secureRequest } from 'node:https'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'
import type { KubernetesResponse } from '../../__tests__/support/kubernetes/server.ts'
import type { DemoCluster } from './cluster.ts'

export async function connectOwnCluster(path: string): Promise<DemoCluster> {
  const config = new KubeConfig()
  config.loadFromFile(path)
  const ask = async (method: string, url: string, body?: unknown) => await send(config, method, url, body)
  const namespace = `registry-pull-secret-demo-${randomBytes(2).toString('hex')}`
  const { gitVersion } = required(await ask('GET', '/version'), 'read the version of the cluster')
  await using resources = new AsyncDisposableStack()
  required(
    await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } }),
    `create the namespace ${namespace}`,
  )
  resources.defer(async () => {
    required(await ask('DELETE', `/api/v1/namespaces/${namespace}`), `delete the namespace ${namespace}`)
  })
  // A Pod is refused until a controller has made the account that it runs under.
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`
  for (let tries = 0; tries < 50 && (await ask('GET', account)).status === 404; tries++) await sleep(100)
  const running = resources.move()
  return {
    description: `${config.getCurrentContext()}, Kubernetes ${gitVersion}, in a namespace of its own (${namespace}), deleted at the end`,
    node: 'not waited for: a Pod there cannot pull from a registry on the loopback of this machine',
    canPull: false,
    kubeconfig: resolve(path),
    namespace,
    environment: ownEnvironment(),
    request: ask,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Exec plugins find their own logins by it. What a runner sets is not ours to pass on. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(ACTIONS|GITHUB|INPUT|RUNNER|STATE)_/.test(name))
  const direct = ['127.0.0.1', process.env.no_proxy ?? process.env.NO_PROXY].filter(Boolean).join(',')
  return { ...Object.fromEntries(own), no_proxy: direct, NO_PROXY: direct }
}

async function send(config: KubeConfig, method: string, path: string, body: unknown): Promise<KubernetesResponse> {
  const { server = '' } = config.getCurrentCluster() ?? {}
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const send = server.startsWith('https:') ? secureRequest : request
  const sending = send(server + path, {
    ...options,
    method,
    headers: { ...options.headers, 'content-type': 'application/json' },
  })
  sending.end(body === undefined ? undefined : JSON.stringify(body))
  const [response]: IncomingMessage[] = await once(sending, 'response')
  const answer = response === undefined ? '' : await text(response)
  return { status: response?.statusCode ?? 0, body: answer.startsWith('{') ? JSON.parse(answer) : answer }
}

function required({ status, body }: KubernetesResponse, doing: string) {
  if (status < 300) return body
  throw new Error(`Could not ${doing}: the API server answered ${status} ${body.message ?? body}`)
}
