import { reason } from '../core/errors.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { failedTarget, isReady, type TargetState } from '../pull-secret/target.ts'
import type { NamespaceResult, NamespaceResults } from '../workload/namespaces.ts'
import { isNamespace } from '../workload/placement.ts'
import type { RunContext } from './context.ts'

export interface CreatedNamespaces {
  /** A target whose namespace could not be created has failed. */
  readonly targets: readonly TargetState[]
  /** Of the Namespaces in the manifests: they are not applied again. */
  readonly namespaces: NamespaceResults
}

/**
 * Creates the namespaces of targets that do not exist. This comes after the verification of the credential: nothing is
 * written when that fails.
 */
export async function createNamespaces(
  { inputs, signal }: RunContext,
  targets: readonly TargetState[],
): Promise<CreatedNamespaces> {
  const { dryRun, deploy } = inputs
  const declared = deploy?.objects.filter(isNamespace) ?? []
  const namespaces = new Map<string, Map<KubernetesObject, NamespaceResult>>()
  const created = targets.map(async (target): Promise<TargetState> => {
    if (!isReady(target) || target.namespaceToCreate === undefined) return target
    const { cluster, namespace: name } = target
    const results = namespaces.get(cluster.name) ?? new Map<KubernetesObject, NamespaceResult>()
    namespaces.set(cluster.name, results)
    const own = target.namespaceToCreate === 'manifest' ? declared.filter(({ metadata }) => metadata.name === name) : []
    try {
      const { applyNamespace, createNamespace } = await import('../workload/namespaces.ts')
      if (own.length === 0) await createNamespace(cluster, name, dryRun)
      else await applyNamespace(cluster, own, { dryRun, signal })
      for (const object of own) results.set(object, { result: dryRun ? 'planned' : 'applied' })
      return target
    } catch (error) {
      for (const object of own) results.set(object, { result: 'failed', reason: reason(error) })
      return failedTarget(target, error)
    }
  })
  return { targets: await Promise.all(created), namespaces }
}
