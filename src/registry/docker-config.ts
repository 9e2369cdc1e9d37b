import { mask, maskBasic } from '../mask.ts'

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
 * @param others entries of other hosts, to be kept as they are
 */
export function dockerConfig(
  { servers, username, password, email }: RegistryCredential,
  others: Readonly<Record<string, unknown>> = {},
): string {
  const auth = maskBasic(username, password)
  const entry = { username, password, ...(email === undefined ? {} : { email }), auth }
  const entries = new Map<string, unknown>(Object.entries(others))
  for (const server of servers) entries.set(server, entry)
  const hosts = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  // Written by hand, since an object would put hosts that look like numbers first.
  const auths = hosts.map(([host, value]) => `${JSON.stringify(host)}:${JSON.stringify(value)}`).join(',')
  const config = mask(escapeLikeGo(`{"auths":{${auths}}}`))
  mask(Buffer.from(config).toString('base64'))
  return config
}

/** Go's JSON encoder also escapes what HTML and JavaScript could misread. */
function escapeLikeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
