import { ActionError, actionErrorsOf } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { createDiscovery } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import type { Stored } from '../pull-secret/read.ts'
import type { NamespaceSource, Target } from '../pull-secret/target.ts'
import { info, warning } from '../runner/log.ts'
import { type Applied, type ApplyOptions, applyObject } from './apply.ts'
import { warnAboutCachedImages } from './cached-image.ts'
import { displayName } from './display-name.ts'
import type { NamespaceResult, NamespaceResults } from './namespaces.ts'
import { Observer } from './observer.ts'
import { inApplyOrder, type PlacedObject, placeObject } from './placement.ts'
import { applyPodOfImage } from './pod-security.ts'
import { createsPods, type PullSecret, withAccountSecret, withPullSecret } from './pod-spec.ts'
import type { Recreatable } from './recreate.ts'
import { hasRollout, type SuggestImage, type WaitOptions, waitForWorkload } from './wait.ts'

/** What the workflow wants to deploy. */
export interface DeployInputs {
  readonly objects: readonly KubernetesObject[]
  /** For all workloads together; 0: do not wait. */
  readonly waitTimeoutMs: number
  /** The only object is a Pod that is made of an image. */
  readonly fromImage?: boolean
  /** Delete and create again an object of these kinds when the API server refuses to change it. */
  readonly recreate: readonly Recreatable[]
}

export interface DeployOptions {
  readonly inputs: DeployInputs
  /** Absent when the run writes no secret. */
  readonly secret?: PullSecret | undefined
  /** Targets that failed: nothing is applied there. */
  readonly failed?: readonly Target[]
  /** Namespaces of the manifests that are applied already. */
  readonly namespaces?: NamespaceResults
  readonly dryRun: boolean
  readonly suggestImage?: SuggestImage | undefined
}

/** A namespace to deploy to, and what its pull secret contained before this run. */
export type DeployTarget = Target & { readonly replaced?: Stored; readonly namespaceToCreate?: NamespaceSource }

/** One entry of the output `workloads`. */
export interface WorkloadReport {
  readonly cluster: string
  readonly namespace: string
  readonly kind: string
  readonly name: string
  readonly result: 'ready' | 'failed' | 'timeout' | 'applied' | 'planned'
  readonly reason?: string
}

/** The result of one object of the manifest in one namespace. */
export interface Workload extends WorkloadReport {
  readonly error?: ActionError
}

interface Attempt {
  readonly cluster: Cluster
  readonly workload: Workload
  /** Absent when there is nothing to wait for. */
  readonly applied?: Applied
}

/**
 * Applies the manifest to all clusters, then waits for all workloads. A workload that fails does not stop the others:
 * its error is in its result.
 */
export async function deploy(
  targets: readonly DeployTarget[],
  { inputs, secret, failed: failedTargets = [], namespaces: results, dryRun, suggestImage }: DeployOptions,
  signal: AbortSignal,
): Promise<Workload[]> {
  const { objects, fromImage = false, recreate, waitTimeoutMs } = inputs
  const clusters = Map.groupBy(targets, ({ cluster }) => cluster)
  const deletionDeadlineMs = Date.now() + waitTimeoutMs
  const attempts = await Promise.all(
    [...clusters].map(([cluster, own]) => {
      const namespaces = own.map(({ namespace }) => namespace)
      const created = own.filter((one) => one.namespaceToCreate !== undefined).map(({ namespace }) => namespace)
      const isInCluster = (one: Target) => one.cluster.identity === cluster.identity
      const withheld = failedTargets.filter(isInCluster).map(({ namespace }) => namespace)
      const options = { dryRun, recreate, deletionDeadlineMs, signal }
      const applied = results?.get(cluster.name)
      const manifest = { objects, fromImage, namespaces, created, withheld, applied, secret }
      return applyManifest(cluster, manifest, options)
    }),
  )
  if (waitTimeoutMs === 0) return attempts.flat().map(({ workload }) => workload)
  return await waitForAll(attempts.flat(), {
    timeoutMs: waitTimeoutMs,
    secret: withStoredHosts(secret, targets),
    suggestImage,
    signal,
  })
}

/** The secret keeps its entries for other hosts. */
function withStoredHosts(secret: PullSecret | undefined, targets: readonly DeployTarget[]): PullSecret | undefined {
  const stored = targets.flatMap(({ replaced }) => (replaced?.kind === 'present' ? Object.keys(replaced.entries) : []))
  return secret && { ...secret, hosts: [...new Set([...secret.hosts, ...stored])] }
}

interface Manifest {
  readonly objects: readonly KubernetesObject[]
  readonly fromImage: boolean
  readonly namespaces: readonly string[]
  /** Those that this run created. */
  readonly created: readonly string[]
  /** Those of targets that failed. */
  readonly withheld: readonly string[]
  readonly applied: ReadonlyMap<KubernetesObject, NamespaceResult> | undefined
  readonly secret: PullSecret | undefined
}

/** Applies one object after the other, since a later one may need it; each in all its namespaces at once. */
async function applyManifest(
  cluster: Cluster,
  { objects, fromImage, namespaces, created, withheld, applied, secret }: Manifest,
  options: ApplyOptions,
): Promise<Attempt[]> {
  const discover = createDiscovery(cluster, objects)
  const attempts: Attempt[] = []
  for (const object of inApplyOrder(objects)) {
    const result = applied?.get(object)
    if (result !== undefined) {
      attempts.push({ cluster, workload: { ...identify(cluster, object, ''), ...result } })
      continue
    }
    const known = [...namespaces, ...withheld]
    if (secret !== undefined && createsPods(object)) warnAboutUnmanagedNamespace(object, known, secret.name)
    const complete = secret === undefined ? object : withSecret(object, namespaces, secret)
    try {
      const placed = await placeObject(complete, { objects, namespaces, created, discover })
      const apply = (one: PlacedObject) => applyObject(cluster, one, options)
      const applyEach = fromImage ? (one: PlacedObject) => applyPodOfImage(cluster, one, apply) : apply
      const attempt = (one: PlacedObject) => attemptToApply(cluster, one, { dryRun: options.dryRun, apply: applyEach })
      for (const { namespace } of placed.filter((one) => withheld.includes(one.namespace)))
        info(
          `Did not apply ${displayName(identify(cluster, object, namespace))} in cluster ${cluster.name}: its target failed`,
        )
      const open = placed.filter((one) => !withheld.includes(one.namespace))
      attempts.push(...(await Promise.all(open.map(attempt))))
    } catch (error) {
      attempts.push({ cluster, workload: failed(identify(cluster, object, namespaces[0] ?? ''), error) })
    }
  }
  return attempts
}

function withSecret(object: KubernetesObject, namespaces: readonly string[], secret: PullSecret): KubernetesObject {
  const { namespace } = object.metadata
  const isInTarget = !namespace || namespaces.includes(namespace)
  return withPullSecret(isInTarget ? withAccountSecret(object, secret) : object, secret.name)
}

function warnAboutUnmanagedNamespace(
  { kind, metadata: { name, namespace } }: KubernetesObject,
  namespaces: readonly string[],
  secretName: string,
): void {
  if (!namespace || namespaces.includes(namespace)) return
  warning(
    'unmanaged-namespace',
    `${displayName({ kind, namespace, name })} is in a namespace that does not get secret ${secretName}. Add the namespace to \`namespaces\`.`,
  )
}

async function attemptToApply(
  cluster: Cluster,
  placed: PlacedObject,
  { dryRun, apply }: { readonly dryRun: boolean; readonly apply: (placed: PlacedObject) => Promise<Applied> },
): Promise<Attempt> {
  const workload = identify(cluster, placed.object, placed.namespace)
  try {
    const applied = await apply(placed)
    info(`${dryRun ? 'Would apply' : 'Applied'} ${displayName(applied)} in cluster ${cluster.name}`)
    const { note } = applied
    if (dryRun) return { cluster, workload: { ...workload, result: 'planned', ...(note && { reason: note }) } }
    return { cluster, workload: { ...workload, result: 'applied' }, ...(hasRollout(applied) && { applied }) }
  } catch (error) {
    const isMissing = error instanceof ActionError && error.details.status === 404
    const isUnchecked = dryRun && placed.needsManifest && isMissing
    return { cluster, workload: isUnchecked ? { ...workload, ...UNCHECKED } : failed(workload, error) }
  }
}

const UNCHECKED = {
  result: 'planned',
  reason: 'not checked: its namespace does not exist yet, or the same manifest defines its kind',
} as const

async function waitForAll(attempts: readonly Attempt[], options: WaitOptions): Promise<Workload[]> {
  using disposables = new DisposableStack()
  const observers = new Map<string, Observer>()
  const observerOf = ({ cluster, workload: { namespace } }: Attempt) => {
    const key = `${cluster.name}/${namespace}`
    const observer = observers.get(key) ?? disposables.use(new Observer(cluster, { namespace, signal: options.signal }))
    observers.set(key, observer)
    return observer
  }
  const workloads = await Promise.all(
    attempts.map(async (attempt): Promise<Workload> => {
      const { applied, workload } = attempt
      if (applied === undefined) return workload
      try {
        const outcome = await waitForWorkload(observerOf(attempt), applied, options)
        if (outcome.result === 'ready') info(`${displayName(applied)} is ready`)
        return { ...workload, ...outcome }
      } catch (error) {
        return failed(workload, error)
      }
    }),
  )
  if (options.secret !== undefined) {
    const ready = attempts.filter((_, index) => workloads[index]?.result === 'ready')
    await warnAboutCachedImages(Map.groupBy(ready, observerOf), options.secret)
  }
  return workloads
}

function identify({ name: cluster }: Cluster, { kind, metadata: { name } }: KubernetesObject, namespace: string) {
  return { cluster, namespace, kind, name }
}

function failed(workload: Omit<Workload, 'result'>, thrown: unknown): Workload {
  const [error] = actionErrorsOf(thrown)
  return { ...workload, result: 'failed', ...(error && { error }) }
}
