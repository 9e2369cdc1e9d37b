// A run whose servers have names, which only a proxy resolves: the proxy records every host that the run contacts.
import { startConnectProxy } from '../support/http/connect-proxy.ts'
import { startFakeIbm } from '../support/ibm/environment.ts'
import { dedicatedInputs } from '../support/ibm/inputs.ts'
import { startFakeApiServer } from '../support/kubernetes/fake-api-server.ts'
import { runStep, type StepOptions, type StepResult } from '../support/runner/runner.ts'

export const DOMAIN = 'dedicated.example'
/** In another domain, and in the certificate of the fake services. It leads to the registry. */
export const ELSEWHERE = 'auth.elsewhere.example'
export const CLUSTER = 'kube.cluster.example'
const NAMESPACE = 'shop'

export type NamedHosts = Awaited<ReturnType<typeof openNamedHosts>>

export async function openNamedHosts(startProxy: typeof startConnectProxy = startConnectProxy) {
  await using resources = new AsyncDisposableStack()
  const ibm = resources.use(await startFakeIbm({ tls: true, domain: DOMAIN, aliases: [ELSEWHERE] }))
  const kube = resources.use(await startFakeApiServer())
  await kube.createNamespace(NAMESPACE)
  const routes = { ...ibm.addresses, [CLUSTER]: kube.url, [ELSEWHERE]: ibm.addresses[`registry.${DOMAIN}`] ?? '' }
  const proxy = resources.use(await startProxy(routes))
  const kubeconfig = kube
    .kubeconfig()
    .replaceAll(kube.url, `https://${CLUSTER}`)
    .replace(/^( +)server: .*$/m, '$&\n$1tls-server-name: localhost')
  const inputs = {
    ...dedicatedInputs(ibm),
    'ca-certificates': ibm.certificateAuthority ?? '',
    'secret-name': 'regcred',
    namespaces: NAMESPACE,
    kubeconfig,
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
  }
  const owned = resources.move()
  return {
    ibm,
    kube,
    proxy,
    inputs,
    /** The names that the inputs have, and those that the log or a warning names. */
    unnamedHosts: ({ log }: StepResult) =>
      proxy.hosts().filter((host) => !JSON.stringify(inputs).includes(host) && !log.includes(host)),
    run: (more: Partial<StepOptions> = {}) =>
      runStep({ env: { HTTPS_PROXY: proxy.address }, ...more, inputs: { ...inputs, ...more.inputs } }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
