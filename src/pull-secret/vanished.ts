import { HttpError } from '../http/errors.ts'
import { info } from '../runner/log.ts'
import { logTerminating, type NamespaceChoice } from './namespaces.ts'
import { type FailedTarget, isFailed, type Target, type TargetOutcome, type TargetState } from './target.ts'

/**
 * Leaves out the targets that failed because their namespaces were deleted during the run, or are terminating, as the list at
 * its start would have. A namespace that the input names stays an error, and so do all of them when nothing else is left.
 */
export function withoutVanished<T extends TargetState | TargetOutcome>(
  targets: readonly T[],
  choice: NamespaceChoice | undefined,
): T[] {
  const isSkipped = (target: TargetState | TargetOutcome): target is FailedTarget =>
    isFailed(target) && isVanished(target) && !isNamed(target, choice)
  const staying = targets.filter((target) => !isSkipped(target))
  if (staying.length === 0) return [...targets]
  for (const target of targets) if (isSkipped(target)) logSkipped(target)
  return staying
}

function isVanished(target: FailedTarget): boolean {
  return isTerminating(target) || isMissing(target)
}

function isTerminating({ error }: FailedTarget): boolean {
  return error.code === 'namespace-terminating'
}

/** The API server names what it did not find: a secret that is missing is another error. */
function isMissing({ namespace, error }: FailedTarget): boolean {
  if (error.code === 'namespace-not-found') return namespace !== '*'
  return (
    error instanceof HttpError && error.status === 404 && error.serverMessage.startsWith(`namespaces "${namespace}"`)
  )
}

/** Without patterns it is the namespace of the context. A selector may leave out any name. */
function isNamed({ namespace }: Target, choice: NamespaceChoice | undefined): boolean {
  if (choice === undefined || choice.creation?.inManifest.has(namespace)) return true
  const { patterns, selector } = choice
  return selector === undefined && (patterns.length === 0 || patterns.includes(namespace))
}

function logSkipped(target: FailedTarget): void {
  const { cluster, namespace } = target
  if (isTerminating(target)) logTerminating(cluster, namespace)
  else info(`Skipped namespace ${namespace} of cluster ${cluster.name}: it was deleted during the run.`)
}
