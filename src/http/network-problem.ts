import { reason } from '../core/errors.ts'
import { printable } from '../runner/log.ts'
import { isLoopback } from './address.ts'

/** Why no response arrived. */
export interface NetworkProblem {
  /** As it reads after "did not respond: ". */
  readonly text: string
  readonly hint: string
  /** Whether the server's certificate is the problem. */
  readonly isUntrusted: boolean
  /** Whether every retry fails in the same way. */
  readonly isPermanent: boolean
  /** Whether the request may have reached the server. */
  readonly mayBeSent: boolean
}

/**
 * Errors before the first byte of a request is sent: https://man7.org/linux/man-pages/man2/connect.2.html,
 * https://man7.org/linux/man-pages/man3/getaddrinfo.3.html and, for `UND_ERR_…`,
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
 */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const WRONG_HOST = 'ERR_TLS_CERT_ALTNAME_INVALID'

/** @param host `host:port` of the server; not given: unknown */
export function networkProblemOf(error: unknown, host = ''): NetworkProblem {
  const cause = deepestCause(error)
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  // Certificate errors have OpenSSL's codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes
  const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code)
  const isPermanent = isUntrusted || /^ERR_(SSL|TLS)/.test(code)
  return {
    text: describe(cause, code, isUntrusted),
    hint: isRefusedHere(code, host) ? HERE_HINT : hintFor(code, isUntrusted),
    isUntrusted,
    isPermanent,
    mayBeSent: !(isPermanent || NEVER_SENT.has(code)),
    ...proxyProblemOf(cause, host),
  }
}

/** What is about a proxy and not about the server: no request has been sent. */
function proxyProblemOf(cause: unknown, host: string): Partial<NetworkProblem> {
  // https://github.com/nodejs/undici/blob/main/lib/dispatcher/proxy-agent.js
  const [, status] = /^Proxy response \((\d+)\) !== 200/.exec(reason(cause)) ?? []
  if (status !== undefined)
    return {
      text: `the proxy of this runner returned ${status} instead of a connection`,
      hint: status === '407' ? PROXY_LOGIN_HINT : PROXY_HINT,
      isPermanent: status.startsWith('4'),
      mayBeSent: false,
    }
  const { hostname } = (cause ?? {}) as { readonly hostname?: unknown }
  if (typeof hostname !== 'string' || host === '' || host.replace(/:\d+$/, '') === hostname) return {}
  return { hint: `${printable(hostname)} is the proxy: check HTTPS_PROXY, or the \`proxy-url\` of the kubeconfig.` }
}

export const PROXY_LOGIN_HINT =
  'The proxy of this runner requires authentication: add user and password to HTTPS_PROXY.'

const PROXY_HINT =
  'Check HTTPS_PROXY, and that the proxy lets this runner connect to this host; or add the host to NO_PROXY to connect without a proxy.'

/** A kubeconfig of k3s, kind or minikube names the machine that it was made on like this. */
const HERE_HINT =
  'The address is that of this runner itself, and nothing listens there. Use the address by which this runner reaches the server, or start the server in an earlier step.'

function isRefusedHere(code: string, host: string): boolean {
  return code === 'ECONNREFUSED' && isLoopback(host.replace(/:\d+$/, ''))
}

function describe(cause: unknown, code: string, isUntrusted: boolean): string {
  if (code.startsWith('ERR_SSL')) return `it does not speak TLS as expected (${code})`
  if (code === WRONG_HOST) return `its certificate is for another host (${code})`
  return isUntrusted ? `its certificate is not trusted (${code})` : printable(reason(cause))
}

function hintFor(code: string, isUntrusted: boolean): string {
  if (code === WRONG_HOST) return 'Use a host name that the certificate of the server names.'
  if (isUntrusted) {
    return 'Add the CA of an IBM or registry host to `ca-certificates`, the CA of a cluster to its kubeconfig or to `kube-ca`.'
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Check the host name, and that this runner can resolve it.'
  if (code.startsWith('ERR_SSL'))
    return 'Check that the endpoint speaks https on that port, and the proxy as well if its URL starts with https://.'
  return 'Check that the host is up and that this runner reaches it (firewall, HTTPS_PROXY, NO_PROXY).'
}

/** An attempt to connect to a host with several addresses throws the errors of all of them; the first one is as good as any. */
function deepestCause(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return deepestCause(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? deepestCause(error.cause) : error
}
