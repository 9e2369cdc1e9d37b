/** A value for an error message. It hides a long value, which may be a misplaced secret, and the login in a URL. */
export function quote(value: string): string {
  return value.length > 80 ? `a text of ${value.length} characters` : `"${withoutLogin(value)}"`
}

function withoutLogin(url: string): string {
  const start = url.indexOf('//')
  const end = url.lastIndexOf('@')
  return start < 0 || end < start + 2 ? url : `${url.slice(0, start)}//***${url.slice(end)}`
}
