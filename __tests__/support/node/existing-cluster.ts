// A cluster that was there before, whose node has the same loopback as the tests: kind's, in the node's network.
import { administrator } from '../kubernetes/administrator.ts'
import type { KubernetesServer } from '../kubernetes/server.ts'

/** @returns undefined when the environment names none */
export function existingCluster(): KubernetesServer | undefined {
  const { PODS_KUBE_SERVER: url, PODS_KUBE_CA: certificateAuthority, PODS_KUBE_TOKEN: adminToken } = process.env
  if (!url || !certificateAuthority || !adminToken) return undefined
  const endpoint = { name: 'existing cluster', url, certificateAuthority, adminToken }
  const { connections, ...actions } = administrator(endpoint)
  return { ...endpoint, ...actions, [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose]() }
}
