import { ActionError, type ErrorOptions } from '../core/errors.ts'
import { printable } from '../runner/log.ts'

const MAX_PROBLEM_LENGTH = 500

const FILES_HINT = 'Check the user of that context in the kubeconfig: its files must exist and be readable.'

/** @param problem must not contain a secret */
export function loginError(
  cluster: string,
  problem: string,
  { hint = FILES_HINT, cause }: Pick<ErrorOptions, 'hint' | 'cause'> = {},
): ActionError {
  const text = printable(problem).slice(0, MAX_PROBLEM_LENGTH)
  return new ActionError('cluster-login-failed', `Could not authenticate to the cluster ${cluster}: ${text}`, {
    cause,
    details: { cluster },
    hint,
  })
}
