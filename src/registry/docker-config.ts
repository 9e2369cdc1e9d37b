import { asObject } from '../core/json.ts'
import { mask, maskBasic } from '../runner/mask.ts'

/** What a pull secret holds for its registry hosts: the same user and password for each. */
export interface RegistryCredential {
  /** As the user wrote them: `registry.example.com`, `https://index.docker.io/v1/`. */
  readonly servers: readonly string[]
  readonly username: string
  readonly password: string
  readonly email: string | undefined
}

/**
 * The docker config of a credential, byte for byte what `kubectl create secret docker-registry` writes: Go's order of
 * keys, Go's escaping, hosts sorted by bytes, no empty field. Masked, as are its parts and its base64.
 * @param stored a docker config whose other hosts and other keys are to be kept as they are
 */
export function dockerConfig(
  { servers, username, password, email }: RegistryCredential,
  { auths: kept, ...rest }: Readonly<Record<string, unknown>> = {},
): string {
  const auth = maskBasic(username, password)
  const entry = { username, password, ...(email === undefined ? {} : { email }), auth }
  const entries = new Map<string, unknown>(Object.entries(asObject(kept)))
  for (const server of servers) entries.set(server, entry)
  const hosts = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  // Written by hand, since an object would put hosts that look like numbers first.
  const auths = `{${hosts.map(member).join(',')}}`
  const others = Object.entries(rest).map(member)
  const config = mask(escapeLikeGo(`{${[`"auths":${auths}`, ...others].join(',')}}`))
  mask(Buffer.from(config).toString('base64'))
  return config
}

function member([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`
}

/** Go's JSON encoder also escapes what HTML and JavaScript could misread. */
function escapeLikeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
