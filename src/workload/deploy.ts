import { explain, Failure } from '../core/errors.ts'
import { HttpError } from '../http/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import { createDiscovery } from '../kubernetes/discovery.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import type { Stored } from '../pull-secret/read.ts'
import type { Target } from '../pull-secret/write.ts'
import * as log from '../runner/log.ts'
import { type Applied, type ApplyOptions, applyObject, describe, type Placed } from './apply.ts'
import { unpulled } from './cached-image.ts'
import { Observer } from './observer.ts'
import { inOrder, place } from './placement.ts'
import { makesPods, withPullSecret } from './pod-spec.ts'
import { isAwaited, type Settled, settle } from './wait.ts'

/** What runs with the secret. */
export interface DeployInputs {
  readonly objects: readonly KubernetesObject[]
  /** Milliseconds; 0: do not wait. */
  readonly waitTimeout: number
  /** Whether a Pod is deleted and created again when the API server refuses to change it. */
  readonly recreatePods: boolean
}

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

/** A namespace to deploy to, and what its pull secret held before. */
export type DeployTarget = Target & { readonly replaced?: Stored }

/** The secret that Pods pull with, and the registry hosts that it opens. */
export interface DeploySecret {
  readonly name: string
  readonly hosts: readonly string[]
}

/** An object that was applied, or was to be. */
interface Attempt {
  readonly cluster: Cluster
  readonly workload: Workload
  /** Absent when there is nothing to wait for. */
  readonly applied?: Applied
}

/**
 * Applies the manifests to all clusters at once, in each of them in order, then waits for all workloads together. One
 * that fails does not stop the others.
 */
export async function deploy(
  targets: readonly DeployTarget[],
  inputs: DeployInputs,
  secret: DeploySecret | undefined,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Workload[]> {
  const clusters = Map.groupBy(targets, ({ cluster }) => cluster)
  const attempts = await Promise.all(
    [...clusters].map(([cluster, own]) => applyAll(cluster, own, inputs, secret?.name, dryRun, signal)),
  )
  if (inputs.waitTimeout === 0) return attempts.flat().map(({ workload }) => workload)
  const held = targets.flatMap(({ replaced }) => (replaced?.kind === 'present' ? Object.keys(replaced.entries) : []))
  const opened = secret && { name: secret.name, hosts: [...new Set([...secret.hosts, ...held])] }
  return await waitForAll(attempts.flat(), inputs.waitTimeout, opened, signal)
}

/** One object after the other, each in all its namespaces at once: what comes first may be what the next one needs. */
async function applyAll(
  cluster: Cluster,
  targets: readonly DeployTarget[],
  { objects, recreatePods }: DeployInputs,
  secretName: string | undefined,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Attempt[]> {
  const namespaces = targets.map(({ namespace }) => namespace)
  const discover = createDiscovery(cluster, objects)
  const attempts: Attempt[] = []
  for (const object of inOrder(objects)) {
    const complete = secretName === undefined ? object : withPullSecret(object, secretName)
    if (secretName !== undefined && makesPods(object)) warnOfStranger(object, namespaces, secretName)
    try {
      const placed = await place(complete, objects, namespaces, discover)
      attempts.push(
        ...(await Promise.all(placed.map((one) => attempt(cluster, one, { dryRun, recreatePods, signal })))),
      )
    } catch (failure) {
      attempts.push({ cluster, workload: failed(named(cluster, object, namespaces[0] ?? ''), failure) })
    }
  }
  return attempts
}

async function attempt(cluster: Cluster, placed: Placed, options: ApplyOptions): Promise<Attempt> {
  const { dryRun } = options
  const workload = named(cluster, placed.object, placed.namespace)
  try {
    const applied = await applyObject(cluster, placed, options)
    log.info(`${dryRun ? 'Would apply' : 'Applied'} ${describe(applied)} in ${cluster.name}`)
    if (dryRun) return { cluster, workload: { ...workload, result: 'planned' } }
    return { cluster, workload: { ...workload, result: 'applied' }, ...(isAwaited(applied) && { applied }) }
  } catch (failure) {
    const isUnknown = dryRun && placed.isEarly && failure instanceof HttpError && failure.status === 404
    if (isUnknown) return { cluster, workload: { ...workload, result: 'planned', reason: UNCHECKED } }
    return { cluster, workload: failed(workload, failure) }
  }
}

const UNCHECKED = 'not checked: its namespace or its kind comes of the same manifest, and is not there yet'

async function waitForAll(
  attempts: readonly Attempt[],
  timeout: number,
  secret: DeploySecret | undefined,
  signal: AbortSignal,
): Promise<Workload[]> {
  using stage = new DisposableStack()
  const observers = new Map<string, Observer>()
  const observe = ({ cluster, workload: { namespace } }: Attempt) => {
    const key = `${cluster.name}/${namespace}`
    const observer = observers.get(key) ?? stage.use(new Observer(cluster, namespace, signal))
    observers.set(key, observer)
    return observer
  }
  const workloads = await Promise.all(
    attempts.map(async (attempt): Promise<Workload> => {
      const { applied, workload } = attempt
      if (applied === undefined) return workload
      try {
        const settled = await settle(observe(attempt), applied, { timeout, secret, signal })
        return conclude(attempt, applied, settled, timeout)
      } catch (failure) {
        return failed(workload, failure)
      }
    }),
  )
  const ready = attempts.filter((_, index) => workloads[index]?.result === 'ready')
  if (secret !== undefined) await warnOfUnpulled(Map.groupBy(ready, observe), secret)
  return workloads
}

async function warnOfUnpulled(ready: ReadonlyMap<Observer, readonly Attempt[]>, { name, hosts }: DeploySecret) {
  const look = ([observer, attempts]: [Observer, readonly Attempt[]]) =>
    unpulled(
      observer,
      attempts.flatMap(({ applied }) => applied ?? []),
      hosts,
    )
  const [first, ...more] = (await Promise.all([...ready].map(look))).flat()
  if (first === undefined) return
  const which = describe(first) + (more.length > 0 ? ` and ${more.length} more` : '')
  log.warning(
    `The nodes had the image of ${which} already, so that this run does not prove that the secret ${name} opens it. Set \`imagePullPolicy: Always\`, or \`verify-image\`.`,
  )
}

function conclude(
  { cluster, workload }: Attempt,
  applied: Applied,
  { result, reason = 'it gives no reason', cure = CURES[result] }: Settled,
  timeout: number,
): Workload {
  if (result === 'ready') {
    log.info(`${describe(applied)} is ready`)
    return { ...workload, result }
  }
  const what = result === 'timeout' ? `is not ready after ${timeout / 1000} s` : 'does not run'
  const failure = new Failure(`${describe(applied)} in ${cluster.name} ${what}: ${reason}`, { cure })
  return { ...workload, result, reason, failure }
}

const CURES = {
  ready: undefined,
  failed: 'See `kubectl describe` and `kubectl logs`.',
  timeout: 'See `kubectl describe`, or raise `wait-timeout`.',
}

function named(cluster: Cluster, { kind, metadata }: KubernetesObject, namespace: string) {
  return { cluster: cluster.name, namespace, kind, name: metadata.name }
}

function failed(workload: Omit<Workload, 'result'>, failure: unknown): Workload {
  return { ...workload, result: 'failed', reason: explain(failure).join(' '), failure }
}

function warnOfStranger({ kind, metadata }: KubernetesObject, namespaces: readonly string[], secretName: string): void {
  const { name, namespace } = metadata
  if (namespace === undefined || namespaces.includes(namespace)) return
  log.warning(
    `${kind} ${namespace}/${name} is in a namespace that does not get the secret ${secretName}: add it to \`namespaces\`.`,
  )
}
