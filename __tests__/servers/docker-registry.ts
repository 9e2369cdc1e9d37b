// The real docker-registry (CNCF Distribution), trusting the tokens of one realm.
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { requireBinary } from './binaries.ts'
import { startServerProcess } from './server-process.ts'

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

export async function startDockerRegistry(options: DockerRegistryOptions): Promise<DockerRegistry> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await mkdtempDisposable(join(tmpdir(), 'docker-registry-')))
  const server = resources.use(
    await startServerProcess({
      command: requireBinary('docker-registry'),
      args: async (port) => ['serve', await writeConfiguration(folder.path, port, options)],
      isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/v2/`)).status === 401,
    }),
  )
  const running = resources.move()
  return {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function writeConfiguration(folder: string, port: number, options: DockerRegistryOptions): Promise<string> {
  const { certificate, ...token } = options
  const rootcertbundle = join(folder, 'token.crt')
  await writeFile(rootcertbundle, certificate)
  const path = join(folder, 'config.yml')
  const configuration = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    auth: { token: { ...token, rootcertbundle } },
    http: { addr: `127.0.0.1:${port}`, relativeurls: true },
  }
  await writeFile(path, dump(configuration))
  return path
}
