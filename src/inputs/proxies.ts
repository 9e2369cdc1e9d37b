import { maskProxyLogin, type Proxies, parseProxyUrl } from '../http/proxy.ts'
import type { Reader } from './reader.ts'

/**
 * The proxies of the runner, by the rules of kubectl and docker: upper case wins, `HTTP_PROXY` is not used for https, and
 * `ALL_PROXY` is not read. https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment
 */
export function readProxies(read: Reader, environment: NodeJS.ProcessEnv): Proxies {
  return {
    http: readProxy(read, environment, 'HTTP_PROXY'),
    https: readProxy(read, environment, 'HTTPS_PROXY'),
    exceptions: environment.NO_PROXY || environment.no_proxy || '',
  }
}

function readProxy(read: Reader, environment: NodeJS.ProcessEnv, upperCase: string): URL | undefined {
  const variable = environment[upperCase] ? upperCase : upperCase.toLowerCase()
  const value = environment[variable]?.trim()
  if (!value) return undefined
  maskProxyLogin(value)
  const url = parseProxyUrl(value)
  if (url !== undefined && !url.protocol.startsWith('socks4')) return url
  read.addVariableError(variable, 'is not the URL of a proxy', ALLOWED)
  return undefined
}

const ALLOWED =
  'Allowed: host:port, or a URL that starts with http://, https://, socks5:// or socks5h://. Encode special characters of the login, for example @ as %40 and \\ as %5C.'
