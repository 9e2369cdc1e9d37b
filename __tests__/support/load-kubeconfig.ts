import type { KubeConfig } from '@kubernetes/client-node'
import { load } from 'js-yaml'
import { type ClusterSource, readKubeConfig } from '../../src/kubernetes/kubeconfig.ts'

/** Reads a kubeconfig at once. A run loads the parser of YAML first, when it needs one. */
export function loadKubeConfig(source: ClusterSource): KubeConfig {
  return readKubeConfig(source, load)
}
