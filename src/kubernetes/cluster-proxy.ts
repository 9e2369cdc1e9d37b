import type { Cluster } from '@kubernetes/client-node'
import { ActionError } from '../core/errors.ts'
import { isLoopback } from '../http/address.ts'
import { createProxyChoice, type Proxies, parseProxyUrl } from '../http/proxy.ts'

/**
 * The proxy to an API server; undefined: connect directly. The `proxy-url` of the kubeconfig takes precedence over the environment,
 * also for loopback addresses: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster
 * @param context its name
 * @param proxies of the environment
 * @throws ActionError when the proxy would see credentials in clear text
 */
export function clusterProxy(
  context: string,
  { server, proxyUrl }: Pick<Cluster, 'server' | 'proxyUrl'>,
  proxies: Proxies,
): URL | undefined {
  const url = new URL(server)
  if (!proxyUrl) return createProxyChoice(proxies)(url)
  const proxy = parseProxyUrl(proxyUrl)
  if (proxy !== undefined && (url.protocol === 'https:' || isLoopback(proxy.hostname))) return proxy
  const problem =
    proxy === undefined ? 'its `proxy-url` is not the URL of a proxy' : `${url.origin} is not https, and has a proxy`
  throw new ActionError('insecure-endpoint', `Could not connect to the cluster ${context}: ${problem}`, {
    details: { cluster: context, host: url.host },
    hint: 'Use an https address, or remove the `proxy-url` of the cluster from the kubeconfig.',
  })
}
