/** How a node reads a key of a docker config: the scheme and an API version before the path do not count. */
function parseServer(server: string): { readonly host: string; readonly path: string } {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(server) ?? []
  return { host, path: path.replace(/^\/v[12]\//, '/') }
}

/** Whether no image can be meant: a version without a final slash, or a path that no repository may have, is compared as it is. */
export function matchesNothing(server: string): boolean {
  const { path } = parseServer(server)
  return /^\/v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path)
}

/**
 * Whether a node uses the entry of this host for an image: host and port are equal as texts, and the path of the image
 * begins with that of the entry.
 * @param image with its registry host
 */
export function matchesImage(server: string, image: string): boolean {
  const { host, path } = parseServer(server)
  const slash = image.indexOf('/')
  const imageHost = image.slice(0, slash)
  const isHub = /^(index\.)?docker\.io$/
  const isSameHost = host === imageHost || (isHub.test(host) && isHub.test(imageHost))
  return isSameHost && image.slice(slash).startsWith(path)
}
