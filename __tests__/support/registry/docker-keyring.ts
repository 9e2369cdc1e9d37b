// The credentials of a Pod's imagePullSecrets, matched to an image by the kubelet's rules.
import type { RegistryLogin } from './client.ts'

export interface Secret {
  readonly type?: string
  readonly data?: Readonly<Record<string, string>>
}

interface Entry {
  readonly host: string
  readonly path: string
  readonly login: RegistryLogin
}

/**
 * Every login whose key matches the image, the most specific key first: each of them is tried.
 * @param image without its tag
 * @throws when one secret is malformed, which spoils them all
 */
export function loginsFor(image: string, secrets: readonly Secret[]): readonly RegistryLogin[] {
  const [host = '', ...path] = image.split('/')
  const entries = secrets
    .flatMap(readSecret)
    .sort((one, other) => compare(other.host + other.path, one.host + one.path))
  const matching = entries.filter(
    (entry) => isSameHost(entry.host, host) && `/${path.join('/')}`.startsWith(entry.path),
  )
  // The kubelet names the host of each image, and Docker Hub by the first of these.
  const isHub = host === 'docker.io' || host === 'index.docker.io'
  const ofHub = isHub ? entries.filter((entry) => entry.host === 'index.docker.io' && entry.path === '') : []
  return (matching.length > 0 ? matching : ofHub).map(({ login }) => login)
}

function readSecret({ type, data = {} }: Secret): Entry[] {
  const decoded = (key: string) => JSON.parse(Buffer.from(data[key] ?? '', 'base64').toString()) as DockerConfig
  switch (type) {
    case 'kubernetes.io/dockerconfigjson':
      return Object.entries(decoded('.dockerconfigjson').auths ?? {}).map(readEntry)
    case 'kubernetes.io/dockercfg':
      return Object.entries(decoded('.dockercfg') as Readonly<Record<string, Auth>>).map(readEntry)
    default:
      return []
  }
}

interface Auth {
  readonly username?: string
  readonly password?: string
  readonly auth?: string
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, Auth>>
}

function readEntry([key, { username = '', password = '', auth }]: [string, Auth]): Entry {
  const { host, pathname } = splitKey(key)
  const path = pathname === '/' ? '' : pathname
  return { host, path, login: auth ? decodeAuth(auth) : { username, password } }
}

/** The scheme does not count, nor the API version that some write after the host. */
function splitKey(key: string): { host: string; pathname: string } {
  const [, host = '', pathname = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(key) ?? []
  return { host, pathname: pathname.replace(/^\/v[12]\//, '/') }
}

/** `auth` takes precedence over `username` and `password`; a password may hold a colon, a user name may not. */
function decodeAuth(auth: string): RegistryLogin {
  const text = Buffer.from(auth, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon === -1) throw new Error('unable to parse auth field, must be formatted as base64(username:password)')
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Ports are equal as texts; `*` and `?` never match across a dot. */
function isSameHost(pattern: string, host: string): boolean {
  const [name, port] = splitPort(host)
  const [patternName, patternPort] = splitPort(pattern)
  if (port !== patternPort) return false
  const labels = name.split('.')
  const globs = patternName.split('.')
  return labels.length === globs.length && globs.every((glob, at) => toRegExp(glob).test(labels[at] ?? ''))
}

/** The colons of an IPv6 address are in brackets. */
function splitPort(host: string): [name: string, port: string] {
  const [, name = host, port = ''] = /^(.*):(\d*)$/.exec(host.endsWith(']') ? '' : host) ?? []
  return [name, port]
}

function toRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+(){}[\]]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
