import { type ActionError, actionErrorOf } from '../core/errors.ts'
import type { Cluster } from '../kubernetes/client.ts'
import type { Stored, StoredSecret } from './read.ts'

/** Where one pull secret belongs. */
export interface Target {
  readonly cluster: Cluster
  readonly namespace: string
}

/** A target as it was observed before anything is written. */
export type TargetState = (ReadyTarget | FailedTarget) & {
  /** Whether its namespace may have to be created: the user may not read whether it exists. */
  readonly isNamespaceUnknown?: boolean
}

/** A target that can be written, and what it holds. */
export interface ReadyTarget extends Target {
  readonly status: 'ready'
  readonly stored: Stored
  /** Present when the namespace did not exist. */
  readonly namespaceToCreate?: NamespaceSource
}

/** Who names a namespace that is to be created: a Namespace in the manifests, or only the input `namespaces`. */
export type NamespaceSource = 'manifest' | 'input'

/** A target that cannot be used, and why. */
export interface FailedTarget extends Target {
  readonly status: 'failed'
  readonly error: ActionError
  /** Whether it may hold the new credential all the same: a response can be lost after the server has acted. */
  readonly mayHold: boolean
  /** What it held when it was last read; undefined when it could not be read. */
  readonly stored: Stored | undefined
}

/** The result of one target. */
export type TargetOutcome = (WrittenTarget | FailedTarget) & {
  /** Of those that were asked for. */
  readonly serviceAccounts?: readonly ServiceAccountOutcome[]
}

/** A target that holds the credential, or would hold it after the dry run. */
export interface WrittenTarget extends Target {
  readonly status: 'created' | 'updated' | 'unchanged' | 'planned'
  /** What it held before. */
  readonly replaced: Stored
  /** Present when the namespace did not exist: after a dry run it still does not. */
  readonly namespaceToCreate?: NamespaceSource
}

/** The result of one service account. */
export interface ServiceAccountOutcome {
  readonly name: string
  readonly result: 'updated' | 'unchanged' | 'planned' | 'failed'
}

export function failedTarget(
  { cluster, namespace, stored }: Target & { readonly stored?: Stored | undefined },
  thrown: unknown,
  mayHold = false,
): FailedTarget {
  return { cluster, namespace, status: 'failed', error: actionErrorOf(thrown), mayHold, stored }
}

export function isReady(target: TargetState): target is ReadyTarget {
  return target.status === 'ready'
}

export function isFailed<T extends { readonly status: string }>(target: T): target is Extract<T, { status: 'failed' }> {
  return target.status === 'failed'
}

/** A target that holds a secret of this action. */
export type MarkableTarget = ReadyTarget & { readonly stored: StoredSecret }

/** Whether a pending rotation can be recorded in it. */
export function isMarkable(target: TargetState): target is MarkableTarget {
  return target.status === 'ready' && target.stored.kind === 'present' && target.stored.ours
}

export function isSamePlace(one: Target, other: Target): boolean {
  return one.cluster.identity === other.cluster.identity && one.namespace === other.namespace
}
