import type { ApiServer } from '../../src/kubernetes/client.ts'
import { createDiscovery } from '../../src/kubernetes/discovery.ts'
import type { KubernetesObject } from '../../src/kubernetes/object.ts'
import { type Applied, type ApplyOptions, applyObject } from '../../src/workload/apply.ts'
import { placeObject } from '../../src/workload/placement.ts'

/** Applies one object to one namespace, like a run with this manifest. */
export async function applyTo(
  server: ApiServer,
  namespace: string,
  object: KubernetesObject,
  options: Partial<ApplyOptions> = {},
): Promise<Applied> {
  const placement = { objects: [object], namespaces: [namespace], discover: createDiscovery(server, [object]) }
  const [placed] = await placeObject(object, placement)
  if (placed === undefined) throw new Error('the object has no destination')
  const { signal } = new AbortController()
  return await applyObject(server, placed, { dryRun: false, recreate: [], signal, ...options })
}
