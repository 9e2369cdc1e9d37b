import type { ErrorCode } from '../core/error-codes.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { PullSecret } from './pod-spec.ts'

/** Why a workload does not run, and what the user can do about it. */
export interface Diagnosis {
  readonly code: ErrorCode
  /** What is blocked, such as `main pull`. As long as it is the same, the problem persists, even if its message changes. */
  readonly subject: string
  readonly reason: string
  readonly hint: string
  readonly severity: Severity
  /** The reason of the kubelet or the controller, such as `CrashLoopBackOff`. */
  readonly serverCode: string | undefined
  /** The one that is not pulled. */
  readonly image?: string
}

/**
 * - `terminal`: waiting does not help.
 * - `transient`: may pass within seconds, and counts as a failure when it does not.
 * - `info`: explains why the workload is not ready, but is no reason to give up.
 */
export type Severity = 'terminal' | 'transient' | 'info'

const SEVERITIES: readonly Severity[] = ['terminal', 'transient', 'info']

/** What the diagnosis of a Pod needs to know in addition to the Pod. */
export interface DiagnosisContext {
  readonly secret: PullSecret | undefined
  /** When the workload was applied, in milliseconds by the clock of the API server. Earlier events say nothing about it. */
  readonly appliedAtMs: number
  /** The events about the Pod; undefined when they cannot be listed. */
  readonly events: readonly ApiObject[] | undefined
  /** The last error of a pull by Pod and container: the message of the back-off that follows it may not repeat it. */
  readonly pullErrors: Map<string, string>
  /** Whether the Pod belongs to a Job, which counts the failures of its Pods itself. */
  readonly isJob: boolean
}

/** The first of the most severe ones. */
export function mostSevere(diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return SEVERITIES.flatMap((severity) => diagnoses.find((one) => one.severity === severity) ?? [])[0]
}
