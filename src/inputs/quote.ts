/** A value for an error message. It hides a long value, which may be a misplaced secret, and a login before a host. */
export function quote(value: string): string {
  return value.length > 80 ? `a text of ${value.length} characters` : `"${withoutLogin(value)}"`
}

/** A login may stand before a host without a scheme. `name@example.com` is not a login, and neither is `name:tag@sha256:…`. */
function withoutLogin(value: string): string {
  const [digest = ''] = /@sha\d+:[^@]*$/.exec(value) ?? []
  const named = value.slice(0, value.length - digest.length)
  const [scheme = ''] = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(named) ?? []
  const end = named.lastIndexOf('@')
  const isLogin = end >= scheme.length && (scheme !== '' || named.lastIndexOf(':', end) >= 0)
  return isLogin ? `${scheme}***${named.slice(end)}${digest}` : value
}

/** As `quote`, for what should be the path of a file: a value that does not look like one is probably a secret, and is hidden. */
export function quotePath(value: string): string {
  const isPath = /^(~|\.{0,2})[\\/]|^[a-z]:[\\/]|\.(ya?ml|json|conf)$|(^|[\\/.-])(kube)?config$/i.test(value)
  return isPath ? quote(value) : `a text of ${value.length} characters`
}
