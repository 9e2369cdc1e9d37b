// The real kube-apiserver on the real etcd: TLS, RBAC, service account tokens, client certificates; no controllers.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch } from 'undici'
import { requireBinary } from './binaries.ts'
import { type Authority, type Certificate, createAuthority } from './certificate.ts'
import { kubeconfig } from './kubeconfig.ts'
import type { KubernetesServer } from './kubernetes-server.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

export interface KubeApiserver extends KubernetesServer {
  /** A user without rights until a test grants some; the group is the certificate's organization. */
  issueClientCertificate(user: string, group?: string): Promise<Certificate>
  /** A bearer token of `system:serviceaccount:default:<name>`, likewise without rights. */
  createToken(name: string): Promise<string>
}

type Request = KubernetesServer['request']

export async function startKubeApiserver(): Promise<KubeApiserver> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'kube-apiserver-')))
  const authority = await createAuthority('kube-apiserver')
  const adminToken = randomBytes(16).toString('hex')
  const agent = new Agent({ connect: { ca: authority.certificate } })
  resources.defer(() => agent.destroy())

  const etcd = resources.use(await startEtcd(join(folder.path, 'etcd')))
  const flags = {
    ...(await writeCredentials(folder.path, authority, adminToken)),
    'allow-privileged': 'true',
    'anonymous-auth': 'false',
    'authorization-mode': 'RBAC',
    'bind-address': '127.0.0.1',
    'etcd-servers': `http://127.0.0.1:${etcd.port}`,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-cluster-ip-range': '10.96.0.0/16',
  }
  const server = resources.use(
    await startServerProcess({
      command: requireBinary('kube-apiserver'),
      args: (port) => [...Object.entries(flags).map(([name, value]) => `--${name}=${value}`), `--secure-port=${port}`],
      isReady: async (port) => {
        const { status } = await requestAs(agent, `https://127.0.0.1:${port}`, adminToken)('GET', '/readyz')
        return status === 200
      },
    }),
  )

  const url = `https://127.0.0.1:${server.port}`
  const request = requestAs(agent, url, adminToken)
  await createNamespace(request, 'default')
  const running = resources.move()
  return {
    name: 'kube-apiserver',
    url,
    certificateAuthority: authority.certificate,
    adminToken,
    kubeconfig: ({ namespace, token = adminToken, context = 'kube-apiserver' } = {}) =>
      kubeconfig([{ context, namespace, server: url, certificateAuthority: authority.certificate, user: { token } }]),
    createNamespace: (name) => createNamespace(request, name),
    request,
    issueClientCertificate: (user, group) =>
      authority.issue({ commonName: user, ...(group !== undefined && { organization: group }) }),
    createToken: (name) => createToken(request, name),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function startEtcd(dataFolder: string): Promise<ServerProcess> {
  const clientUrl = (port: number) => `http://127.0.0.1:${port}`
  return startServerProcess({
    command: requireBinary('etcd'),
    args: (port) => [
      `--data-dir=${dataFolder}`,
      `--listen-client-urls=${clientUrl(port)}`,
      `--advertise-client-urls=${clientUrl(port)}`,
      '--listen-peer-urls=http://127.0.0.1:0',
      '--unsafe-no-fsync',
    ],
    isReady: async (port) => (await fetch(`${clientUrl(port)}/health`)).ok,
  })
}

/** Certificates, keys and tokens as files, and the flags that name them. */
async function writeCredentials(folder: string, authority: Authority, adminToken: string) {
  const write = async (name: string, text: string) => {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const serving = await authority.issue({ commonName: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost'] })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const serviceAccountKey = await write('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return {
    'client-ca-file': await write('ca.crt', authority.certificate),
    'service-account-key-file': serviceAccountKey,
    'service-account-signing-key-file': serviceAccountKey,
    'tls-cert-file': await write('tls.crt', serving.certificate),
    'tls-private-key-file': await write('tls.key', serving.key),
    'token-auth-file': await write('tokens.csv', `${adminToken},admin,admin,system:masters\n`),
  }
}

function requestAs(agent: Agent, url: string, token: string): Request {
  return async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      dispatcher: agent,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson ? JSON.parse(text) : text }
  }
}

async function createNamespace(request: Request, name: string): Promise<void> {
  await create(request, '/api/v1/namespaces', { metadata: { name } })
  // Nobody here makes the token that a Pod of this account would mount.
  const account = { metadata: { name: 'default' }, automountServiceAccountToken: false }
  await create(request, `/api/v1/namespaces/${name}/serviceaccounts`, account)
}

async function createToken(request: Request, name: string): Promise<string> {
  const path = '/api/v1/namespaces/default/serviceaccounts'
  await create(request, path, { metadata: { name } })
  const { status } = await create(request, `${path}/${name}/token`, {})
  return status.token
}

async function create(request: Request, path: string, object: object) {
  const { status, body } = await request('POST', path, object)
  // `default` exists from the start.
  if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status} ${body.message}`)
  return body
}
