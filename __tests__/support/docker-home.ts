// A folder of docker for tests, with its config, and with credential helpers on the PATH.
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { callsOf } from './credential-helper.ts'

export function createDockerHome() {
  const created = mkdtempDisposableSync(join(tmpdir(), 'docker-'))
  const folder = created.path
  return {
    folder,
    /** For a step: where docker is, and where it finds the helpers. */
    environment: { DOCKER_CONFIG: folder, PATH: `${folder}${delimiter}${process.env.PATH}` },
    write: (config: object) => writeFileSync(join(folder, 'config.json'), JSON.stringify(config)),
    /** What `docker login` writes, for each host. */
    logIn(logins: Readonly<Record<string, { readonly username: string; readonly password: string }>>): void {
      const auths = Object.entries(logins).map(([host, { username, password }]) => {
        return [host, { auth: btoa(`${username}:${password}`) }] as const
      })
      this.write({ auths: Object.fromEntries(auths) })
    },
    /** The arguments of each call of a helper. */
    callsOf: (helper: string) => callsOf(folder, helper),
    [Symbol.dispose]: () => created[Symbol.dispose](),
  }
}
