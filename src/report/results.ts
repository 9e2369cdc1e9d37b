import type { ActionError } from '../core/errors.ts'
import { formatCount, MAX_LISTED, tally } from '../core/format.ts'
import { isFailed, type ServiceAccountOutcome, type TargetOutcome } from '../pull-secret/target.ts'

/** One entry of the output `targets`. */
export interface TargetResult {
  readonly cluster: string
  readonly namespace: string
  readonly secret: string
  readonly result: TargetOutcome['status']
  readonly serviceAccounts: readonly ServiceAccountOutcome[]
  readonly error?: string
}

/** @param fieldsOf what a failed target has in addition, by its error */
export function targetResult<T extends object>(
  outcome: TargetOutcome,
  secret: string | undefined,
  fieldsOf: (error: ActionError) => T,
) {
  return {
    cluster: outcome.cluster.name,
    namespace: outcome.namespace,
    secret: secret ?? '',
    result: outcome.status,
    serviceAccounts: outcome.serviceAccounts ?? [],
    ...(isFailed(outcome) && fieldsOf(outcome.error)),
  }
}

interface Result {
  readonly result: string
}

/** What needs a person comes first, then what has changed. */
export function inOrder<T extends Result>(all: readonly T[]): T[] {
  const rank = (one: Result) => (isFailedResult(one) ? 0 : one.result === 'unchanged' ? 2 : 1)
  return all.toSorted((one, other) => rank(one) - rank(other))
}

/** Whether it needs a person. */
export function isFailedResult({ result }: Result): boolean {
  return result === 'failed' || result === 'timeout'
}

/** `1,000 targets: 3 failed, 997 unchanged`; empty for a few, which are all shown. */
export function totalOf(all: readonly Result[], noun: string): string {
  if (all.length <= MAX_LISTED) return ''
  return `${formatCount(all.length, noun)}: ${tally(inOrder(all).map(({ result }) => result))}`
}

/** The result of a target with those of its service accounts. */
export function whole({ result, serviceAccounts }: Pick<TargetResult, 'serviceAccounts'> & Result): string {
  const accounts = serviceAccounts.map((account) => `${account.name} ${account.result}`).join(', ')
  return accounts === '' ? result : `${result}; service accounts: ${accounts}`
}

export function withReason(result: string, reason: string | undefined): string {
  return reason === undefined ? result : `${result}: ${reason}`
}
