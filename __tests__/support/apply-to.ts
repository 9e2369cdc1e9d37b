import type { ApiServer } from '../../src/kubernetes/client.ts'
import { createDiscovery } from '../../src/kubernetes/discovery.ts'
import type { KubernetesObject } from '../../src/kubernetes/object.ts'
import { type Applied, type ApplyOptions, applyObject } from '../../src/workload/apply.ts'
import { place } from '../../src/workload/placement.ts'

/** Applies one object to one namespace, as a run with this manifest does. */
export async function applyTo(
  server: ApiServer,
  namespace: string,
  object: KubernetesObject,
  options: Partial<ApplyOptions> = {},
): Promise<Applied> {
  const [placed] = await place(object, [object], [namespace], createDiscovery(server, [object]))
  if (placed === undefined) throw new Error('it goes nowhere')
  const { signal } = new AbortController()
  return await applyObject(server, placed, { dryRun: false, recreatePods: false, signal, ...options })
}
