// The real kube-apiserver on the real etcd: TLS, RBAC, service account tokens, client certificates; no controllers.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici'
import { requireBinary } from '../binaries.ts'
import type { OidcTrust } from '../github-oidc.ts'
import { type Authority, type Certificate, createAuthority } from '../http/certificate.ts'
import { type ServerProcess, startServerProcess } from '../http/server-process.ts'
import { administrator } from './administrator.ts'
import type { KubernetesServer } from './server.ts'

export interface KubeApiserver extends KubernetesServer {
  /** A user without permissions until a test grants some; the group is the certificate's organization. */
  issueClientCertificate(user: string, group?: string): Promise<Certificate>
  /** A bearer token of `system:serviceaccount:default:<name>`, likewise without permissions. */
  createToken(name: string): Promise<string>
}

export interface ApiserverOptions {
  readonly oidc?: OidcTrust
  /** More flags of the server, by name. */
  readonly flags?: Readonly<Record<string, string>>
}

export async function startKubeApiserver({ oidc, flags: more = {} }: ApiserverOptions = {}): Promise<KubeApiserver> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'kube-apiserver-')))
  const authority = await createAuthority('kube-apiserver')
  const adminToken = randomBytes(16).toString('hex')
  const endpoint = (port: number) => ({
    name: 'kube-apiserver',
    url: `https://127.0.0.1:${port}`,
    certificateAuthority: authority.certificate,
    adminToken,
  })

  const etcd = resources.use(await startEtcd(join(folder.path, 'etcd')))
  const flags = {
    ...(await writeCredentials(folder.path, authority, adminToken)),
    ...(oidc && (await trust(folder.path, oidc))),
    'allow-privileged': 'true',
    'anonymous-auth': 'false',
    'authorization-mode': 'Node,RBAC',
    'bind-address': '127.0.0.1',
    'etcd-servers': `http://127.0.0.1:${etcd.port}`,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-cluster-ip-range': '10.96.0.0/16',
    ...more,
  }
  const server = resources.use(
    await startServerProcess({
      command: requireBinary('kube-apiserver'),
      args: (port) => [...Object.entries(flags).map(([name, value]) => `--${name}=${value}`), `--secure-port=${port}`],
      isReady: async (port) => {
        const { request, connections } = administrator(endpoint(port))
        await using _ = connections
        // It looks for its issuer in the background.
        const logins = oidc === undefined ? [{}] : [{}, { authorization: `Bearer ${oidc.createToken()}` }]
        const answers = logins.map((login) => request('GET', '/readyz', undefined, login))
        // It creates its own namespaces in the background as well.
        answers.push(request('GET', '/api/v1/namespaces/kube-system'))
        return (await Promise.all(answers)).every(({ status }) => status === 200)
      },
    }),
  )

  const { connections, ...administration } = administrator(endpoint(server.port))
  resources.use(connections)
  await administration.createNamespace('default')
  const running = resources.move()
  return {
    ...endpoint(server.port),
    ...administration,
    issueClientCertificate: (user, group) =>
      authority.issue({ commonName: user, ...(group !== undefined && { organization: group }) }),
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

/** The flags by which a subject is the user `github:<subject>`. */
async function trust(folder: string, { issuer, audience, certificateAuthority }: OidcTrust) {
  const path = join(folder, 'issuer.crt')
  await writeFile(path, certificateAuthority)
  return {
    'oidc-issuer-url': issuer,
    'oidc-client-id': audience,
    'oidc-ca-file': path,
    'oidc-username-claim': 'sub',
    'oidc-username-prefix': 'github:',
  }
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
