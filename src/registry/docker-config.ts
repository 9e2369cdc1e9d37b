import { asObject } from '../core/json.ts'
import { mask, maskBasic } from '../runner/mask.ts'

/** A login and the registry hosts that it is for. */
export interface RegistryCredential {
  /** As the user wrote them: `registry.example.com`, `https://index.docker.io/v1/`. They become keys of `auths`. */
  readonly servers: readonly string[]
  readonly username: string
  readonly password: string
  readonly email: string | undefined
}

/**
 * The docker config for a credential, byte for byte as `kubectl create secret docker-registry` writes it: Go's order of
 * keys, Go's escaping, hosts sorted by their bytes, no empty field. It is masked, and so are its parts and its base64.
 * @see https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/create/create_secret_docker.go
 * @param stored the docker config to merge into: its other hosts and other keys stay as they are
 * @param removed hosts that do not stay
 */
export function dockerConfig(
  { servers, username, password, email }: RegistryCredential,
  { auths: stored, ...otherKeys }: Readonly<Record<string, unknown>> = {},
  removed: readonly string[] = [],
): string {
  const auth = maskBasic(username, password)
  const entry = { username, password, ...(email === undefined ? {} : { email }), auth }
  const entries = new Map<string, unknown>(Object.entries(asObject(stored)))
  for (const host of removed) entries.delete(host)
  for (const server of servers) entries.set(server, entry)
  const hosts = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  // JSON.stringify of an object would move hosts that look like numbers to the front.
  const auths = `{${hosts.map(member).join(',')}}`
  const config = mask(escapeLikeGo(`{${[`"auths":${auths}`, ...Object.entries(otherKeys).map(member)].join(',')}}`))
  mask(Buffer.from(config).toString('base64'))
  return config
}

function member([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`
}

/** @see https://pkg.go.dev/encoding/json#HTMLEscape which Go's json.Marshal applies */
function escapeLikeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
