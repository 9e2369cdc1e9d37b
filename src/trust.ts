import { getCACertificates, rootCertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** No answer that we ask for is larger; a hostile one must not fill the memory. */
const LARGEST_ANSWER = 64 * 1024 * 1024

/**
 * The connections to IBM and registry hosts: the proxies of the environment, and beside the certificates that the
 * system trusts those of the input `ca-certificates` (PEM).
 */
export function createDispatcher(certificates: string | undefined): Dispatcher {
  const ca = [...rootCertificates, ...getCACertificates('system'), ...getCACertificates('extra')]
  const tls = { ca: certificates === undefined ? ca : [...ca, certificates] }
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, maxResponseSize: LARGEST_ANSWER })
}
