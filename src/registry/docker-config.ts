import { asObject, asText, escapeLikeGo } from '../core/json.ts'
import { isJwt } from '../core/jwt.ts'
import { mask, maskBasic, maskKept } from '../runner/mask.ts'
import type { Login } from './client.ts'

/** A login and the registry hosts that it is for. */
export interface HostLogin extends Login {
  /** As the user wrote them: `registry.example.com`, `https://index.docker.io/v1/`. They become keys of `auths`. */
  readonly servers: readonly string[]
  /** Name of the only cluster whose secrets get it; undefined: all. */
  readonly cluster?: string | undefined
}

/** All logins of one credential; a host has one in each cluster. */
export interface RegistryCredential {
  readonly logins: readonly HostLogin[]
  readonly email?: string | undefined
}

/** The logins for the secrets of one cluster. */
export function loginsIn(cluster: string, logins: readonly HostLogin[]): readonly HostLogin[] {
  return logins.filter((login) => login.cluster === undefined || login.cluster === cluster)
}

/**
 * The docker config for a credential, byte for byte as `kubectl create secret docker-registry` writes it: Go's order of
 * keys, Go's escaping, hosts sorted by their bytes, no empty field. It is masked, and so are its parts and its base64.
 * @see https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/create/create_secret_docker.go
 * @param stored the docker config to merge into: its other hosts and other keys stay as they are
 * @param removed hosts that do not stay
 */
export function dockerConfig(
  { logins, email }: RegistryCredential,
  { auths: stored, ...otherKeys }: Readonly<Record<string, unknown>> = {},
  removed: readonly string[] = [],
): string {
  const entries = new Map<string, unknown>(Object.entries(asObject(stored)))
  for (const host of removed) entries.delete(host)
  const servers = new Set(logins.flatMap((login) => login.servers))
  for (const login of logins) {
    const { username, password } = login
    const entry = {
      username,
      password,
      ...(email === undefined ? {} : { email }),
      auth: maskBasic(username, password),
    }
    for (const server of login.servers) entries.set(server, entry)
  }
  const hosts = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  // JSON.stringify of an object would move hosts that look like numbers to the front.
  const auths = `{${hosts.map(member).join(',')}}`
  const config = escapeLikeGo(`{${[`"auths":${auths}`, ...Object.entries(otherKeys).map(member)].join(',')}}`)
  // One with hosts of others differs in each namespace; its parts are masked.
  if (entries.size === servers.size) mask(Buffer.from(mask(config)).toString('base64'))
  return config
}

function member([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`
}

/**
 * Masks what is secret in the entries of a stored docker config.
 * @see https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go
 * @param publicIds what is not secret, besides their hosts and user names
 */
export function maskEntries(entries: Readonly<Record<string, unknown>>, publicIds: readonly string[] = []): void {
  const ids = new Set<unknown>([...publicIds, ...Object.keys(entries)])
  for (const entry of Object.values(entries)) {
    const { username, password, auth, identitytoken, registrytoken } = asObject(entry)
    const [, user = '', authPassword] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(asText(auth) ?? '', 'base64').toString()) ?? []
    for (const secret of [password, authPassword, auth, identitytoken, registrytoken]) {
      if (!ids.has(secret)) maskKept(asText(secret) ?? '', [username, user])
    }
    for (const name of [username, user]) if (isJwt(name)) maskKept(name, [])
  }
}
