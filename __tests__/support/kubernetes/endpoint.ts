import type { KubernetesServer } from './server.ts'

/** What the administrator of a server needs, also in another process. */
export type KubernetesEndpoint = Pick<KubernetesServer, 'name' | 'url' | 'certificateAuthority' | 'adminToken'>

export function endpointOf({ name, url, certificateAuthority, adminToken }: KubernetesEndpoint): KubernetesEndpoint {
  return { name, url, certificateAuthority, adminToken }
}
