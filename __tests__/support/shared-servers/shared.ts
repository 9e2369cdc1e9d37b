// The shared servers, as a test file sees them.
import { inject } from 'vitest'
import type { RealRegistry } from '../ibm/environment.ts'
import type { KubernetesEndpoint } from '../kubernetes/endpoint.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the server that starts them. */
    sharedServers: string
  }
}

export interface Shared {
  /** An API server without a node. */
  readonly apiserver: KubernetesEndpoint
  /** A cluster with a node, and a registry that holds the images of the fake IBM services. */
  readonly scenarios: { readonly cluster: KubernetesEndpoint; readonly registry: RealRegistry }
}

/** @throws Error when it does not start */
export async function sharedServer<Name extends keyof Shared>(name: Name): Promise<Shared[Name]> {
  const response = await fetch(`${inject('sharedServers')}/${name}`)
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Shared[Name]
}
