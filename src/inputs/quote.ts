/** A value for an error message. It hides a long value, which may be a misplaced secret, and the login in a URL. */
export function quote(value: string): string {
  return value.length > 80 ? `a text of ${value.length} characters` : `"${withoutLogin(value)}"`
}

function withoutLogin(url: string): string {
  const start = url.indexOf('//')
  const end = url.lastIndexOf('@')
  return start < 0 || end < start + 2 ? url : `${url.slice(0, start)}//***${url.slice(end)}`
}

/** As `quote`, for what should be the path of a file: a value that does not look like one is probably a secret, and is hidden. */
export function quotePath(value: string): string {
  const isPath = /^(~|\.{0,2})[\\/]|^[a-z]:[\\/]|\.(ya?ml|json|conf)$|(^|[\\/.-])(kube)?config$/i.test(value)
  return isPath ? quote(value) : `a text of ${value.length} characters`
}
