// The real docker-registry (CNCF Distribution): trusting the tokens of one realm, or asking for a password itself.
import { randomUUID } from 'node:crypto'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { requireBinary } from '../binaries.ts'
import { startServerProcess } from '../http/server-process.ts'

export interface DockerRegistryOptions {
  /** URL of the token server. */
  readonly realm: string
  readonly service: string
  readonly issuer: string
  /** PEM; what the token server signs with. */
  readonly certificate: string
}

export interface DockerRegistry extends AsyncDisposable {
  readonly url: string
}

/** Who may use a registry that asks by Basic, as Harbor's robots, Artifactory or ECR do. */
export const passwordLogin = { username: 'robot$puller', password: 'correct horse' } as const

/** `passwordLogin` in the form of htpasswd: bcrypt, which Node cannot compute. */
const HTPASSWD = 'robot$puller:$2b$04$MHt.bSxyh3jmiBFhilnNbeNT2aR7egXiqBE/SeIKGjolUr.Yjp2I2\n'

export async function startDockerRegistry(options: DockerRegistryOptions | 'htpasswd'): Promise<DockerRegistry> {
  const realm = options === 'htpasswd' ? `basic-${randomUUID()}` : options.realm
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'docker-registry-')))
  const server = resources.use(
    await startServerProcess({
      command: requireBinary('docker-registry'),
      args: async (port) => ['serve', await writeConfiguration(folder.path, port, { options, realm })],
      // Another registry may have taken the port: only this one asks for a login at this realm.
      isReady: async (port) => {
        const { headers } = await fetch(`http://127.0.0.1:${port}/v2/`)
        return headers.get('www-authenticate')?.includes(`realm="${realm}"`) ?? false
      },
    }),
  )
  const running = resources.move()
  return {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function writeConfiguration(
  folder: string,
  port: number,
  { options, realm }: { readonly options: DockerRegistryOptions | 'htpasswd'; readonly realm: string },
): Promise<string> {
  const path = join(folder, 'config.yml')
  const configuration = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    auth: await (options === 'htpasswd' ? askForPassword(folder, realm) : trustTokens(folder, options)),
    http: { addr: `127.0.0.1:${port}`, relativeurls: true },
  }
  await writeFile(path, dump(configuration))
  return path
}

async function trustTokens(folder: string, { certificate, ...token }: DockerRegistryOptions): Promise<object> {
  const rootcertbundle = join(folder, 'token.crt')
  await writeFile(rootcertbundle, certificate)
  return { token: { ...token, rootcertbundle } }
}

async function askForPassword(folder: string, realm: string): Promise<object> {
  const path = join(folder, 'htpasswd')
  await writeFile(path, HTPASSWD)
  return { htpasswd: { realm, path } }
}
