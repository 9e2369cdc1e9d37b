import { NO_PROXIES } from '../../src/http/proxy.ts'
import { connect } from '../../src/kubernetes/client.ts'
import type { Target } from '../../src/pull-secret/target.ts'
import type { TargetSelection } from '../../src/pull-secret/targets.ts'
import { kubeconfig } from './kubernetes/kubeconfig.ts'
import { loadKubeConfig } from './load-kubeconfig.ts'

/** Selects all contexts of a kubeconfig with one context for each server; the namespace of the first context is `shop`. */
export function selectionOf(
  servers: Readonly<Record<string, string>>,
  patterns: readonly string[] = [],
  certificateAuthority = 'authority',
): TargetSelection {
  const [first, ...rest] = Object.entries(servers).map(
    ([context, server]) =>
      ({ context, server, certificateAuthority, user: { token: 'token' }, userName: 'deployer' }) as const,
  )
  if (first === undefined) throw new Error('no context')
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig([{ ...first, namespace: 'shop' }, ...rest]) })
  const contexts = Object.keys(servers)
  return { config, contexts, patterns, selector: undefined, concurrency: 1, proxies: NO_PROXIES }
}

/** These namespaces of each of the servers. */
export function targetsOf(
  servers: Readonly<Record<string, string>>,
  namespaces: readonly string[],
  certificateAuthority?: string,
): Target[] {
  const selection = selectionOf(servers, [], certificateAuthority)
  return selection.contexts.flatMap((context) => {
    const cluster = connect(selection, context, new AbortController().signal)
    return namespaces.map((namespace) => ({ cluster, namespace }))
  })
}
