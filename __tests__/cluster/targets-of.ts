import { loadKubeConfig } from '../../src/cluster/kubeconfig.ts'
import type { Target } from '../../src/cluster/pull-secret.ts'
import { resolveTargets } from '../../src/cluster/targets.ts'
import { kubeconfig } from '../servers/kubeconfig.ts'

/** The targets of a kubeconfig with these contexts, by their servers; the namespace of the first one is `shop`. */
export function targetsOf(
  servers: Readonly<Record<string, string>>,
  namespaces: readonly string[] = [],
  certificateAuthority = 'authority',
): Target[] {
  const [first, ...rest] = Object.entries(servers).map(
    ([context, server]) => ({ context, server, certificateAuthority, user: { token: 'token' } }) as const,
  )
  if (first === undefined) throw new Error('no context')
  const config = loadKubeConfig({ kind: 'text', text: kubeconfig([{ ...first, namespace: 'shop' }, ...rest]) })
  return resolveTargets({ config, contexts: Object.keys(servers), namespaces }, 1, new AbortController().signal)
}
