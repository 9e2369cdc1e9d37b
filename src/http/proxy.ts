import { maskBasic, maskProvided } from '../runner/mask.ts'
import { isLoopback } from './address.ts'
import { createExceptions } from './no-proxy.ts'

/** Which proxies a run uses, as Go's clients (kubectl, docker) read them from the environment. */
export interface Proxies {
  /** For http URLs; they are not used for https. */
  readonly http?: URL | undefined
  readonly https?: URL | undefined
  /** The value of `NO_PROXY`. */
  readonly exceptions: string
}

export const NO_PROXIES: Proxies = { exceptions: '' }

/** Go's HTTP client supports the first four: https://pkg.go.dev/net/http#Transport. client-node also supports the others. */
const PROTOCOLS = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks4:', 'socks4a:', 'socks:']

/**
 * The URL of a proxy. Without a scheme it is an http proxy, as in Go:
 * https://github.com/golang/net/blob/master/http/httpproxy/proxy.go
 * @returns undefined when the text is not the URL of a proxy
 */
export function parseProxyUrl(text: string): URL | undefined {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text)
  const url = URL.parse(hasScheme ? text : `http://${text}`)
  if (url === null || !HOST.test(url.hostname) || !PROTOCOLS.includes(url.protocol)) return undefined
  // `http:/proxy:3128` would be the host `http`.
  if (!hasScheme && /^[a-z]+:\//i.test(text)) return undefined
  // The end of a password that has a slash, a question mark or a hash sign: what looks like the host is a part of it.
  if (`${url.pathname}${url.search}${url.hash}`.includes('@')) return undefined
  if (!canDecode(url.username) || !canDecode(url.password)) return undefined
  // Like Go, which does not use them.
  Object.assign(url, { pathname: '', search: '', hash: '' })
  return url
}

/** A name, or an IPv6 address in brackets: a URL may have other characters there, such as quotes. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i

export function isSocks({ protocol }: URL): boolean {
  return protocol.startsWith('socks')
}

/**
 * The proxy for a URL; undefined: connect directly. A loopback address is never proxied: its http requests would carry
 * credentials to the proxy in clear text. https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.ProxyFunc
 */
export function createProxyChoice(proxies: Proxies): (url: URL) => URL | undefined {
  const isException = createExceptions(proxies.exceptions)
  return (url) => {
    const proxy = url.protocol === 'https:' ? proxies.https : proxies.http
    return proxy === undefined || isLoopback(url.hostname) || isException(url) ? undefined : proxy
  }
}

/**
 * Masks the password in the URL of a proxy. The URL is not parsed, because a password with special characters can make it
 * invalid.
 */
export function maskProxyLogin(text: string): void {
  const [, username = '', password = ''] = /^(?:[^/]*:\/\/)?([^:/]*):(.*)@/.exec(text) ?? []
  maskProvided(password)
  // A URL encodes what the text does not.
  const url = parseProxyUrl(text)
  if (url === undefined) maskBasic(username, password)
  else maskBasic(decodeURIComponent(url.username), decodeURIComponent(url.password))
}

function canDecode(text: string): boolean {
  try {
    // The bundler would remove a call whose result is not used.
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}
