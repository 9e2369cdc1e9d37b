import type { KubeConfig } from '@kubernetes/client-node'
import { type ClusterSource, readKubeConfig } from './kubeconfig.ts'

// Loaded at the same time, and then only.
export { problemsOf } from './context-problems.ts'

/**
 * Reads a kubeconfig. Only for one that is not JSON, the parser of YAML is loaded.
 * @throws Error, see readKubeConfig
 */
export async function loadKubeConfig(source: ClusterSource): Promise<KubeConfig> {
  try {
    return readKubeConfig(source, JSON.parse)
  } catch {
    const { loadAll } = await import('js-yaml')
    // As kubectl: of several documents the first one counts, and of duplicate keys the last one.
    return readKubeConfig(source, (text) => loadAll(text, { json: true })[0])
  }
}
