import { isLoopback } from '../http/address.ts'
import { matchesNoImage } from './reference.ts'
import { DOCKER_HUB_KEY, rightHost } from './wrong-host.ts'

/** Scheme, host with port, and path of a key of a docker config. */
const KEY =
  /^(https?:\/\/)?([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?)(\/[\x21-\x7e]*)?$/

/**
 * The key of a pull secret for one of a docker config. Docker and its credential helpers write keys that the kubelet matches
 * with no image.
 * @returns undefined for what is not the key of a registry, such as the tokens of a login at Docker Hub
 */
export function keyForNodes(key: string): string | undefined {
  const [, scheme, host, path = ''] = KEY.exec(key) ?? []
  if (host === undefined || !URL.canParse(`https://${host}`)) return undefined
  const name = host.replace(/:\d+$/, '')
  const isRoot = /^(\/v[12])?\/?$/.test(path)
  const right = rightHost(name, false)
  if (right !== undefined) return right === DOCKER_HUB_KEY && isRoot ? right : undefined
  const safe = scheme === 'http://' && !isLoopback(name) ? host + path : key
  if (!matchesNoImage(safe)) return safe
  return isRoot && !matchesNoImage(host) ? host : undefined
}

/**
 * What to log in to instead of a key that has none for nodes.
 * @returns undefined for the tokens that docker keeps of a login at Docker Hub: nodes do without them
 */
export function loginInstead(key: string): string | undefined {
  if (/\/(access|refresh)-token$/.test(key)) return undefined
  const lower = key.toLowerCase()
  const [, , host = ''] = KEY.exec(lower) ?? []
  return keyForNodes(lower) ?? rightHost(host, false) ?? 'the host that the names of images start with'
}

/**
 * The keys of a docker config by the keys for nodes. Where several are for the same host, it is the one that is written as
 * nodes need it, else the first one.
 */
export function keysForNodes(keys: Iterable<string>): Map<string, string> {
  const byServer = new Map<string, string>()
  for (const key of keys) {
    const server = keyForNodes(key)
    if (server !== undefined && (server === key || !byServer.has(server))) byServer.set(server, key)
  }
  return byServer
}
