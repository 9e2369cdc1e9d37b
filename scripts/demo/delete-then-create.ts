// What many pipelines do instead of this action: a script that deletes the secret and creates it again.
import { spawn } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBinary } from '../../__tests__/support/binaries.ts'
import { SECRET, type Session } from './mode.ts'

export const COMMANDS = `$ TOKEN=$(curl --request POST …/api/v1/tokens?permanent=true …)
$ kubectl delete secret ${SECRET} --namespace shop
$ kubectl create secret docker-registry ${SECRET} --namespace shop --docker-server … --docker-password "$TOKEN"
$ curl --request DELETE …/api/v1/tokens/<id of the old token>
`

/** The real one, for the real kube-apiserver. */
function kubectlFor({ cluster }: Session): string | undefined {
  return cluster.server.name === 'kube-apiserver' ? findBinary('kubectl') : undefined
}

export function describeKubectl(session: Session): string {
  return kubectlFor(session) === undefined
    ? 'Instead of each kubectl command, a program sends its one request.'
    : 'kubectl is the real one.'
}

/** @param report is told of each command when it has ended */
export async function rotateByScript(session: Session, report: (text: string) => void): Promise<void> {
  const { ibm, cluster } = session
  const old = ibm.liveTokens()
  const kubectl = kubectlFor(session)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'script-'))
  const kubeconfig = join(folder.path, 'kubeconfig')
  await writeFile(kubeconfig, cluster.server.kubeconfig({ namespace: cluster.namespace }), { mode: 0o600 })
  const run = (args: readonly string[], request: ApiRequest) =>
    kubectl === undefined
      ? send(session, request)
      : execute(kubectl, args, { KUBECONFIG: kubeconfig, HOME: folder.path })

  const { value: password } = ibm.mintToken()
  report('minted a new token')
  const secrets = `/api/v1/namespaces/${cluster.namespace}/secrets`
  await run(['delete', 'secret', SECRET], { method: 'DELETE', path: `${secrets}/${SECRET}` })
  report('deleted the secret')
  const login = { server: ibm.registryHost, username: 'token', password }
  await run(
    ['create', 'secret', 'docker-registry', SECRET, ...Object.entries(login).map(([k, v]) => `--docker-${k}=${v}`)],
    { method: 'POST', path: secrets, body: pullSecret(login) },
  )
  report('created it again')
  for (const { id } of old) ibm.revokeToken(id)
  report('revoked the old token')
}

interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly body?: object
}

/** As `kubectl create secret docker-registry` creates it. */
function pullSecret({ server, username, password }: Readonly<Record<'server' | 'username' | 'password', string>>) {
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  return {
    metadata: { name: SECRET },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [server]: { username, password, auth } } }) },
  }
}

/** In a process of its own, as each kubectl command is one. */
async function send({ cluster }: Session, request: ApiRequest): Promise<void> {
  const { url, certificateAuthority, adminToken } = cluster.server
  const program = fileURLToPath(new URL('send-request.ts', import.meta.url))
  await execute(process.execPath, [program], {}, JSON.stringify({ url, certificateAuthority, adminToken, ...request }))
}

/** @throws Error when it fails, with what it wrote to its standard error */
function execute(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<void> {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${stderr}`))))
  })
}
