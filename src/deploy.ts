import type { Target } from './cluster/pull-secret.ts'
import { explain, Failure } from './errors.ts'
import type { DeployInputs } from './inputs/deploy.ts'
import * as log from './log.ts'
import { type Applied, applyObject, describe } from './workload/apply.ts'
import { type KubernetesObject, withPullSecret } from './workload/manifest.ts'
import { waitForPod } from './workload/wait.ts'

/** One entry of the output `workloads`. */
export interface WorkloadReport {
  readonly cluster: string
  readonly namespace: string
  readonly kind: string
  readonly name: string
  readonly result: 'ready' | 'failed' | 'timeout' | 'applied' | 'planned'
  readonly reason?: string
}

/** What became of one object of the manifests. */
export interface Workload extends WorkloadReport {
  readonly failure?: unknown
}

/**
 * Applies the manifests, then waits for their Pods, all together. An object without a namespace goes to the namespace of
 * every target. One that fails does not stop the others.
 */
export async function deploy(
  targets: readonly Target[],
  { objects, waitTimeout, recreatePods }: DeployInputs,
  secretName: string | undefined,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Workload[]> {
  const settling: (Workload | Promise<Workload>)[] = []
  for (const target of targets) {
    for (const object of objects.filter((one) => belongsTo(one, target, targets))) {
      const complete = secretName === undefined ? object : withPullSecret(object, secretName)
      if (complete !== object) warnOfStranger(object, target, targets, secretName)
      try {
        const applied = await applyObject(target.cluster, complete, target.namespace, { dryRun, recreatePods, signal })
        log.info(`${dryRun ? 'Would apply' : 'Applied'} ${describe(applied)} in ${target.cluster.name}`)
        settling.push(settle(target, applied, dryRun ? 'dry run' : waitTimeout, signal))
      } catch (failure) {
        settling.push(failed(target, object, failure))
      }
    }
  }
  return await Promise.all(settling)
}

async function settle(
  target: Target,
  applied: Applied,
  timeout: number | 'dry run',
  signal: AbortSignal,
): Promise<Workload> {
  const { kind, name, namespace } = applied
  const workload = { cluster: target.cluster.name, namespace, kind, name }
  if (timeout === 'dry run') return { ...workload, result: 'planned' }
  if (kind !== 'Pod' || timeout === 0) return { ...workload, result: 'applied' }
  try {
    const { result, reason } = await waitForPod(target.cluster, applied, timeout, signal)
    if (result === 'ready') {
      log.info(`${describe(applied)} is ready`)
      return { ...workload, result }
    }
    const why = reason ?? 'it gives no reason'
    const what = result === 'timeout' ? `is not ready after ${timeout / 1000} s` : 'does not run'
    const failure = new Failure(`${describe(applied)} in ${target.cluster.name} ${what}: ${why}`, {
      cure: CURES[result],
    })
    return { ...workload, result, reason: why, failure }
  } catch (failure) {
    return failed(target, { ...applied, metadata: { name, namespace } }, failure)
  }
}

const CURES = {
  failed:
    'The credential was proven before: compare the registry host of the image with those of the secret, then the name and the tag.',
  timeout: 'See `kubectl describe pod`, or raise `wait-timeout`.',
}

function failed(target: Target, object: Pick<KubernetesObject, 'kind' | 'metadata'>, failure: unknown): Workload {
  return {
    cluster: target.cluster.name,
    namespace: object.metadata.namespace ?? target.namespace,
    kind: object.kind,
    name: object.metadata.name,
    result: 'failed',
    reason: explain(failure).join(' '),
    failure,
  }
}

/** An object that names its namespace is applied once in each cluster, whatever the targets. */
function belongsTo(object: KubernetesObject, target: Target, targets: readonly Target[]): boolean {
  const { namespace } = object.metadata
  if (namespace === undefined || namespace === target.namespace) return true
  const ofCluster = targets.filter(({ cluster }) => cluster === target.cluster)
  return ofCluster[0] === target && !ofCluster.some((one) => one.namespace === namespace)
}

function warnOfStranger(
  { kind, metadata }: KubernetesObject,
  { namespace }: Target,
  targets: readonly Target[],
  secretName: string | undefined,
): void {
  const home = metadata.namespace ?? namespace
  if (targets.some((target) => target.namespace === home)) return
  log.warning(
    `${kind} ${home}/${metadata.name} is in a namespace that does not get the secret ${secretName}: add it to \`namespaces\`.`,
  )
}
