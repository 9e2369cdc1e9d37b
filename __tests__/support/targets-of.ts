import { connect } from '../../src/kubernetes/client.ts'
import { loadKubeConfig } from '../../src/kubernetes/kubeconfig.ts'
import type { Place } from '../../src/pull-secret/targets.ts'
import type { Target } from '../../src/pull-secret/write.ts'
import { kubeconfig } from './kubernetes/kubeconfig.ts'

/** All contexts of a kubeconfig, by their servers; the namespace of the first one is `shop`. */
export function placeOf(
  servers: Readonly<Record<string, string>>,
  patterns: readonly string[] = [],
  certificateAuthority = 'authority',
): Place {
  const [first, ...rest] = Object.entries(servers).map(
    ([context, server]) => ({ context, server, certificateAuthority, user: { token: 'token' } }) as const,
  )
  if (first === undefined) throw new Error('no context')
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig([{ ...first, namespace: 'shop' }, ...rest]) })
  return { config, contexts: Object.keys(servers), patterns, selector: undefined }
}

/** These namespaces of each of the servers. */
export function targetsOf(
  servers: Readonly<Record<string, string>>,
  namespaces: readonly string[],
  certificateAuthority?: string,
): Target[] {
  const { config, contexts } = placeOf(servers, [], certificateAuthority)
  return contexts.flatMap((context) => {
    const cluster = connect(config, context, 1, new AbortController().signal)
    return namespaces.map((namespace) => ({ cluster, namespace }))
  })
}
