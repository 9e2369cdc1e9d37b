import type { ErrorCode } from '../core/error-codes.ts'
import { ActionError } from '../core/errors.ts'
import type { Applied } from './apply.ts'
import type { Diagnosis } from './diagnosis.ts'
import { displayName } from './display-name.ts'
import type { RolloutState } from './rollout.ts'

type UnreadyState = Exclude<RolloutState, { status: 'ready' }>

/** Why a workload is not ready. */
export interface Problem {
  readonly result: 'failed' | 'timeout'
  /** Undefined when nothing more specific is known than the result. */
  readonly code: ErrorCode | undefined
  /** Quotes the kubelet or the controller. */
  readonly reason: string
  readonly hint: string | undefined
  /** The reason of the kubelet or the controller, such as `CrashLoopBackOff`. */
  readonly serverCode: string | undefined
  /** The one that is not pulled. */
  readonly image?: string | undefined
}

/** The problem in the state of a workload and in the diagnosis of its Pods. */
export function problemOf(
  { groupKind }: Applied,
  state: UnreadyState,
  diagnosis: Diagnosis | undefined,
): Omit<Problem, 'result'> {
  const specific = state.status === 'failed' && state.code !== undefined ? state : undefined
  return {
    code: specific?.code ?? diagnosis?.code,
    reason: reasonOf(groupKind, state, diagnosis),
    hint: (state.status === 'failed' ? state.hint : undefined) ?? diagnosis?.hint,
    image: diagnosis?.image,
    serverCode: specific ? specific.serverCode : (diagnosis?.serverCode ?? state.serverCode),
  }
}

/** The state of a waiting Pod adds nothing to the reason of its container; that of other workloads is their progress. */
function reasonOf(groupKind: string, state: UnreadyState, diagnosis: Diagnosis | undefined): string {
  if (groupKind !== 'v1 Pod') return [state.reason, diagnosis?.reason].filter(Boolean).join(': ')
  return (state.status === 'waiting' && diagnosis?.reason) || state.reason
}

const DEFAULT_CODES = { failed: 'workload-failed', timeout: 'workload-timeout' } as const

const DEFAULT_HINTS = {
  failed: 'See `kubectl describe` and `kubectl logs`.',
  timeout: 'See `kubectl describe`, or raise `wait-timeout`.',
}

interface ProblemContext {
  readonly cluster: string
  readonly timeoutMs: number
  /** What the user may not list, and may show the reason. */
  readonly notListed: readonly string[]
}

export function problemError(
  applied: Applied,
  { result, code = DEFAULT_CODES[result], reason, hint = DEFAULT_HINTS[result], serverCode }: Problem,
  { cluster, timeoutMs, notListed }: ProblemContext,
): ActionError {
  const { namespace, resource } = applied
  const outcome = result === 'timeout' ? `was not ready within ${timeoutMs / 1000} s` : 'failed'
  const message = `${displayName(applied)} in cluster ${cluster} ${outcome}: ${reason}`
  return new ActionError(code, message, {
    hint: withPermissions(hint, notListed),
    details: { cluster, namespace, resource, serverCode },
  })
}

function withPermissions(hint: string, notListed: readonly string[]): string {
  if (notListed.length === 0) return hint
  return `${hint} The kubeconfig user is not allowed to list or watch what may show the reason: ${notListed.join(', ')}.`
}
