import { delay } from '../core/abort.ts'
import { ActionError } from '../core/errors.ts'
import { HttpError } from '../http/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import { groupKind, type KubernetesObject, uidOf } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'
import { displayName, type NamedObject } from './display-name.ts'
import { isFinishedJob } from './rollout.ts'

/** A kind whose objects can be deleted and created again. */
export type Recreatable = 'v1 Pod' | 'batch Job'

interface RecreationRule {
  /** What the API server returns for a change that only a new object can have. */
  readonly pattern: RegExp
  readonly hint: string
  /** For an object that failed: nothing runs it again. */
  readonly failedHint: string
}

const RULES: Readonly<Record<Recreatable, RecreationRule>> = {
  // https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement
  'v1 Pod': {
    pattern: /pod updates may not/,
    failedHint: 'Nothing runs a Pod that failed again. Set `recreate-pods: true`, delete it, or use a Deployment.',
    hint: 'Most fields of a Pod cannot be changed. Set `recreate-pods: true`, or use a Deployment, which creates new Pods.',
  },
  // https://kubernetes.io/docs/concepts/workloads/controllers/job/: the Pod template of a Job is immutable.
  'batch Job': {
    pattern: /field is immutable/,
    failedHint:
      'Nothing runs a Job that failed again. Set `recreate-jobs: true`, delete it, or give it a new name for each run.',
    hint: 'The Pod template of a Job cannot be changed, neither its image nor its `imagePullSecrets`. Set `recreate-jobs: true`, set `ttlSecondsAfterFinished` in the Job, so the cluster deletes it when it has finished, or give the Job a new name for each run.',
  },
}

/** What helps when the API server refuses a change of the object; undefined when its kind is not special. */
export function recreationHint(object: KubernetesObject): string | undefined {
  return ruleOf(object)?.hint
}

/** What helps when the object failed before this run. */
export function failedHint(groupKind: string): string | undefined {
  return Object.hasOwn(RULES, groupKind) ? RULES[groupKind as Recreatable].failedHint : undefined
}

/** Whether the API server refuses a change that a new object of the same name can have. */
export function isRefusedChange(object: KubernetesObject, error: unknown): error is HttpError {
  const pattern = ruleOf(object)?.pattern
  return error instanceof HttpError && error.status === 422 && pattern?.test(error.serverMessage) === true
}

function ruleOf(object: KubernetesObject): RecreationRule | undefined {
  const kind = groupKind(object)
  return Object.hasOwn(RULES, kind) ? RULES[kind as Recreatable] : undefined
}

interface RefusedChange {
  readonly object: KubernetesObject
  readonly stored: StoredObject
  readonly refusal: HttpError
  /** Only checks that the object may be deleted. */
  readonly dryRun: boolean
}

type StoredObject = NamedObject & { readonly path: string }

/**
 * Deletes an object that the API server refuses to change, and waits until its name is free.
 * @throws ActionError for a Job that has not finished: its Pods are at work
 */
export async function deleteRefused(
  server: ApiServer,
  { object, stored, refusal, dryRun }: RefusedChange,
  signal: AbortSignal,
): Promise<void> {
  const isJob = groupKind(object) === 'batch Job'
  const body = isJob ? await jobDeletion(server, stored, refusal) : undefined
  if (dryRun) return
  info(`The API server refused to change ${displayName(stored)}: deleting and creating it again`)
  await deleteObject(server, { isJob, stored, body }, signal)
}

/** Deletes a Job or a Pod that failed before this run, and waits until its name is free. */
export async function deleteFailed(
  server: ApiServer,
  { groupKind: kind, uid, ...stored }: StoredObject & { readonly groupKind: string; readonly uid: string },
  signal: AbortSignal,
): Promise<void> {
  const isJob = kind === 'batch Job'
  info(`${displayName(stored)} failed before this run: deleting and creating it again`)
  await deleteObject(server, { isJob, stored, body: deletionOptions(uid, isJob) }, signal)
}

interface Deletion {
  readonly isJob: boolean
  readonly stored: StoredObject
  readonly body: object | undefined
}

async function deleteObject(server: ApiServer, { isJob, stored, body }: Deletion, signal: AbortSignal): Promise<void> {
  const operation = `delete ${displayName(stored)} in cluster ${server.name}`
  const hints = () => ({
    403: `Grant the verb delete on ${isJob ? 'jobs' : 'pods'} to the kubeconfig user of this cluster.`,
  })
  const { path } = stored
  await server.request({ operation, method: 'DELETE', path, expectedStatuses: [404], hints, ...(body && { body }) })
  while ((await server.request({ operation, path, expectedStatuses: [404] })).status !== 404)
    await delay(POLL_INTERVAL_MS, operation, signal)
}

const POLL_INTERVAL_MS = 500

/**
 * How to delete a Job that has finished, and its Pods before it:
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion.
 */
async function jobDeletion(server: ApiServer, job: StoredObject, refusal: HttpError): Promise<object> {
  const name = displayName(job)
  const response = await server.request({
    operation: `read ${name} in cluster ${server.name}`,
    path: job.path,
    expectedStatuses: [404],
    hints: () => ({ 403: 'Grant the verb get on jobs to the kubeconfig user of this cluster.' }),
  })
  const live = response.status === 404 ? undefined : response.json()
  if (live !== undefined && !isFinishedJob(live)) {
    throw new ActionError(refusal.code, `${refusal.message}. ${name} has not finished, so it is not deleted`, {
      hint: 'Run again when the Job has finished, delete it yourself, or give it a new name for each run.',
      details: refusal.details,
      cause: refusal,
    })
  }
  return deletionOptions(live && uidOf(live), true)
}

/** @param uid another object of this name may be running by now */
function deletionOptions(uid: string | undefined, isJob: boolean): object {
  const propagation = isJob && { propagationPolicy: 'Foreground' }
  return { kind: 'DeleteOptions', apiVersion: 'v1', ...propagation, ...(uid && { preconditions: { uid } }) }
}
