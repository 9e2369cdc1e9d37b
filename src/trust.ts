import { getCACertificates, rootCertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { LARGEST_ANSWER } from './http.ts'

/**
 * The connections to IBM and registry hosts: the proxies of the environment, and beside the certificates that the
 * system trusts those of the input `ca-certificates` (PEM).
 */
export function createDispatcher(certificates: string | undefined): Dispatcher {
  const ca = [...rootCertificates, ...getCACertificates('system'), ...getCACertificates('extra')]
  const tls = { ca: certificates === undefined ? ca : [...ca, certificates] }
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, maxResponseSize: LARGEST_ANSWER })
}
